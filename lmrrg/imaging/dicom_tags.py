"""What a DICOM file says about its image, in values that are known to be safe.

Every reader here answers a number, a word of a fixed list, or nothing: free text of the file, which may
name the patient, gets no further, and a malformed element counts as absent.
"""

import math
from typing import Any

from pydicom.dataset import Dataset

from lmrrg.types import View

MIRRORED = "The file says that the image is mirrored: the patient's left lies on the image's left."
UPSIDE_DOWN = "The file says that the image is upside down."
LATERAL = "Lateral view: the model was made for frontal views."
OTHER_BODY_PART = "The file names another body part than the chest; the model was made for the chest."
UNPROCESSED = "Raw image of the detector (for processing): its grey values may differ from the usual display."
CONTRADICTORY = "The file contradicts itself on whether bone is bright or dark; check the image."
OVERLAY = "The file has an overlay (text or marks) that is not shown."
BURNED_IN = "The file says that text is burned into the image; it may name the patient."
NOT_SQUARE = "The pixels are not square; the image is shown stretched."
UNSAID = "The file does not say what kind of image it is; check that it is a chest radiograph."

_VIEW_POSITIONS: dict[str, View] = {
    "PA": "PA",
    "AP": "AP",
    "LL": "LATERAL",
    "RL": "LATERAL",
    "LAT": "LATERAL",
    "LATERAL": "LATERAL",
}
# View Code Sequence, CID 4010: SNOMED RT and SNOMED CT codes of the projections.
_VIEW_CODES: dict[str, View] = {
    "R-10206": "AP",
    "399348003": "AP",
    "R-40888": "PA",
    "272479007": "PA",
    "R-102CD": "LATERAL",
    "399067008": "LATERAL",
    "R-10232": "LATERAL",
    "399198007": "LATERAL",
    "R-10236": "LATERAL",
    "399173006": "LATERAL",
}
_CHEST_WORDS = ("CHEST", "THORAX", "THORACIC", "LUNG", "RIB", "HEART", "MEDIASTINUM")


def value(dataset: Dataset, keyword: str) -> Any:
    """The element's value, the first where there are several; None where it is absent or malformed."""
    try:
        found = dataset.get(keyword)
        if found is not None and not isinstance(found, str | bytes) and hasattr(found, "__getitem__"):
            return found[0] if len(found) else None
        return found
    except Exception:
        return None


def word(dataset: Dataset, keyword: str) -> str:
    """A code string in capitals, ``""`` where absent. Compare it with a list; never show it."""
    found = value(dataset, keyword)
    return str(found).strip().upper() if found is not None else ""


def number(dataset: Dataset, keyword: str) -> float | None:
    """A finite number, or None."""
    try:
        found = float(value(dataset, keyword))
    except (TypeError, ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None


def whole(dataset: Dataset, keyword: str, default: int) -> int:
    """A whole number, or ``default``."""
    found = number(dataset, keyword)
    return default if found is None else int(found)


def view_of(dataset: Dataset) -> View | None:
    """The projection, from View Position, the view code, or a patient orientation that only a lateral has."""
    position = _VIEW_POSITIONS.get(word(dataset, "ViewPosition"))
    if position is not None:
        return position
    code = value(dataset, "ViewCodeSequence")
    if isinstance(code, Dataset) and word(code, "CodeValue") in _VIEW_CODES:
        return _VIEW_CODES[word(code, "CodeValue")]
    return "LATERAL" if _orientation(dataset)[0][:1] in ("A", "P") else None


def pixel_spacing(dataset: Dataset) -> tuple[float, float] | None:
    """(row, column) distance in mm; at the detector's face where the file was not calibrated to the patient."""
    for keyword in ("PixelSpacing", "ImagerPixelSpacing"):
        try:
            row, column = (float(distance) for distance in dataset.get(keyword) or ())
        except Exception:
            continue
        if all(0.01 <= distance <= 10 for distance in (row, column)):  # NaN fails too
            return (row, column)
    return None


def notices_of(dataset: Dataset, view: View | None, spacing: tuple[float, float] | None) -> list[str]:
    """What a reader should know before trusting the image, apart from its grey values."""
    notices = []
    across, down = _orientation(dataset)
    if view == "LATERAL":
        notices.append(LATERAL)
    elif across[:1] == "R":
        notices.append(MIRRORED)
    if down[:1] == "H":
        notices.append(UPSIDE_DOWN)
    body_part = word(dataset, "BodyPartExamined")
    if body_part and not any(chest in body_part for chest in _CHEST_WORDS):
        notices.append(OTHER_BODY_PART)
    if word(dataset, "PresentationIntentType") == "FOR PROCESSING":
        notices.append(UNPROCESSED)
    shape, photometric = word(dataset, "PresentationLUTShape"), word(dataset, "PhotometricInterpretation")
    if (shape, photometric) in (("INVERSE", "MONOCHROME2"), ("IDENTITY", "MONOCHROME1")):
        notices.append(CONTRADICTORY)
    present = dataset.keys()
    if any(0x6000 <= tag.group <= 0x60FF and tag.element == 0x3000 for tag in present):
        notices.append(OVERLAY)
    if word(dataset, "BurnedInAnnotation") == "YES":
        notices.append(BURNED_IN)
    if spacing is not None and abs(spacing[0] / spacing[1] - 1) > 0.01:
        notices.append(NOT_SQUARE)
    return notices


def _orientation(dataset: Dataset) -> tuple[str, str]:
    """Patient Orientation: where the rows and where the columns of the image point to."""
    try:
        across, down = (
            str(direction).strip().upper() for direction in dataset.get("PatientOrientation") or ()
        )
    except Exception:
        return ("", "")
    return (across, down)
