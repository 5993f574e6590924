"""What is in a phantom's truth can be seen in its image, and more of it for a larger severity."""

import numpy as np
import pytest

from lmrrg.anatomy import REGION_INDEX
from lmrrg.phantom import Abnormality, Device, Phantom, Truth, draw

SEEDS = range(4)


def drawn(seed: int, *abnormalities: Abnormality, devices: tuple[Device, ...] = ()) -> Phantom:
    return draw(seed, truth=Truth(abnormalities, devices))


def heart_to_chest(phantom: Phantom) -> float:
    right, left, heart = (
        phantom.boxes[REGION_INDEX[name]] for name in ("right lung", "left lung", "cardiac silhouette")
    )
    return float(heart[2] / (left[0] + left[2] - right[0]))


def brightness(phantom: Phantom, region: str) -> float:
    """Mean grey of a region over that of both lungs' surroundings, by rank: free of exposure."""
    cells = phantom.pixels.reshape(32, 8, 32, 8).mean((1, 3))
    ranks = np.argsort(np.argsort(cells.ravel())).reshape(32, 32)
    return float(ranks[phantom.region_maps[REGION_INDEX[region]] > 0].mean())


@pytest.mark.parametrize("seed", SEEDS)
def test_the_heart_grows_with_cardiomegaly(seed: int) -> None:
    sizes = [heart_to_chest(drawn(seed))] + [
        heart_to_chest(drawn(seed, Abnormality("Cardiomegaly", severity=grade)))
        for grade in ("mild", "moderate", "severe")
    ]
    assert sizes == sorted(sizes)
    assert sizes[0] < 0.5 < sizes[1]


@pytest.mark.parametrize("side", ["right", "left"])
@pytest.mark.parametrize("seed", SEEDS)
def test_fluid_brightens_the_base_and_more_fluid_more(seed: int, side: str) -> None:
    base = f"{side} lower lung zone"
    levels = [brightness(drawn(seed), base)]
    for size in ("small", "moderate", "large"):
        one = Abnormality("Pleural Effusion", side, "lower", size)  # type: ignore[arg-type]
        levels.append(brightness(drawn(seed, one), base))
    assert levels == sorted(levels)
    assert levels[3] > levels[0] + 50


FOCAL = [
    Abnormality("Consolidation", "right", "upper"),
    Abnormality("Consolidation", "left", "mid"),
    Abnormality("Consolidation", "left", "lower"),
    Abnormality("Atelectasis", "right", "lower", None, "linear"),
    Abnormality("Lung Lesion", "right", "mid", None, "nodule"),
    Abnormality("Lung Lesion", "left", "upper", None, "mass"),
    Abnormality("Pleural Other", "left", "apical", None, "thickening"),
    Abnormality("Pneumothorax", "right", None, "small"),
    Abnormality("Fracture", "right", "mid", None, "rib"),
    Abnormality("Edema", "bilateral", None, "mild"),
]


@pytest.mark.parametrize("one", FOCAL, ids=lambda one: f"{one.finding} {one.side} {one.zone}")
@pytest.mark.parametrize("seed", range(2))
def test_each_finding_changes_its_own_side(seed: int, one: Abnormality) -> None:
    before, after = drawn(seed), drawn(seed, one)
    change = np.abs(after.pixels.astype(float) - before.pixels.astype(float))
    for side in one.sides:
        own = after.region_maps[REGION_INDEX[f"{side} lung"]].repeat(8, 0).repeat(8, 1) > 0
        assert np.quantile(change[own], 0.99) > 20


def test_a_pneumothorax_bares_more_of_the_chest_when_larger() -> None:
    for seed in SEEDS:
        darker = []
        for size in ("small", "moderate", "large"):
            after = drawn(seed, Abnormality("Pneumothorax", "left", None, size))  # type: ignore[arg-type]
            darker.append(np.abs(after.pixels.astype(float) - drawn(seed).pixels).sum())
        assert darker == sorted(darker)


@pytest.mark.parametrize("kind", ["endotracheal tube", "central line", "pacemaker", "nasogastric tube"])
def test_devices_are_bright(kind: str) -> None:
    side = "left" if kind == "pacemaker" else "right"
    for seed in SEEDS:
        change = drawn(seed, devices=(Device(kind, side),)).pixels.astype(float) - drawn(seed).pixels  # type: ignore[arg-type]
        assert (change > 15).sum() > 30
