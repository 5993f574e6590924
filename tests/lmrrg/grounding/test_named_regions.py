"""Which regions a sentence names, or implies by what it speaks of."""

import pytest

from lmrrg.grounding.named_regions import NamedRegion, named_regions


def regions(sentence: str) -> set[str]:
    return {named.region for named in named_regions(sentence)}


@pytest.mark.parametrize(
    ("sentence", "named"),
    [
        ("There is consolidation in the right lower lobe.", {"right lower lung zone"}),
        ("Small left pleural effusion.", {"left costophrenic angle"}),
        ("No pleural effusion.", {"right costophrenic angle", "left costophrenic angle"}),
        ("Right apical pneumothorax.", {"right apical zone"}),
        ("The heart is enlarged.", {"cardiac silhouette"}),
        ("The lungs are clear.", {"right lung", "left lung"}),
        ("The trachea is midline.", {"trachea"}),
        ("The endotracheal tube ends above the carina.", {"carina"}),
        ("An endotracheal tube is in place.", {"trachea", "carina"}),
        ("A nasogastric tube is in place.", {"mediastinum", "abdomen"}),
        ("There is a right chest tube.", {"right lung", "right lower lung zone"}),
    ],
)
def test_a_sentence_names_its_regions(sentence: str, named: set[str]) -> None:
    assert regions(sentence) == named


@pytest.mark.parametrize(
    "sentence",
    [
        "No acute abnormality.",
        "No acute cardiopulmonary process.",
        "Impression: Normal.",
        "Compared with yesterday there is no change.",
        "Clinical correlation is advised.",
        "",
        "🫁 ¿?",
    ],
)
def test_a_sentence_that_names_no_place_has_none(sentence: str) -> None:
    assert named_regions(sentence) == []


def test_what_is_said_of_a_region_comes_with_it() -> None:
    assert named_regions("Left pleural effusion without cardiomegaly.") == [
        NamedRegion("left costophrenic angle", "Pleural Effusion", present=True),
        NamedRegion("cardiac silhouette", "Cardiomegaly", present=False),
    ]
