"""What an image seems to say against how it is shown; how often it is right is measured, not tested here."""

import dataclasses

import cv2
import numpy as np
import pytest

from lmrrg.imaging.appearance import notices_of, polarity
from lmrrg.notices import Notice
from lmrrg.study import RadiographImage


@pytest.fixture
def chest() -> RadiographImage:
    """Two dark fields between bright ones under dark corners, with noise."""
    y, x = np.mgrid[-1:1:400j, -1:1:360j]
    lungs = np.exp(-(((abs(x) - 0.45) / 0.3) ** 2) - (y / 0.6) ** 2)
    corners = (abs(x) > 0.6) & (y < -0.7)
    grey = 0.75 - 0.6 * lungs - 0.6 * corners + 0.01 * np.random.default_rng(0).standard_normal(x.shape)
    pixels = np.asarray(grey.clip(0, 1) * 4095, dtype=np.uint16)
    return RadiographImage(pixels, 12, (2047.5, 4095.0), "PNG", "MONOCHROME2")


def test_an_ordinary_image_gets_no_notice(chest):
    assert notices_of(chest) == []


def test_the_negative_looks_inverted(chest):
    negative = dataclasses.replace(chest, pixels=4095 - chest.pixels)
    assert notices_of(negative) == [Notice("seems_inverted")]
    assert polarity(1 - chest.windowed()) == pytest.approx(-polarity(chest.windowed()), abs=1e-4)


def test_lateral_views_and_tiny_images_are_left_alone(chest):
    negative = dataclasses.replace(chest, pixels=4095 - chest.pixels)
    assert notices_of(dataclasses.replace(negative, view="LATERAL")) == []
    assert notices_of(dataclasses.replace(negative, pixels=negative.pixels[::8, ::8].copy())) == []


def test_large_parts_of_one_extreme_grey_are_told(chest):
    pixels = chest.pixels.copy()
    pixels[250:, :] = 4095
    assert Notice("greys_lost") in notices_of(dataclasses.replace(chest, pixels=pixels))


@pytest.mark.parametrize(("text", "seen"), [("DOE JANE 1970", True), ("L", False), ("", False)])
@pytest.mark.parametrize(("ink", "place"), [(4095, (20, 30)), (0, (100, 385))], ids=["bright", "dark"])
def test_a_word_at_the_border_is_seen_and_a_side_marker_is_not(chest, text, seen, ink, place):
    mask = np.zeros(chest.pixels.shape, dtype=np.uint8)
    cv2.putText(mask, text, place, cv2.FONT_HERSHEY_SIMPLEX, 0.7, 1, 2)
    written = dataclasses.replace(chest, pixels=np.where(mask, np.uint16(ink), chest.pixels))
    assert (Notice("seems_burned_in") in notices_of(written)) == seen
