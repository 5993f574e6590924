"""Is an image of a known kind, and the right way round."""

from pathlib import Path

import numpy as np
import pytest
import torch

from lmrrg.errors import ModelError
from lmrrg.grounding.image_check import (
    ImageCheck,
    ImageFeatures,
    image_features,
    load_image_check,
    notices,
)
from lmrrg.model.region_extractor import RegionFeatures
from lmrrg.notices import Notice
from lmrrg.profiles import DEFAULT_PROFILE
from lmrrg.profiles.chest.regions import REGION_INDEX


def vector(*values: float) -> np.ndarray:
    return np.array(values, np.float32)


# One feature of look with deviation 1, one of layout with deviation ½; mirrored where the layout grows.
CHECK = ImageCheck(
    look_mean=vector(1.0),
    look_precision=vector(1.0)[:, None],
    layout_mean=vector(0.0),
    layout_precision=vector(4.0)[:, None],
    mirror_weights=vector(0.0, 1.0),
    thresholds=vector(2.0, 4.0, 0.5),
)


def features(look: float, layout: float) -> ImageFeatures:
    return ImageFeatures(vector(look), vector(layout))


def regions(boxes: torch.Tensor) -> RegionFeatures:
    empty = torch.zeros(len(boxes), 29)
    return RegionFeatures(empty, empty, boxes, empty, empty, empty, (4, 4))


def test_the_larger_distance_over_its_threshold_counts() -> None:
    assert CHECK.novelty(features(5.0, 0.0)) == pytest.approx(4 / 2)
    assert CHECK.novelty(features(1.0, 6.0)) == pytest.approx(12 / 4)
    assert CHECK.novelty(features(1.0, 0.0)) == 0


def test_an_image_and_its_mirror_image_are_never_both_mirrored() -> None:
    here, there = features(0.0, 1.0), features(0.0, 0.0)
    assert CHECK.mirror_margin(here, there) == -CHECK.mirror_margin(there, here) == 1
    assert CHECK.seems_mirrored(here, there)
    assert not CHECK.seems_mirrored(there, here)


def test_layout_does_not_depend_on_where_and_how_large_the_chest_is() -> None:
    boxes = torch.rand(1, 29, 4, generator=torch.Generator().manual_seed(0)) * 0.3 + 0.2
    moved = boxes * 0.5 + torch.tensor([0.1, 0.2, 0.0, 0.0])
    grid = torch.zeros(1, 2, 4, 4)
    first, second = (image_features(regions(b), grid, DEFAULT_PROFILE)[0].layout for b in (boxes, moved))
    assert first == pytest.approx(second, abs=1e-5)


def test_the_lungs_span_their_own_frame() -> None:
    boxes = torch.full((1, 29, 4), 0.5)
    boxes[0, REGION_INDEX["right lung"]] = torch.tensor([0.3, 0.5, 0.2, 0.6])
    boxes[0, REGION_INDEX["left lung"]] = torch.tensor([0.7, 0.5, 0.2, 0.6])
    layout = image_features(regions(boxes), torch.ones(1, 2, 4, 4), DEFAULT_PROFILE)[0].layout.reshape(29, 4)
    assert layout[REGION_INDEX["right lung"]] == pytest.approx([-1 / 3, 0, 1 / 3, 1])


def test_look_is_the_mean_of_the_grid() -> None:
    grid = torch.arange(32.0).reshape(1, 2, 4, 4)
    boxes = torch.full((1, 29, 4), 0.5)
    assert image_features(regions(boxes), grid, DEFAULT_PROFILE)[0].look == pytest.approx([7.5, 23.5])


def test_what_was_saved_is_read_again(tmp_path: Path) -> None:
    CHECK.save(tmp_path / "fitted.safetensors")
    check = load_image_check(tmp_path / "fitted.safetensors", look=1)
    assert check is not None
    assert check.novelty(features(5.0, 0.0)) == pytest.approx(2)


def test_a_folder_without_one_has_none(tmp_path: Path) -> None:
    assert load_image_check(tmp_path / "fitted.safetensors", look=1) is None


def test_one_of_another_model_or_a_damaged_one_is_refused(tmp_path: Path) -> None:
    CHECK.save(tmp_path / "fitted.safetensors")
    with pytest.raises(ModelError, match="does not fit"):
        load_image_check(tmp_path / "fitted.safetensors", look=3)
    (tmp_path / "fitted.safetensors").write_bytes(b"nothing")
    with pytest.raises(ModelError, match="does not fit"):
        load_image_check(tmp_path / "fitted.safetensors", look=1)


def test_only_what_is_odd_is_told() -> None:
    assert notices(0.8, mirrored=False) == ()
    assert notices(None, mirrored=False) == ()
    assert notices(1.84, mirrored=False) == (Notice("outside_training", {"score": 1.84}),)
    assert notices(0.5, mirrored=True) == (Notice("seems_mirrored"),)
