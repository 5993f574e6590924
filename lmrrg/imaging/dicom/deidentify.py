"""What may stay of a DICOM file's header.

An allow-list in the spirit of PS3.15's basic profile: an element stays where it is known to be safe *and* its value is
a number or a word of a closed list; everything else is dropped unread, private elements and free text among it. UIDs,
dates, the time of day and what tells one patient from another are carried as far as ``header.replaced`` and
``examination.stated_of``, which put stand-ins in their place. Knows nothing about pixels: what is burned into them is
``burned_in``'s business.
"""

import math
import re
from typing import Any

from pydicom.dataset import Dataset
from pydicom.uid import UID

from lmrrg.imaging.dicom import tags
from lmrrg.imaging.dicom.times import time_of_day
from lmrrg.imaging.door.header import DAYS, Header

_LONGEST_IDENTIFIER = 128
_SIGNIFICANT_DIGITS, _LARGEST = 6, 10**6
"""Longer numbers could be identifiers: fractions are rounded to as many digits, larger numbers are dropped."""

_NUMBERS = (
    *("Rows", "Columns", "SamplesPerPixel", "BitsAllocated", "BitsStored", "HighBit", "PixelRepresentation"),
    *("WindowCenter", "WindowWidth", "RescaleSlope", "RescaleIntercept", "PixelPaddingValue"),
    *("PixelSpacing", "ImagerPixelSpacing", "NominalScannedPixelSpacing", "PixelAspectRatio"),
    *("EstimatedRadiographicMagnificationFactor", "DistanceSourceToDetector", "DistanceSourceToPatient"),
    *("KVP", "ExposureTime", "XRayTubeCurrent", "Exposure", "ExposureIndex", "TargetExposureIndex"),
    *(
        "DeviationIndex",
        "RelativeXRayExposure",
        "PixelIntensityRelationshipSign",
        "LossyImageCompressionRatio",
    ),
)
_DIRECTIONS = re.compile(r"[LRAPHF]{1,3}")
_WORDS: dict[str, tuple[str, ...]] = {
    "Modality": ("CR", "DX", "RG", "OT", "SC"),
    "PhotometricInterpretation": (
        *("MONOCHROME1", "MONOCHROME2", "RGB", "PALETTE COLOR"),
        *("YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT"),
    ),
    "PresentationIntentType": ("FOR PRESENTATION", "FOR PROCESSING"),
    "PresentationLUTShape": ("IDENTITY", "INVERSE"),
    "PixelIntensityRelationship": ("LIN", "LOG", "DISP"),
    "VOILUTFunction": ("LINEAR", "LINEAR_EXACT", "SIGMOID"),
    "ViewPosition": ("PA", "AP", "LL", "RL", "LLD", "RLD", "LLO", "RLO"),
    "Laterality": ("R", "L"),
    "ImageLaterality": ("R", "L", "U", "B"),
    "BodyPartExamined": ("CHEST", "THORAX", "LUNG", "RIB", "RIBS", "HEART", "ABDOMEN"),
    "BurnedInAnnotation": ("YES", "NO"),
    "LossyImageCompression": ("00", "01"),
    "ConversionType": ("DV", "DI", "DF", "WSD", "SD", "SI", "DRW", "SYN"),
    "DetectorType": ("DIRECT", "SCINTILLATOR", "STORAGE", "FILM"),
    "PixelSpacingCalibrationType": ("GEOMETRY", "FIDUCIAL"),
}
# When the examination was, the best first.
_TIMES = ("StudyTime", "AcquisitionTime", "ContentTime")
_WITNESS = {"birth_date": "PatientBirthDate", "sex": "PatientSex", "name": "PatientName"}
_UIDS = ("StudyInstanceUID", "SeriesInstanceUID", "SOPInstanceUID")
# What an earlier de-identification, or nobody, writes for a patient: two such files are not of one patient.
_NOBODY = re.compile(r"(?i)0*|n/?a|none|null|unknown|anon.*|deidentified|removed|redacted|test|patient|x+")


def header_of(dataset: Dataset) -> Header:
    """The allow-list applied to ``dataset``, which is not changed. Malformed elements count as absent."""
    kept: dict[str, Any] = {}
    for keyword in _NUMBERS:
        values = [_rounded(number) for number in tags.numbers(dataset, keyword)[:8]]
        if values and all(abs(value) < _LARGEST for value in values):
            kept[keyword] = values if len(values) > 1 else values[0]
    for keyword, allowed in _WORDS.items():
        word = tags.word(dataset, keyword)
        if word in allowed:
            kept[keyword] = word
    directions = tags.words(dataset, "PatientOrientation")
    if len(directions) == 2 and all(_DIRECTIONS.fullmatch(each) for each in directions):
        kept["PatientOrientation"] = directions
    sop_class = str(tags.value(dataset, "SOPClassUID") or "")
    if UID(sop_class).name != sop_class:  # one of the standard's own
        kept["SOPClassUID"] = sop_class
    uids = {keyword: _text(dataset, keyword) for keyword in _UIDS}
    dates = {keyword: _text(dataset, keyword) for keyword in DAYS}
    replaced = sum(map(bool, (*uids.values(), *dates.values())))
    return Header(
        kept=kept,
        dropped=max(0, _count(dataset) - len(kept) - replaced),
        patient=_patient(dataset),
        uids={keyword: value for keyword, value in uids.items() if value},
        dates={keyword: value for keyword, value in dates.items() if value},
        time=next((time for keyword in _TIMES if (time := time_of_day(dataset, keyword))), ""),
        accession=_text(dataset, "AccessionNumber"),
        witness={name: said for name, keyword in _WITNESS.items() if (said := _text(dataset, keyword))},
        age=_text(dataset, "PatientAge"),
    )


def _rounded(value: float) -> float | int:
    """To six significant digits; whole numbers as such."""
    digits = _SIGNIFICANT_DIGITS - 1 - (math.floor(math.log10(abs(value))) if value else 0)
    short = round(value, digits)
    return int(short) if short.is_integer() and abs(short) < 1e15 else short


def _text(dataset: Dataset, keyword: str) -> str:
    found = tags.value(dataset, keyword)
    return str(found).strip("\0 ")[:_LONGEST_IDENTIFIER] if found is not None else ""


def _patient(dataset: Dataset) -> str:
    identifier = _text(dataset, "PatientID")
    if not identifier or _NOBODY.fullmatch(identifier):
        return ""
    issuer = _text(dataset, "IssuerOfPatientID")
    return f"{identifier}^^^{issuer}" if issuer else identifier


def _count(dataset: Dataset, depth: int = 0) -> int:
    """Elements of the data set and of its sequences, to a depth that a hostile file cannot stretch."""
    total = 0
    for tag in list(dataset.keys()):
        total += 1
        try:
            element = dataset[tag] if depth < 4 else None
            if element is not None and element.VR == "SQ":
                total += sum(_count(item, depth + 1) for item in element.value)
        except Exception:  # a malformed element is one element
            continue
    return total
