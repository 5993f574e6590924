"""The order of DICOM's grey scale, with values worked out by hand."""

import numpy as np
import pytest
from pydicom.dataset import Dataset

from lmrrg.imaging import open_radiograph
from lmrrg.notices import Notice
from lmrrg.study import NamedWindow

FOUR = np.array([[0, 100], [200, 255]], dtype=np.uint8)


def table(first, entries, bits):
    item = Dataset()
    item.add_new("LUTDescriptor", "US", [len(entries), first, bits])
    item.add_new("LUTData", "US", list(entries))
    return [item]


def test_monochrome2_is_kept_as_it_is_stored(dicom):
    image = open_radiograph(dicom(FOUR, WindowCenter=128, WindowWidth=256))
    assert image.pixels.tolist() == [[0, 100], [200, 255]]
    assert (image.bits, image.kind, image.photometric) == (8, "DX", "MONOCHROME2")
    assert image.window == (127.5, 255.0)  # DICOM's LINEAR: centre − ½, width − 1
    assert image.pixels.dtype == np.uint16


def test_monochrome1_is_turned_round_last(dicom):
    image = open_radiograph(
        dicom(FOUR, PhotometricInterpretation="MONOCHROME1", WindowCenter=100.5, WindowWidth=101)
    )
    assert image.pixels.tolist() == [[255, 155], [55, 0]]
    assert image.window == (155.0, 100.0)
    assert image.windowed().tolist() == [[1.0, 0.5], [0.0, 0.0]]
    assert image.photometric == "MONOCHROME1"


@pytest.mark.parametrize("window", [{}, {"WindowCenter": 2000, "WindowWidth": 1000}], ids=["none", "given"])
@pytest.mark.parametrize("padding", [{}, {"PixelPaddingValue": 0}], ids=["plain", "padded"])
def test_the_negative_shows_the_negative(dicom, window, padding):
    stored = np.random.default_rng(1).integers(0, 4096, (32, 20), dtype=np.uint16)
    stored[:, :4] = 0
    stated = {"BitsStored": 12, **window, **padding}
    positive = open_radiograph(dicom(stored, **stated))
    negative = open_radiograph(dicom(stored, PhotometricInterpretation="MONOCHROME1", **stated))
    assert np.array_equal(negative.pixels, 4095 - positive.pixels)
    np.testing.assert_allclose(negative.windowed(), 1 - positive.windowed(), atol=1e-6)


def test_signed_values_are_shifted_up_with_their_window(dicom):
    stored = np.array([[-2048, -1], [0, 2047]], dtype=np.int16)
    image = open_radiograph(dicom(stored, BitsStored=12, WindowCenter=0, WindowWidth=101))
    assert image.pixels.tolist() == [[0, 2047], [2048, 4095]]
    assert image.bits == 12
    assert image.window == (2047.5, 100.0)


def test_a_negative_intercept_moves_the_window_and_not_the_pixels(dicom):
    stored = np.array([[0, 1024], [1064, 4095]], dtype=np.uint16)
    image = open_radiograph(
        dicom(
            stored, BitsStored=12, RescaleSlope=1, RescaleIntercept=-1024, WindowCenter=40.5, WindowWidth=81
        )
    )
    assert image.pixels.tolist() == stored.tolist()
    assert image.window == (1064.0, 80.0)
    assert image.windowed().tolist() == [[0.0, 0.0], [0.5, 1.0]]


def test_a_fractional_slope_loses_no_grey_level(dicom):
    stored = np.arange(16, dtype=np.uint16).reshape(4, 4)
    image = open_radiograph(
        dicom(stored, BitsStored=12, RescaleSlope="0.25", RescaleIntercept=1, WindowCenter=3, WindowWidth=3)
    )
    assert image.pixels.tolist() == stored.tolist()
    assert image.window == ((2.5 - 1) / 0.25, 2 / 0.25)


def test_a_negative_slope_turns_the_scale_round(dicom):
    stored = np.array([[0, 10], [20, 255]], dtype=np.uint8)
    image = open_radiograph(
        dicom(stored, RescaleSlope=-1, RescaleIntercept=255, WindowCenter=240.5, WindowWidth=21)
    )
    assert image.pixels.tolist() == [[255, 245], [235, 0]]
    assert image.windowed().tolist() == [[1.0, 0.75], [0.25, 0.0]]


def test_a_negative_slope_and_monochrome1_cancel_out(dicom):
    stated = {"RescaleSlope": -1, "RescaleIntercept": 255, "PhotometricInterpretation": "MONOCHROME1"}
    assert open_radiograph(dicom(FOUR, **stated)).pixels.tolist() == FOUR.tolist()


def test_unused_high_bits_are_cleared(dicom):
    stored = np.array([[0x0FFF, 0xF001]], dtype=np.uint16)
    assert open_radiograph(dicom(stored, BitsStored=12)).pixels.tolist() == [[4095, 1]]


def test_values_may_lie_in_the_high_bits(dicom):
    stored = np.array([[0xFFF0, 0x0010]], dtype=np.uint16)
    image = open_radiograph(dicom(stored, BitsStored=12, HighBit=15))
    assert image.pixels.tolist() == [[4095, 1]]


def test_more_than_16_bits_are_cut_down_from_below(dicom):
    stored = np.array([[0, 2**31], [2**32 - 1, 2**16]], dtype=np.uint32)
    image = open_radiograph(dicom(stored))
    assert image.pixels.tolist() == [[0, 32768], [65535, 1]]
    assert Notice("lowest_bits_dropped") in image.notices


def test_a_modality_table_is_applied(dicom):
    stored = np.array([[9, 10], [11, 200]], dtype=np.uint8)
    lut = table(10, [0, 500, 1023], bits=10)
    image = open_radiograph(dicom(stored, ModalityLUTSequence=lut, WindowCenter=512, WindowWidth=1024))
    assert image.pixels.tolist() == [[0, 0], [500, 1023]]
    assert image.bits == 10


def test_a_voi_table_without_a_window_is_applied_after_the_rescale(dicom):
    stored = np.array([[0, 1], [2, 3]], dtype=np.uint16)
    lut = table(100, [10, 20, 30, 255], bits=8)
    image = open_radiograph(dicom(stored, RescaleSlope=1, RescaleIntercept=100, VOILUTSequence=lut))
    assert image.pixels.tolist() == [[10, 20], [30, 255]]
    assert (image.bits, image.window) == (8, (127.5, 255.0))


def test_a_voi_table_of_8_bits_takes_inputs_of_12(dicom):
    stored = np.array([[0, 300], [4094, 4095]], dtype=np.uint16)
    lut = table(0, [value // 16 for value in range(4096)], bits=8)
    image = open_radiograph(dicom(stored, BitsStored=12, VOILUTSequence=lut))
    assert image.pixels.tolist() == [[0, 18], [255, 255]]


def test_a_window_goes_before_a_voi_table(dicom):
    lut = table(0, [255, 0], bits=8)
    image = open_radiograph(dicom(FOUR, VOILUTSequence=lut, WindowCenter=128, WindowWidth=256))
    assert image.pixels.tolist() == FOUR.tolist()


def test_the_first_of_several_windows_counts_and_all_are_offered(dicom):
    several = {"WindowCenter": [100.5, 50.5], "WindowWidth": [51, 11]}
    image = open_radiograph(dicom(FOUR, **several, WindowCenterWidthExplanation=["NORMAL", "DOE^JANE"]))
    assert image.window == (100.0, 50.0)
    assert image.windows == (NamedWindow("normal", (100.0, 50.0)), NamedWindow("", (50.0, 10.0)))
    negative = open_radiograph(dicom(FOUR, PhotometricInterpretation="MONOCHROME1", **several))
    assert [one.window for one in negative.windows] == [(155.0, 50.0), (205.0, 10.0)]


def test_a_window_that_shows_nothing_is_not_offered(dicom):
    image = open_radiograph(dicom(FOUR, WindowCenter=[9000, 100.5], WindowWidth=[100, 51]))
    assert (image.window, image.windows, image.notices) == ((100.0, 50.0), (), ())


def test_an_exact_window_is_taken_as_written(dicom):
    stated = {"WindowCenter": 100, "WindowWidth": 50, "VOILUTFunction": "LINEAR_EXACT"}
    assert open_radiograph(dicom(FOUR, **stated)).window == (100.0, 50.0)


def test_a_missing_window_is_estimated_without_the_padding(dicom):
    stored = np.full((100, 200), 65535, dtype=np.uint16)
    stored[:, :101] = 1000 + np.arange(101)
    image = open_radiograph(dicom(stored, PixelPaddingValue=65535))
    assert image.window == (1050.0, 98.0)  # percentiles 1 and 99 of 1000 … 1100
    assert image.notices[0] == Notice("no_window")


@pytest.mark.parametrize(("centre", "width"), [(9000, 100), ("1e300", "1e301"), (128, "1e300")])
def test_a_window_beside_all_pixels_is_not_used(dicom, centre, width):
    image = open_radiograph(dicom(FOUR, WindowCenter=centre, WindowWidth=width))
    assert image.windowed().max() == 1.0
    assert image.notices[0] == Notice("window_misses")


def test_colour_becomes_luma(dicom):
    colour = np.array([[[255, 0, 0], [0, 255, 0]], [[0, 0, 255], [7, 7, 7]]], dtype=np.uint8)
    image = open_radiograph(dicom(colour, SOPClassUID="1.2.840.10008.5.1.4.1.1.7", Modality="OT"))
    assert image.pixels.tolist() == [[76, 150], [29, 7]]
    assert Notice("colour") in image.notices


def test_a_palette_is_looked_up(dicom):
    palette = {}
    for name in ("Red", "Green", "Blue"):
        palette[f"{name}PaletteColorLookupTableDescriptor"] = [256, 0, 16]
        values = (np.arange(256)[::-1] * 257).astype("<u2")
        palette[f"{name}PaletteColorLookupTableData"] = values.tobytes()
    image = open_radiograph(dicom(FOUR, PhotometricInterpretation="PALETTE COLOR", **palette))
    assert image.pixels.tolist() == [[65535, 155 * 257], [55 * 257, 0]]
    assert image.notices == ()  # the palette is grey
