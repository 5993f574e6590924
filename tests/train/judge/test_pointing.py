"""Maps that point where the sentence says, counted by hand."""

from pathlib import Path

import numpy as np
import pytest

from lmrrg.profiles import DEFAULT_PROFILE
from lmrrg.profiles.chest import phantom
from lmrrg.profiles.chest.phantom import Phantom
from lmrrg.profiles.chest.regions import REGION_INDEX, REGIONS
from train.data.phantoms import PhantomStudies
from train.judge.pointing import hits, named_sides
from train.policy.base import Pointed
from train.policy.by_model_type import load

STUDIES = PhantomStudies(DEFAULT_PROFILE.phantom, 64)


def looking_at(text: str, region: str, cell: tuple[int, int] = (0, 0)) -> Pointed:
    """A sentence with all attention on one region, and a map with its peak in one cell of an 8 × 8 grid."""
    weights, heat = np.zeros(len(REGIONS), np.float32), np.zeros((8, 8), np.float32)
    weights[REGION_INDEX[region]], heat[cell] = 1, 1
    return Pointed(text, weights, heat)


@pytest.fixture(scope="module")
def effusion() -> Phantom:
    """A phantom with fluid on one side."""
    drawn = (phantom.draw(seed, size=64) for seed in range(200))
    return next(
        one
        for one in drawn
        if any(a.finding == "Pleural Effusion" and a.side != "bilateral" for a in one.truth.abnormalities)
    )


def test_a_map_hits_when_it_peaks_where_the_finding_is(effusion: Phantom) -> None:
    bearing = next(r for r in range(29) if effusion.region_findings[r].any() and effusion.visible[r])
    x, y, width, height = effusion.boxes[bearing]
    inside = (int((y + height / 2) / 8), int((x + width / 2) / 8))
    said = "There is a pleural effusion."
    found = [looking_at(said, "abdomen", inside), looking_at(said, "abdomen", (0, 0))]
    assert hits(found[:1], effusion) == (1, 1)
    assert hits(found[1:], effusion) == (0, 1)
    assert hits([looking_at("The lungs are clear.", "abdomen")], effusion) == (0, 0)


def test_the_side_of_the_map_is_the_side_of_the_sentence() -> None:
    right = looking_at("There is a right pleural effusion.", "right lung")
    left = looking_at("There is a left pleural effusion.", "right lung")
    both = looking_at("There are bilateral pleural effusions.", "right lung")
    assert named_sides([right, left, both]) == (1, 2)


def test_each_study_is_looked_at_as_it_is_alone(tiny_folder: Path, effusion: Phantom) -> None:
    policy = load(tiny_folder)
    examples = [STUDIES.example(effusion), STUDIES.example(phantom.draw(1, size=64))]
    texts = ["There is a pleural effusion.", "The lungs are clear."]
    together = policy.explain(examples, texts, policy.look(examples))
    for example, text, (one,) in zip(examples, texts, together, strict=True):
        ((alone,),) = policy.explain([example], [text], policy.look([example]))
        np.testing.assert_allclose(one.weights, alone.weights, atol=1e-5)
        np.testing.assert_allclose(one.heat, alone.heat, atol=1e-5)
    assert not np.allclose(together[0][0].heat, together[1][0].heat, atol=1e-4)


def test_every_sentence_of_a_text_has_its_evidence(tiny_folder: Path, effusion: Phantom) -> None:
    policy = load(tiny_folder)
    example = STUDIES.example(effusion)
    text = "The lungs are clear. No effusion."
    (found,) = policy.explain([example], [text], policy.look([example]))
    assert [one.text for one in found] == ["The lungs are clear.", "No effusion."]
    for one in found:
        assert one.weights.sum() == pytest.approx(1, abs=1e-4)
