"""When a DICOM file says that its examination was, from its first bytes alone: to put files in order, not to keep.

Knows nothing about pixels. A malformed date or time counts as absent.
"""

import re
from io import BytesIO

from pydicom.dataset import Dataset
from pydicom.filereader import read_partial

from lmrrg.imaging.dicom import tags
from lmrrg.imaging.door.header import DAYS

_LAST_TAG = 0x00080033  # Content Time
_DAY = re.compile(r"\d{8}")
_TIME = re.compile(r"(\d{2,6})(?:\.(\d{1,6}))?")


def when_examined(head: bytes) -> str:
    """The day, the study's time and the image's, as text that sorts in the order of time; empty without a day.

    ``"20240229 101500.000000 101642.500000"``; a time that is not stated is left out, or taken from the other.
    """
    try:
        dataset = read_partial(BytesIO(head), stop_when=lambda tag, vr, length: tag > _LAST_TAG, force=True)
    except Exception:  # no file foresees what its damage makes of the parser
        return ""
    day = next((found for keyword in DAYS if _DAY.fullmatch(found := tags.word(dataset, keyword))), "")
    if not day:
        return ""
    image = time_of_day(dataset, "AcquisitionTime") or time_of_day(dataset, "ContentTime")
    study = time_of_day(dataset, "StudyTime") or image
    return " ".join(part for part in (day, study, image) if part)


def time_of_day(dataset: Dataset, keyword: str) -> str:
    """``"101500.000000"``; empty where the element is absent or malformed."""
    found = _TIME.fullmatch(tags.word(dataset, keyword).replace(":", ""))
    return f"{found[1]:0<6}.{found[2] or '':0<6}" if found else ""
