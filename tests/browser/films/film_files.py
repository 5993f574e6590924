"""A drawn examination of two images, PA and lateral, as the files of one hospital study. Knows nothing about pages."""

from datetime import date
from io import BytesIO

import numpy as np
import pydicom
from pydicom.uid import generate_uid

from lmrrg.imaging.dicom.from_radiograph import dicom_of
from lmrrg.profiles.chest.phantom import draw
from lmrrg.study import RadiographImage

SIZE = 1024
LATERAL_ROWS, LATERAL_COLUMNS = 1024, 832


def pa_and_lateral(patient: str, *, seed: int, on: date) -> list[bytes]:
    """The files of one examination of this patient: a phantom, and a rough lateral view beside it."""
    frontal = draw(seed, size=SIZE).as_radiograph()
    lateral = RadiographImage(
        pixels=_lateral(seed),
        bits=12,
        window=(2048.0, 4096.0),
        kind="DX",
        photometric="MONOCHROME2",
        view="LATERAL",
    )
    study = f"{seed}"
    return [
        dicom_of(frontal, patient=patient, study=study, on=on, description="Chest PA"),
        _seen_from_the_side(
            dicom_of(lateral, patient=patient, study=study, on=on, description="Chest lateral")
        ),
    ]


def _seen_from_the_side(content: bytes) -> bytes:
    """The same file of a left lateral: the left side at the detector, the patient looking to the image's left."""
    dataset = pydicom.dcmread(BytesIO(content))
    dataset.ViewPosition, dataset.ImageLaterality, dataset.PatientOrientation = "LL", "L", ["P", "F"]
    dataset.SOPInstanceUID = generate_uid()
    dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
    file = BytesIO()
    dataset.save_as(file, enforce_file_format=True)
    return file.getvalue()


def _lateral(seed: int) -> np.ndarray:
    """Body, lungs, heart, spine and the domes of the diaphragm in soft outlines: uint16 of 12 bits."""
    y, x = np.mgrid[0 : 1 : LATERAL_ROWS * 1j, 0 : 1 : LATERAL_COLUMNS * 1j]

    def oval(
        at: tuple[float, float], size: tuple[float, float], lean: float = 0.0, soft: float = 0.12
    ) -> np.ndarray:
        u = (x - at[0] + lean * (y - at[1])) / size[0]
        v = (y - at[1]) / size[1]
        return 1 / (1 + np.exp((np.hypot(u, v) - 1) / soft))

    body = oval((0.5, 0.55), (0.40, 0.62), soft=0.03)
    lung = oval((0.47, 0.42), (0.30, 0.36), lean=-0.10, soft=0.05)
    heart = oval((0.34, 0.58), (0.14, 0.13), lean=0.25)
    spine = np.exp(-(((x - 0.73 + 0.10 * (y - 0.4) ** 2) / 0.055) ** 2))
    discs = 1 + 0.12 * np.cos(2 * np.pi * y * 15)
    ribs = np.maximum(0, np.sin(2 * np.pi * (y * 9 - x * 1.6))) ** 6 * lung
    domes = 1 / (1 + np.exp(-(y - 0.72 + 0.10 * np.cos((x - 0.42) * 5)) / 0.012))
    seen = 0.12 + body * (0.42 - 0.30 * lung + 0.26 * heart * lung + 0.22 * spine * discs + 0.07 * ribs)
    seen = np.where(body > 0.5, np.maximum(seen, 0.62 * domes * body), seen)
    grain = np.random.default_rng(seed).normal(0, 0.008, seen.shape)
    return (((seen - 0.1) / 0.72 + grain).clip(0, 1) * 4095).astype(np.uint16)
