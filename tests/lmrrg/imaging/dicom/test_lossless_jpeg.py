"""JPEG as only DICOM uses it: without loss, and with 12 bits. The frames are another library's work."""

import numpy as np
import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import JPEGExtended12Bit, JPEGLossless, JPEGLosslessSV1

from benchmarks.imaging.sample_files import RAMP, RAMP_EXTENDED_JPEG, RAMP_LOSSLESS_JPEG
from lmrrg.errors import UnreadableFile
from lmrrg.imaging import open_radiograph


@pytest.mark.parametrize(
    ("syntax", "frame"),
    [
        (JPEGLosslessSV1, RAMP_LOSSLESS_JPEG),
        (JPEGLossless, RAMP_LOSSLESS_JPEG),
        (JPEGExtended12Bit, RAMP_EXTENDED_JPEG),
    ],
    ids=["first order", "process 14", "extended"],
)
def test_every_grey_value_comes_out(dicom, syntax, frame):
    assert RAMP[23, 31] == 23 * 40 + 31 * 70
    image = open_radiograph(dicom(RAMP, syntax, encapsulate([frame]), BitsStored=12))
    assert np.array_equal(image.pixels, RAMP)
    inverse = {"BitsStored": 12, "PhotometricInterpretation": "MONOCHROME1"}
    image = open_radiograph(dicom(RAMP, syntax, encapsulate([frame]), **inverse))
    assert np.array_equal(image.pixels, 4095 - RAMP)


@pytest.mark.parametrize("frame", [RAMP_LOSSLESS_JPEG, RAMP_EXTENDED_JPEG], ids=["lossless", "extended"])
def test_a_frame_cut_off_is_damaged(dicom, frame):
    syntax = JPEGLosslessSV1 if frame is RAMP_LOSSLESS_JPEG else JPEGExtended12Bit
    with pytest.raises(UnreadableFile):
        open_radiograph(dicom(RAMP, syntax, encapsulate([frame[:100]]), BitsStored=12))


def test_a_frame_deeper_than_its_header_says_is_not_given_to_a_decoder(dicom):
    shallow = (RAMP >> 4).astype(np.uint8)
    with pytest.raises(UnreadableFile, match="depth"):
        open_radiograph(dicom(shallow, JPEGLosslessSV1, encapsulate([RAMP_LOSSLESS_JPEG])))
