"""The images of the installation that ``make.py`` makes: phantoms, DICOM files, and drafts of them."""

from dataclasses import replace
from datetime import date
from io import BytesIO

import pydicom
from pydicom.uid import generate_uid

from feedback_db.models import Study
from lmrrg.imaging.dicom.writing import dicom_of
from lmrrg.profiles.chest.phantom import draw
from ui.desk.first_start import INDICATIONS
from ui.desk.intake import keep_study
from ui.desk.services import Services

SIDE = 96


def film(seed: int, *, patient: str, study: str, on: date, lateral: bool = False, visit: int = 0) -> bytes:
    """A DICOM file. The lateral is a frontal phantom that calls itself lateral, of the same examination."""
    image = draw(seed, size=SIDE, site="A", visit=visit).as_radiograph()
    image = replace(image, view="LATERAL" if lateral else "PA", pixel_spacing_mm=(3.5, 3.5))
    content = dicom_of(image, patient=patient, study=study, on=on, description="Chest")
    dataset = pydicom.dcmread(BytesIO(content))
    dataset.PatientBirthDate, dataset.PatientSex, dataset.AccessionNumber = "19480229", "F", f"ACC-{study}"
    dataset.StudyTime = "101500"
    if lateral:
        dataset.SeriesInstanceUID = generate_uid(entropy_srcs=["series", patient, study, "lateral"])
        dataset.SOPInstanceUID = generate_uid(entropy_srcs=["image", patient, study, "lateral"])
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        dataset.InstanceNumber, dataset.SeriesNumber = 1, 2
        dataset.PatientOrientation = ["A", "F"]
        dataset.WindowCenter, dataset.WindowWidth = [2047.5, 1500], [4095, 2000]
    file = BytesIO()
    dataset.save_as(file, enforce_file_format=True)
    return file.getvalue()


def phantom(services: Services, number: int, site: str) -> Study:
    drawn = draw(20_000 + number, size=SIDE, site=site)
    return keep_study(
        services.database,
        services.settings.data_folder,
        services.secret,
        drawn.as_radiograph(),
        patient=drawn.patient,
        origin="phantom",
        site=drawn.site,
        indication=INDICATIONS[number],
    )


def draft(services: Services, study: int, *, temperature: float = 0.0, seed: int = 0) -> int:
    drafting = services.drafting.ask(study, temperature=temperature, seed=seed)
    *_, last = drafting.follow()
    if last["kind"] != "draft":
        raise RuntimeError(last)
    return int(last["draft_id"])
