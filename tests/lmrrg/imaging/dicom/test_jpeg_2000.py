"""JPEG 2000 and its high-throughput form: every grey value comes out, at any depth and sign."""

import imagecodecs
import numpy as np
import pytest
from pydicom.encaps import encapsulate
from pydicom.uid import HTJ2KLossless, JPEG2000Lossless

from lmrrg.errors import UnreadableFile
from lmrrg.imaging import open_radiograph

SLOPE = np.arange(48 * 60).reshape(48, 60)


@pytest.mark.parametrize(("bits", "dtype"), [(8, np.uint8), (12, np.uint16), (16, np.uint16)])
def test_every_grey_value_comes_out(dicom, bits, dtype):
    grey = (SLOPE * 7 % 2**bits).astype(dtype)
    frame = imagecodecs.jpeg2k_encode(grey, level=0, bitspersample=bits)
    image = open_radiograph(dicom(grey, JPEG2000Lossless, encapsulate([frame]), BitsStored=bits))
    assert np.array_equal(image.pixels, grey)


def test_signed_values_keep_their_order(dicom):
    signed = (SLOPE - 1400).astype(np.int16)
    frame = imagecodecs.jpeg2k_encode(signed, level=0)
    facts = {"BitsStored": 16, "PixelRepresentation": 1}
    image = open_radiograph(dicom(signed, JPEG2000Lossless, encapsulate([frame]), **facts))
    assert np.array_equal(np.diff(image.pixels.astype(int).ravel()), np.ones(48 * 60 - 1))


def test_high_throughput(dicom):
    grey = (SLOPE * 11 % 4096).astype(np.uint16)
    frame = imagecodecs.htj2k_encode(grey)
    image = open_radiograph(dicom(grey, HTJ2KLossless, encapsulate([frame])))
    assert np.array_equal(image.pixels, grey)


def test_a_frame_cut_off_is_damaged(dicom):
    grey = (SLOPE % 256).astype(np.uint8)
    frame = imagecodecs.jpeg2k_encode(grey, level=0)
    with pytest.raises(UnreadableFile):
        open_radiograph(dicom(grey, JPEG2000Lossless, encapsulate([frame[:90]])))


def test_the_library_is_not_the_one_whose_faults_are_known():
    assert tuple(map(int, imagecodecs.jpeg2k_version().split()[-1].split("."))) >= (2, 5, 4)
