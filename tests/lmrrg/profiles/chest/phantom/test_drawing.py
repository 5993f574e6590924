"""A phantom's anatomy: reproducible, independent of size, and laid out as a chest is."""

import numpy as np
import pytest

from lmrrg.profiles.chest.phantom import Phantom, Truth, draw
from lmrrg.profiles.chest.regions import REGION_INDEX, REGIONS

SEEDS = range(8)


def box(phantom: Phantom, name: str) -> np.ndarray:
    return phantom.boxes[REGION_INDEX[name]]


def test_the_same_seed_draws_the_same_phantom() -> None:
    first, second = draw(7, randomise_look=True), draw(7, randomise_look=True)
    assert np.array_equal(first.pixels, second.pixels)
    assert np.array_equal(first.boxes, second.boxes)
    assert (first.truth, first.sentences) == (second.truth, second.sentences)


def test_another_seed_draws_another_phantom() -> None:
    assert not np.array_equal(draw(7).pixels, draw(8).pixels)


def test_size_changes_neither_anatomy_nor_report() -> None:
    small, large = draw(3, size=128), draw(3, size=512)
    assert small.truth == large.truth
    assert small.sentences == large.sentences
    np.testing.assert_allclose(small.boxes * 4, large.boxes, atol=0.5)


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("randomise", [False, True])
def test_boxes_lie_within_the_image(seed: int, randomise: bool) -> None:
    phantom = draw(seed, randomise_look=randomise)
    assert (phantom.boxes[:, :2] >= 0).all()
    assert (phantom.boxes[:, :2] + phantom.boxes[:, 2:] <= 256.001).all()
    assert (phantom.boxes[phantom.visible, 2:] > 1).all()


@pytest.mark.parametrize("seed", SEEDS)
def test_the_patients_right_is_on_the_images_left(seed: int) -> None:
    phantom = draw(seed)
    for name in REGIONS:
        if name.startswith("right ") and "left " + name[6:] in REGION_INDEX:
            right, left = box(phantom, name), box(phantom, "left " + name[6:])
            assert right[0] + right[2] / 2 < left[0] + left[2] / 2, name


@pytest.mark.parametrize("seed", SEEDS)
def test_zones_stack_up_to_the_lung(seed: int) -> None:
    phantom = draw(seed)
    for side in ("right", "left"):
        lung = box(phantom, f"{side} lung")
        upper, mid, lower = (box(phantom, f"{side} {zone} lung zone") for zone in ("upper", "mid", "lower"))
        assert upper[1] < mid[1] < lower[1]
        assert lower[1] + lower[3] == pytest.approx(lung[1] + lung[3], abs=1)
        assert -1 < upper[1] - lung[1] < 0.05 * lung[3]  # a lung's box is drawn a little above the apex


@pytest.mark.parametrize("seed", SEEDS)
def test_maps_lie_within_their_boxes(seed: int) -> None:
    phantom = draw(seed, randomise_look=True)
    for k, name in enumerate(REGIONS):
        if phantom.visible[k]:
            rows, columns = np.nonzero(phantom.region_maps[k])
            x, y, width, height = phantom.boxes[k] / 8  # a cell is 8 pixels
            assert rows.size, name
            assert columns.min() >= np.floor(x) - 1, name
            assert columns.max() <= np.ceil(x + width), name
            assert rows.min() >= np.floor(y) - 1, name
            assert rows.max() <= np.ceil(y + height), name


def test_lungs_are_darker_than_heart_and_abdomen() -> None:
    for seed in SEEDS:
        phantom = draw(seed, truth=Truth())
        cells = phantom.pixels.reshape(32, 8, 32, 8).mean((1, 3))
        heart = phantom.region_maps[REGION_INDEX["cardiac silhouette"]] > 0
        middle = phantom.region_maps[REGION_INDEX["mediastinum"]] > 0
        lung = (phantom.region_maps[REGION_INDEX["right lung"]] > 0) & ~middle
        assert cells[lung].mean() + 30 < cells[heart].mean()


def test_a_crop_that_cuts_a_region_off_hides_it() -> None:
    phantoms = [draw(seed, randomise_look=True) for seed in range(60)]
    hidden = [~phantom.visible for phantom in phantoms]
    assert any(one.any() for one in hidden)
    assert np.mean([phantom.visible[REGION_INDEX["right lung"]] for phantom in phantoms]) > 0.9


def test_radiograph_has_twelve_bits() -> None:
    phantom = draw(2, site="B")
    image = phantom.as_radiograph()
    assert image.pixels.dtype == np.uint16
    assert 2000 < image.pixels.max() <= 4095
    np.testing.assert_allclose(image.windowed(), phantom.pixels / 255, atol=0.004)


@pytest.mark.parametrize("wrong", [{"site": "nowhere"}, {"size": 16}])
def test_what_cannot_be_drawn_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"site|pixels"):
        draw(0, **wrong)  # type: ignore[arg-type]
