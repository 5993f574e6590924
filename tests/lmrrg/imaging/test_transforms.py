"""The model's square: literals worked out by hand, and the inverse as a property."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmrrg.imaging.transforms import SquareFrame


def test_a_wide_image_is_padded_above_and_below():
    frame = SquareFrame(rows=100, columns=200, size=50)
    assert frame.extent_xywh == (0.0, -50.0, 200.0, 200.0)
    assert frame.to_image_boxes([[0.1, 0.25, 0.5, 0.5]]).tolist() == [[20, 0, 100, 100]]


def test_a_tall_image_with_an_odd_difference_is_padded_by_whole_pixels():
    frame = SquareFrame(rows=8, columns=5, size=4)
    assert frame.extent_xywh == (-1.0, 0.0, 8.0, 8.0)
    assert frame.to_image_boxes([[0.125, 0.0, 0.625, 1.0]]).tolist() == [[0, 0, 5, 8]]


def test_no_boxes_stay_no_boxes():
    assert SquareFrame(3, 4, 5).to_image_boxes([]).shape == (0, 4)


@settings(deadline=None)
@given(rows=st.integers(1, 5000), columns=st.integers(1, 5000))
def test_the_whole_square_is_the_extent_and_its_middle_that_of_the_image(rows, columns):
    frame = SquareFrame(rows, columns, size=224)
    whole, middle = frame.to_image_boxes([[0, 0, 1, 1], [0.5, 0.5, 0, 0]])
    assert tuple(whole) == frame.extent_xywh
    # Padding is whole pixels: of an odd difference half a pixel is on the other side.
    np.testing.assert_allclose(middle, [columns / 2, rows / 2, 0, 0], atol=0.5)


def test_shrinking_averages_areas_and_pads_with_zero():
    image = np.array([[1, 0, 0.5, 0.5], [0, 1, 0.5, 0.5]], dtype=np.float32)
    square = SquareFrame(rows=2, columns=4, size=2).apply(image)
    # one row of padding above and one below: each cell averages one image row and one padding row
    np.testing.assert_allclose(square, [[0.25, 0.25], [0.25, 0.25]])
    assert square.dtype == np.float32


def test_the_same_size_is_copied_as_it_is():
    image = np.random.default_rng(0).random((6, 6), dtype=np.float32)
    assert np.array_equal(SquareFrame(6, 6, 6).apply(image), image)


def test_a_bright_block_lands_where_its_box_says():
    frame = SquareFrame(rows=60, columns=120, size=60)
    image = np.zeros((60, 120), dtype=np.float32)
    image[20:40, 80:100] = 1.0
    square = frame.apply(image)
    assert square[25:35, 40:50].min() == 1.0
    assert frame.to_image_boxes(np.array([40, 25, 10, 10]) / 60) == pytest.approx(
        np.array([[80, 20, 20, 20]])
    )
    assert square.sum() == pytest.approx(100.0)


def test_another_shape_is_refused():
    with pytest.raises(ValueError, match="cannot take"):
        SquareFrame(4, 4, 2).apply(np.zeros((4, 5), dtype=np.float32))


def test_sides_must_be_positive():
    with pytest.raises(ValueError, match="positive"):
        SquareFrame(0, 4, 2)
