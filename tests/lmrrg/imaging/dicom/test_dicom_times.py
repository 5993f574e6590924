"""When an examination was is read from the first bytes of its file, and sorts as text."""

import numpy as np
import pytest
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRLittleEndian, ImplicitVRLittleEndian

from lmrrg.imaging.door.untrusted import when_examined

GREY = np.arange(64, dtype=np.uint8).reshape(8, 8)
DAY = {"StudyDate": "20240229"}


@pytest.mark.parametrize(
    ("elements", "when"),
    [
        (DAY, "20240229"),
        (DAY | {"StudyTime": "1015"}, "20240229 101500.000000"),
        (
            DAY | {"StudyTime": "101500.25", "AcquisitionTime": "101642"},
            "20240229 101500.250000 101642.000000",
        ),
        (DAY | {"ContentTime": "101642"}, "20240229 101642.000000 101642.000000"),
        ({"AcquisitionDate": "20240301"}, "20240301"),
        ({"StudyDate": "29 Feb", "ContentDate": "20240301"}, "20240301"),  # malformed: as if absent
        (DAY | {"StudyTime": "noon"}, "20240229"),
        ({"StudyTime": "101500"}, ""),  # a time of no day
    ],
)
@pytest.mark.filterwarnings("ignore:Invalid value for VR:UserWarning")
def test_a_time_is_text_that_sorts(dicom, elements, when) -> None:
    assert when_examined(dicom(GREY, **elements)) == when


@pytest.mark.parametrize("syntax", [ExplicitVRLittleEndian, ImplicitVRLittleEndian])
def test_the_head_of_a_file_is_enough(dicom, syntax) -> None:
    assert when_examined(dicom(GREY, syntax, **DAY)[:600]) == "20240229"


@pytest.mark.parametrize(
    "content", [b"", b"Dear colleague", b"\x89PNG\r\n\x1a\n", bytes(128) + b"DICM" + b"\xff" * 600]
)
def test_what_says_no_time_has_none(content: bytes) -> None:
    assert when_examined(content) == ""


def test_a_compressed_header_cannot_be_read_in_part(dicom) -> None:
    assert when_examined(dicom(GREY, DeflatedExplicitVRLittleEndian, **DAY)[:300]) == ""
