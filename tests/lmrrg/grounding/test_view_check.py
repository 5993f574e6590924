"""An upright frontal chest or not, inverted greys, lungs that the image cuts off."""

import numpy as np
import pytest
import torch

from lmrrg.grounding.image_check import ImageCheck, ImageFeatures
from lmrrg.grounding.view_check import cut_off, room_around, seems_inverted, unlikeness
from lmrrg.imaging.transforms import SquareFrame
from lmrrg.model.region_extractor import RegionFeatures
from lmrrg.notices import Notice
from lmrrg.profiles import DEFAULT_PROFILE
from lmrrg.profiles.chest.regions import REGION_INDEX


def regions(right: list[float], left: list[float], visible_logit: float = 0.0) -> RegionFeatures:
    """Boxes of the lungs as centre and size in the square; nothing else is looked at."""
    boxes = torch.full((1, 29, 4), 0.5)
    boxes[0, REGION_INDEX["right lung"]] = torch.tensor(right)
    boxes[0, REGION_INDEX["left lung"]] = torch.tensor(left)
    empty = torch.zeros(1, 29)
    return RegionFeatures(empty, empty, boxes, torch.full((1, 29), visible_logit), empty, empty, (4, 4))


def vector(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


WITHIN = regions([0.3, 0.5, 0.2, 0.6], [0.7, 0.5, 0.2, 0.6])


def test_unlikeness_adds_both_distances_and_what_is_not_seen() -> None:
    check = ImageCheck(
        look_mean=vector(0.0),
        look_precision=vector(1.0)[:, None],
        layout_mean=vector(0.0),
        layout_precision=vector(1.0)[:, None],
        mirror_weights=vector(0.0, 0.0),
        thresholds=vector(2.0, 4.0, 0.0),
    )
    features = ImageFeatures(vector(1.0), vector(3.0))
    assert unlikeness(check, features, WITHIN) == pytest.approx(1 / 2 + 3 / 4 + 1 / 2)


def test_greys_are_inverted_where_the_negative_is_a_likely_chest_and_the_image_is_not() -> None:
    assert seems_inverted(2.4, 1.2)
    assert not seems_inverted(1.2, 0.9)  # a chest as it is
    assert not seems_inverted(6.0, 5.0)  # neither is a chest
    assert not seems_inverted(2.0, 1.8)  # too little between them


def test_room_is_counted_in_lungs() -> None:
    room = room_around(WITHIN, SquareFrame(100, 100, 64), DEFAULT_PROFILE)  # lungs from 20 to 80 in x and y
    assert room == pytest.approx(dict.fromkeys(("upper", "lower", "left-hand", "right-hand"), 20 / 60))
    assert cut_off(room) is None


def test_the_edges_are_those_of_the_image_and_not_of_its_padding() -> None:
    room = room_around(
        WITHIN, SquareFrame(50, 100, 64), DEFAULT_PROFILE
    )  # the image from 25 to 75 of the square
    assert room["upper"] == pytest.approx(-5 / 60)
    assert room["lower"] == pytest.approx(-5 / 60)
    assert room["left-hand"] == pytest.approx(20 / 60)
    assert cut_off(room) == Notice("cut_off", {"edges": ("upper", "lower")})


def test_one_lung_is_enough() -> None:
    low = regions([0.3, 0.5, 0.2, 0.6], [0.7, 0.75, 0.2, 0.6])
    room = room_around(low, SquareFrame(100, 100, 64), DEFAULT_PROFILE)
    assert cut_off(room) == Notice("cut_off", {"edges": ("lower",)})
