"""Sentences that somebody else wrote get regions, a map and a flag from what an extractor sees."""

import numpy as np
import pytest

from lmrrg.grounding.service import GRID, Seen, ground, weights_of
from lmrrg.profiles import DEFAULT_PROFILE
from lmrrg.report import EvidenceMap, RegionEvidence, RegionWeight, Sentence

BOXES = {
    "right lung": (10.0, 10.0, 30.0, 60.0),
    "left lung": (60.0, 10.0, 30.0, 60.0),
    "right costophrenic angle": (10.0, 60.0, 10.0, 10.0),
    "left costophrenic angle": (80.0, 60.0, 10.0, 10.0),
    "cardiac silhouette": (40.0, 40.0, 30.0, 30.0),
}


def seen(unseen: str = "", **likely: dict[str, float]) -> Seen:
    """An image of 100 × 100; ``likely``: region (with _ for a space) → finding → probability."""
    by_region = {name.replace("_", " "): row for name, row in likely.items()}
    return Seen(
        image=1,
        extent_xywh=(0.0, 0.0, 100.0, 100.0),
        regions=tuple(
            RegionEvidence(name, box, 0.1 if name == unseen else 0.9, 0.5, image=1)
            for name, box in BOXES.items()
        ),
        findings=dict.fromkeys(DEFAULT_PROFILE.findings, 0.5),
        by_region={name: by_region.get(name, {}) for name in BOXES},
    )


def test_the_map_lies_over_the_named_region_s_box() -> None:
    shown = ground(Sentence("Small left pleural effusion."), seen()).map
    assert shown is not None
    assert (shown.kind, shown.image, shown.extent_xywh) == ("named", 1, (0.0, 0.0, 100.0, 100.0))
    row, column = np.unravel_index(int(shown.grid.argmax()), shown.grid.shape)
    assert (column + 0.5) / GRID * 100 == pytest.approx(85, abs=2)
    assert (row + 0.5) / GRID * 100 == pytest.approx(65, abs=2)
    assert shown.grid.max() == 1


def test_of_two_sides_the_one_where_it_is_seen_weighs_more() -> None:
    told = weights_of("Pleural effusion.", seen(left_costophrenic_angle={"Pleural Effusion": 0.8}))
    assert told == {
        "left costophrenic angle": pytest.approx(
            0.9
        ),  # (.1 + .8) of (.1 + .8) + .1; .1 is too little to be named
    }


def test_what_is_denied_is_denied_of_both_sides_alike() -> None:
    told = weights_of("No pleural effusion.", seen(left_costophrenic_angle={"Pleural Effusion": 0.8}))
    assert told == {"right costophrenic angle": 0.5, "left costophrenic angle": 0.5}


def test_a_region_outside_the_image_is_not_named() -> None:
    assert weights_of("Left pleural effusion.", seen(unseen="left costophrenic angle")) == {}


def test_a_sentence_that_names_no_place_has_no_map_and_no_regions() -> None:
    plain = Sentence("No acute abnormality.", confidence=0.7)
    told = ground(plain, seen())
    assert (told.map, told.regions, told.confidence) == (None, (), 0.7)


def test_a_claim_that_the_image_does_not_support_is_flagged() -> None:
    doubtful = seen()
    doubtful.findings["Cardiomegaly"] = 0.05  # type: ignore[index]
    told = ground(Sentence("The heart is enlarged."), doubtful)
    assert told.flag == "image does not support cardiomegaly 0.05"


def test_what_the_writer_tells_of_its_own_evidence_stays() -> None:
    own = EvidenceMap(np.ones((2, 2), np.float32), (0.0, 0.0, 1.0, 1.0), 0, "attended")
    told = ground(Sentence("The heart is enlarged.", 0.9, (RegionWeight("spine", 1.0),), "mine", own), seen())
    assert (told.regions, told.flag, told.map) == ((RegionWeight("spine", 1.0),), "mine", own)
