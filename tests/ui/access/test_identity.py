"""No name, number, date or file name of the patient in a file is found anywhere afterwards."""

import json
import logging
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from pydicom.datadict import DicomDictionary
from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from feedback_db.export import export
from feedback_db.studies import drafts
from feedback_db.training import versions
from ui.desk.add_command import main

NAME, NUMBER, DAY, UID = "MARKERXYZ", "777888999", "19711231", "1.2.826.0.1.777888999"
FOUND = (NAME, NUMBER, DAY, "1971-12-31", "77Y")
_VALUES = {
    **dict.fromkeys(("LO", "SH", "LT", "ST", "UT", "UC", "UR", "CS", "AE"), NAME),
    **{"PN": f"{NAME}^JANE", "UI": UID, "DA": DAY, "DT": f"{DAY}101112", "TM": "101112", "AS": "077Y"},
    **{"IS": NUMBER, "DS": NUMBER, "UN": NAME.encode(), "OB": f"{NAME} ".encode()},
}
# What makes the file a radiograph at all stays what it is.
_NEEDED = {"SOPClassUID", "Modality", "PhotometricInterpretation", "SpecificCharacterSet"}


def file_full_of(grey: np.ndarray, day: str = DAY, study: str = UID) -> bytes:
    """A DX image with a value in every element of the standard's dictionary that can take one; made on ``day``."""
    dataset = Dataset()
    dataset.file_meta = FileMetaDataset()
    dataset.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    dataset.file_meta.MediaStorageSOPInstanceUID = UID
    dataset.file_meta.ImplementationVersionName = NAME
    dataset.file_meta.SourceApplicationEntityTitle = NAME
    for tag, (vr, _, _, _, keyword) in DicomDictionary.items():
        if tag >> 16 in (0x0000, 0x0002, 0xFFFE, 0x7FE0) or keyword in _NEEDED:
            continue
        if vr in _VALUES and not (tag >> 16 == 0x0028 and vr in ("IS", "DS", "CS", "UN", "OB")):
            dataset.add(DataElement(tag, vr, _VALUES[vr]))
        elif vr == "SQ" and "LUT" not in keyword and tag >> 16 != 0x0004:
            item = Dataset()
            item.PatientName, item.PatientID = f"{NAME}^JANE", NAME
            dataset.add(DataElement(tag, vr, [item]))
    block = dataset.private_block(0x0011, NAME, create=True)
    block.add_new(1, "LO", NAME)
    dataset.SOPClassUID = dataset.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.1.1"
    dataset.StudyDate, dataset.StudyInstanceUID = day, study
    dataset.Modality, dataset.PhotometricInterpretation = "DX", "MONOCHROME2"
    dataset.Rows, dataset.Columns, dataset.SamplesPerPixel = *grey.shape, 1
    dataset.BitsAllocated = dataset.BitsStored = 8
    dataset.HighBit, dataset.PixelRepresentation = 7, 0
    dataset.PixelData = grey.tobytes()
    file = BytesIO()
    dataset.save_as(file, enforce_file_format=True)
    return file.getvalue()


def everything_in(folder: Path) -> bytes:
    return b"\n".join(
        str(path.relative_to(folder)).encode() + path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    )


def sign(reader, services, study: int) -> None:
    said = {"text": "The heart is enlarged.", "draft_index": None, "state": "added"}
    with services.database.session() as session:
        live = versions.live(session).id
        report = {"sentences": [{"text": "Drafted."}]}
        draft = drafts.add(session, study_id=study, model_version_id=live, text="Drafted.", report=report).id
    reading = reader.post(f"/api/studies/{study}/reading", json={"draft_id": draft}).json()["id"]
    body = {"revision": 0, "text": said["text"], "sentences": [said], "active_seconds": 5}
    assert reader.put(f"/api/readings/{reading}", json=body).status_code == 200
    body = {"revision": 1, "agreement": 2, "active_seconds": 5}
    assert reader.post(f"/api/readings/{reading}/sign", json=body).status_code == 200


@pytest.fixture
def command(services, monkeypatch):
    """``app.py add`` over the same data folder as the browser's."""
    monkeypatch.setenv("LMRRG_DATA_FOLDER", str(services.settings.data_folder))
    monkeypatch.setenv("LMRRG_DATABASE_URL", "")
    return main


def test_nothing_of_an_identity_stays(command, services, reader, tmp_path, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    grey = np.arange(100, dtype=np.uint8).reshape(10, 10)
    uploaded = file_full_of(grey)
    assert uploaded.count(NAME.encode()) > 2000
    answer = reader.post("/api/studies", files={"file": (f"{NAME}^JANE_{DAY}.dcm", uploaded)})
    assert answer.status_code == 200, answer.text
    inbox = tmp_path / f"{NAME} {NUMBER}"
    inbox.mkdir()
    (inbox / f"{NAME}.dcm").write_bytes(file_full_of(grey[::-1].copy()))
    assert command([str(inbox), "--patients", "folder"]) == 0
    assert command([str(inbox)]) == 0

    seen = [answer.text, *(record.getMessage() for record in caplog.records), *capfd.readouterr()]
    page = reader.get("/api/studies").json()
    assert page["total"] == 2
    for row in page["rows"]:
        told = reader.get(f"/api/studies/{row['id']}")
        seen += [json.dumps(row), told.text]
        for image in told.json()["images"]:
            address = f"/api/studies/{row['id']}/images/{image['id']}/pixels"
            seen.append(str(reader.get(address).headers))
    sign(reader, services, answer.json()["id"])
    kept = everything_in(services.settings.data_folder)
    for format in ("jsonl", "csv"):
        with services.database.reading_session() as session:
            assert export(session, to=tmp_path / "out" / format, format=format)["reports"] == 1
    kept += everything_in(tmp_path / "out")
    for marker in FOUND:
        assert marker.encode() not in kept
        assert not any(marker in text for text in seen)


def test_the_original_stays_only_where_the_site_says_so(command, services, monkeypatch, tmp_path):
    one = tmp_path / "one"
    one.write_bytes(file_full_of(np.arange(64, dtype=np.uint8).reshape(8, 8)))
    monkeypatch.setenv("LMRRG_KEEP_ORIGINALS", "true")
    assert command([str(one)]) == 0
    (original,) = (services.settings.data_folder / "originals").iterdir()
    assert original.read_bytes() == one.read_bytes()
    assert original.stat().st_mode & 0o777 == 0o600
