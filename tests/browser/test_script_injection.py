"""Markup in whatever a person types or a file says stays text: no script of it ever runs on a page."""

from collections.abc import Callable
from io import BytesIO
from typing import Any

import numpy as np
import pydicom
import pytest
from playwright.sync_api import expect
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import ExplicitVRLittleEndian

from feedback_db.people import accounts

pytestmark = pytest.mark.browser

SHORT = "<img src=x onerror=harmed=1>"
ATTACK = f"{SHORT}<script>window.harmed = 1</script><svg onload=harmed=1>"
# Ends when the address of the attack's image has turned out to lead nowhere.
FETCH_IN_VAIN = """() => new Promise((done) => {
  const image = new Image();
  image.onerror = done;
  image.src = `x?${Math.random()}`;
}).then(() => null)"""
# Every text that a page might show of a file: those that are kept, and those that must not be.
WORDS = ("Modality", "ViewPosition", "PatientOrientation", "ImageLaterality", "PresentationIntentType")
TEXTS = (
    *("PatientName", "StudyDescription", "SeriesDescription", "ProtocolName", "BodyPartExamined"),
    *("Manufacturer", "InstitutionName", "ImageComments", "DerivationDescription", "StationName"),
    "WindowCenterWidthExplanation",
)


@pytest.fixture
def malicious(monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A DICOM file with markup in its texts; the words that make it a radiograph stay."""
    monkeypatch.setattr(pydicom.config.settings, "writing_validation_mode", pydicom.config.IGNORE)
    monkeypatch.setattr(pydicom.config.settings, "reading_validation_mode", pydicom.config.IGNORE)
    one = Dataset()
    one.file_meta = FileMetaDataset()
    one.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    one.SOPClassUID = one.file_meta.MediaStorageSOPClassUID = "1.2.840.10008.5.1.4.1.1.1.1"
    one.SOPInstanceUID = one.file_meta.MediaStorageSOPInstanceUID = "1.2.3"
    for keyword in (*WORDS, *TEXTS):
        setattr(one, keyword, ATTACK)
    one.Modality, one.PhotometricInterpretation, one.SamplesPerPixel = "DX", "MONOCHROME2", 1
    one.Rows = one.Columns = 64
    one.BitsAllocated = one.BitsStored = 8
    one.HighBit, one.PixelRepresentation = 7, 0
    one.WindowCenter, one.WindowWidth = [64, 128], [128, 256]
    one.PixelData = (np.indices((64, 64)).sum(axis=0) * 2).astype(np.uint8).tobytes()
    file = BytesIO()
    one.save_as(file, enforce_file_format=True)
    return file.getvalue()


def test_no_text_becomes_markup(reader: Callable[..., Any], house: Any, malicious: bytes) -> None:
    with house.database.session() as session:
        accounts.create_reader(session, name=SHORT, password="correct horse battery")
    chest = reader(SHORT)
    page = chest.page
    dialogs: list[str] = []
    page.on("dialog", lambda one: (dialogs.append(one.message), one.dismiss()))

    def unharmed() -> None:
        page.evaluate(FETCH_IN_VAIN)  # by then an image before it has said so too
        assert page.evaluate("window.harmed") is None
        assert page.locator("img[src=x], svg[onload]").count() == 0
        assert dialogs == []

    # The worklist: what a study says, the search, the site's filter, the reader's name.
    page.click(".adding summary")
    page.set_input_files(
        "#study-file", {"name": f"{SHORT}.dcm", "mimeType": "application/dicom", "buffer": malicious}
    )
    fields = page.locator(".add-study input[type=text]")
    for index in range(fields.count()):
        fields.nth(index).fill(SHORT)
    page.click(".add-study button[type=submit]")
    page.wait_for_url("**/#/reading/*")
    study = int(page.url.rsplit("/", 1)[1])
    chest.read(study)
    expect(page.locator(".page.reading .indication[data-said=Indication]")).to_contain_text("<img")
    unharmed()

    # What the file says.
    chest.keys("v")
    expect(page.locator("dialog dl")).to_be_visible()
    unharmed()
    chest.keys("Escape")

    # The report: a card, the one box, the difference, a macro, the question before signing, the signed text.
    chest.new_sentence(f"{ATTACK} seen.")
    chest.is_saved()
    chest.keys("t")
    page.locator("textarea.free-text").press_sequentially(f" {SHORT} in the box.")
    chest.keys("Escape", "t")
    expect(page.locator("p.final ins").first).to_be_visible()
    unharmed()
    chest.keys("t", "Shift+M")
    page.fill("dialog .macro input", ".harm")
    page.fill("dialog .macro textarea", ATTACK)
    page.click("dialog [data-action=true]")
    expect(page.locator("dialog")).to_have_count(0)
    chest.new_sentence("A macro: .harm ")
    expect(page.locator(".sentence.added").first).to_contain_text("<svg")
    unharmed()
    chest.keys("Shift+M")
    expect(page.locator("dialog .macro input")).to_have_value(".harm")
    unharmed()
    chest.keys("Escape")
    chest.keys("Control+Enter")
    expect(page.locator("dialog .final")).to_contain_text("<script>")
    unharmed()
    chest.keys("Control+Enter")
    expect(page.locator("[data-act=amend]")).to_be_visible()
    unharmed()

    # Back on the list, for this reader and for another.
    for one in (chest, reader("a.reader")):
        page = one.page
        one.go("#/worklist")
        expect(page.locator(f"tr[data-study='{study}']")).to_contain_text("<img")
        unharmed()
        page.fill(".filters input", ATTACK)
        expect(page.locator(".page.worklist .empty")).to_be_visible()
        unharmed()
        page.fill(".filters input", "")
        expect(page.locator(f"tr[data-study='{study}']")).to_be_visible()
    one.read(study)
    expect(page.locator(".study-notes")).to_contain_text("<img")  # who else has signed it
    unharmed()
    one.go(f"#/compare/{study}")
    expect(page.locator(".page.compare .side, .page.compare .notice").first).to_be_visible()
    unharmed()
    one.go("#/admin")
    unharmed()
