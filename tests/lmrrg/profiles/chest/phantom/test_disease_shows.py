"""What is in a phantom's truth can be seen in its image, and more of it for a larger severity."""

import numpy as np
import pytest

from lmrrg.profiles.chest.phantom import Abnormality, Device, Phantom, Truth, draw, draw_prior
from lmrrg.profiles.chest.phantom.disease import EMPHYSEMA
from lmrrg.profiles.chest.regions import REGION_INDEX

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
    Abnormality("Atelectasis", "right", "upper", None, "lobar"),
    Abnormality("Atelectasis", "left", "lower", None, "lobar"),
]


@pytest.mark.parametrize("one", FOCAL, ids=lambda one: f"{one.finding} {one.side} {one.zone}")
@pytest.mark.parametrize("seed", range(2))
def test_each_finding_changes_its_own_side(seed: int, one: Abnormality) -> None:
    before, after = drawn(seed), drawn(seed, one)
    change = np.abs(after.pixels.astype(float) - before.pixels.astype(float))
    for side in one.sides:
        own = after.region_maps[REGION_INDEX[f"{side} lung"]].repeat(8, 0).repeat(8, 1) > 0
        assert np.quantile(change[own], 0.99) > 20


@pytest.mark.parametrize("seed", SEEDS)
def test_fluid_layers_over_the_lung_of_who_lies(seed: int) -> None:
    levels = []
    for size in ("small", "moderate", "large"):
        fluid = Abnormality("Pleural Effusion", "right", "lower", size)  # type: ignore[arg-type]
        lying = draw(seed, truth=Truth((fluid,), (), "AP", "supine"))
        levels.append(brightness(lying, "right mid lung zone") - brightness(lying, "left mid lung zone"))
    assert levels == sorted(levels)
    assert levels[1] > 0


@pytest.mark.parametrize("seed", SEEDS)
def test_emphysema_makes_lungs_longer_and_the_diaphragm_flat(seed: int) -> None:
    sound, ill = drawn(seed), drawn(seed, Abnormality(EMPHYSEMA, "bilateral"))

    def shape(phantom: Phantom) -> tuple[float, float]:
        lung, dome = (phantom.boxes[REGION_INDEX[f"right {name}"]] for name in ("lung", "hemidiaphragm"))
        return float(lung[3] / lung[2]), float(dome[3] / dome[2])

    assert shape(ill)[0] > shape(sound)[0]
    assert shape(ill)[1] < shape(sound)[1]


def test_an_earlier_visit_is_the_same_body_placed_anew() -> None:
    truth = Truth((Abnormality("Lung Lesion", "left", "mid", None, "mass"),), prior=Truth())
    now = draw(5, truth=truth)
    before = draw_prior(now)
    assert before is not None
    assert (before.patient, before.truth, before.visit) == (now.patient, Truth(), 1)
    assert not np.array_equal(before.pixels, now.pixels)
    heart = [phantom.boxes[REGION_INDEX["cardiac silhouette"]] for phantom in (before, now)]
    assert heart[0][2] / heart[0][3] == pytest.approx(heart[1][2] / heart[1][3], rel=0.1)


def test_a_report_without_a_prior_compares_with_nothing() -> None:
    seed = next(seed for seed in range(100) if draw(seed, size=64).truth.resolved)
    alone = draw(seed, size=64, prior=False)
    assert alone.truth.prior is None
    assert "resolved" not in alone.report


def test_without_a_prior_there_is_no_earlier_visit() -> None:
    assert draw_prior(drawn(5)) is None


def test_a_pneumothorax_bares_more_of_the_chest_when_larger() -> None:
    for seed in SEEDS:
        darker = []
        for size in ("small", "moderate", "large"):
            after = drawn(seed, Abnormality("Pneumothorax", "left", None, size))  # type: ignore[arg-type]
            darker.append(np.abs(after.pixels.astype(float) - drawn(seed).pixels).sum())
        assert darker == sorted(darker)


KINDS = ["endotracheal tube", "central line", "pacemaker", "nasogastric tube", "chest drain"]


@pytest.mark.parametrize("kind", KINDS)
def test_devices_are_bright(kind: str) -> None:
    side = "left" if kind == "pacemaker" else "right"
    for seed in SEEDS:
        change = drawn(seed, devices=(Device(kind, side),)).pixels.astype(float) - drawn(seed).pixels  # type: ignore[arg-type]
        assert (change > 15).sum() > 30


@pytest.mark.parametrize("kind", KINDS[:2] + KINDS[3:4])
def test_a_misplaced_device_runs_elsewhere(kind: str) -> None:
    for seed in SEEDS:
        right, wrong = (
            drawn(seed, devices=(Device(kind, "right", misplaced),)) for misplaced in (False, True)
        )
        assert (np.abs(right.pixels.astype(float) - wrong.pixels) > 15).sum() > 20
