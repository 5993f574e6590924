"""What a DICOM file says about its image, in values that are known to be safe.

Every reader here answers a number, a word of a fixed list, or nothing: free text of the file, which may
name the patient, gets no further, and a malformed element counts as absent.
"""

import math
from typing import Any

from pydicom.dataset import Dataset
from pydicom.multival import MultiValue

from lmrrg.notices import Notice
from lmrrg.study import SpacingPlane, View

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


def words(dataset: Dataset, keyword: str) -> list[str]:
    """All values of an element as code strings in capitals. Compare them with a list; never show them."""
    try:
        found = dataset.get(keyword) or ()
        return [str(each).strip().upper() for each in ((found,) if isinstance(found, str) else found)]
    except Exception:
        return []


def numbers(dataset: Dataset, keyword: str) -> list[float]:
    """All values of an element as finite numbers; none where any of them is not."""
    try:
        found = dataset.get(keyword)
        if found is None or found == "":
            return []
        several = isinstance(found, MultiValue | list | tuple)
        values = [float(each) for each in (found if several else [found])]
    except Exception:
        return []
    return values if all(math.isfinite(each) for each in values) else []


def spacing_of(dataset: Dataset) -> tuple[tuple[float, float], SpacingPlane] | None:
    """(row, column) distance in mm and the plane in which it holds; None where the file says nothing usable.

    PS3.3 10.7.1.3: Pixel Spacing is meant within the patient where it names its calibration or differs from the
    spacing at the detector. The latter is brought to the patient by the magnification that the file states, or
    by the distances of source, patient and detector; without either it stays that of the detector.
    """
    stated, detector = (_spacing(dataset, keyword) for keyword in ("PixelSpacing", "ImagerPixelSpacing"))
    if stated is not None:
        calibrated = word(dataset, "PixelSpacingCalibrationType") in ("GEOMETRY", "FIDUCIAL")
        if calibrated or (detector is not None and not _alike(stated, detector)):
            return stated, "patient"
    found = detector or stated or _spacing(dataset, "NominalScannedPixelSpacing")
    if found is None:
        return None
    magnification = _magnification(dataset) if detector is not None else None
    if magnification is None:
        return found, "detector"
    return (found[0] / magnification, found[1] / magnification), "patient"


def _spacing(dataset: Dataset, keyword: str) -> tuple[float, float] | None:
    pair = numbers(dataset, keyword)
    if len(pair) == 2 and all(0.01 <= distance <= 10 for distance in pair):
        return (pair[0], pair[1])
    return None


def _alike(first: tuple[float, float], second: tuple[float, float]) -> bool:
    return all(abs(a / b - 1) < 0.005 for a, b in zip(first, second, strict=True))


def _magnification(dataset: Dataset) -> float | None:
    """How much larger the detector shows the patient than they are; None where the file does not say, or nonsense."""
    stated = number(dataset, "EstimatedRadiographicMagnificationFactor")
    if stated is None:
        detector, patient = (
            number(dataset, f"DistanceSourceTo{what}") or 0.0 for what in ("Detector", "Patient")
        )
        stated = detector / patient if patient > 0 else None
    return stated if stated is not None and 1 <= stated <= 2 else None


def notices_of(dataset: Dataset, view: View | None, spacing: tuple[float, float] | None) -> list[Notice]:
    """What a reader should know before trusting the image, apart from its grey values."""
    notices = []
    across, down = _orientation(dataset)
    if view == "LATERAL":
        notices.append(Notice("lateral"))
    elif across[:1] == "R":
        notices.append(Notice("mirrored"))
    if across[:1] in ("H", "F"):
        notices.append(Notice("sideways"))
    elif down[:1] == "H":
        notices.append(Notice("upside_down"))
    body_part = word(dataset, "BodyPartExamined")
    if body_part and not any(chest in body_part for chest in _CHEST_WORDS):
        notices.append(Notice("other_body_part"))
    if word(dataset, "PresentationIntentType") == "FOR PROCESSING":
        notices.append(Notice("unprocessed"))
    shape, photometric = word(dataset, "PresentationLUTShape"), word(dataset, "PhotometricInterpretation")
    if (shape, photometric) in (("INVERSE", "MONOCHROME2"), ("IDENTITY", "MONOCHROME1")):
        notices.append(Notice("greys_contradictory"))
    present = dataset.keys()
    if any(0x6000 <= tag.group <= 0x60FF and tag.element == 0x3000 for tag in present):
        notices.append(Notice("overlay_not_shown"))
    if word(dataset, "BurnedInAnnotation") == "YES":
        notices.append(Notice("burned_in"))
    if spacing is not None and abs(spacing[0] / spacing[1] - 1) > 0.01:
        notices.append(Notice("not_square"))
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
