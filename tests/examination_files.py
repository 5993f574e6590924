"""DICOM files of one examination, a frontal radiograph and one that calls itself lateral, for tests and screenshots.

The lateral is no projection of the phantom's chest: it is the frontal drawing folded over its midline and narrowed, so
that two different pictures hang beside each other. Nothing may be learned or measured from it.
"""

from dataclasses import replace
from datetime import date
from io import BytesIO

import cv2
import numpy as np
import pydicom
from pydicom.uid import generate_uid

from lmrrg.imaging.dicom.from_radiograph import dicom_of
from lmrrg.profiles.chest.phantom import draw
from lmrrg.study import RadiographImage


def pair(
    *,
    patient: str = "MRN 1",
    study: str = "1",
    on: date = date(2025, 5, 11),
    time: str = "",
    seed: int = 1,
    size: int = 96,
) -> tuple[bytes, bytes]:
    """(PA, left lateral) of one examination, ``size`` pixels a side; ``time`` as ``"0930"``, none where it is empty."""
    frontal = replace(draw(seed, size=size).as_radiograph(), view="PA")
    files = []
    for number, image in enumerate((frontal, folded(frontal)), start=1):
        dataset = pydicom.dcmread(
            BytesIO(dicom_of(image, patient=patient, study=study, on=on, description="Phantom"))
        )
        dataset.SOPInstanceUID = generate_uid(entropy_srcs=[patient, study, str(number)])
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        dataset.StudyTime, dataset.InstanceNumber = time, number
        if image.view == "LATERAL":
            dataset.ViewPosition, dataset.PatientOrientation = "LL", ["A", "F"]
        file = BytesIO()
        dataset.save_as(file, enforce_file_format=True)
        files.append(file.getvalue())
    return files[0], files[1]


def folded(image: RadiographImage) -> RadiographImage:
    """A picture that is not the frontal one and says that it is lateral."""
    both = image.pixels.astype(np.float32) + image.pixels[:, ::-1]
    narrow = cv2.resize(both / 2, (image.columns * 3 // 4, image.rows), interpolation=cv2.INTER_AREA)
    shade = np.linspace(0.75, 1.0, narrow.shape[1], dtype=np.float32)
    return replace(image, pixels=np.rint(narrow * shade).astype(np.uint16), view="LATERAL")
