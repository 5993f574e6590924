"""What sentences claim, said and implied."""

import pytest

from lmrrg.grounding.claims import Claim, claims, is_named
from lmrrg.profiles import DEFAULT_PROFILE
from lmrrg.profiles.chest.findings import OF_THE_LUNG


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("Small left pleural effusion.", [Claim("Pleural Effusion", "positive", "left")]),
        ("There is no pneumothorax.", [Claim("Pneumothorax", "negative")]),
        ("The image was taken at the bedside.", []),
    ],
)
def test_what_is_said(sentence: str, expected: list[Claim]) -> None:
    assert claims(sentence) == expected


def test_clear_lungs_deny_what_is_of_the_lung() -> None:
    assert claims("The lungs are clear.") == [Claim(f, "negative", None, implied=True) for f in OF_THE_LUNG]


def test_no_abnormality_denies_every_disease() -> None:
    made = claims("No acute cardiopulmonary abnormality.")
    assert [(c.finding, c.label, c.implied) for c in made] == [
        (f, "negative", True) for f in DEFAULT_PROFILE.diseases
    ]


def test_a_narrower_word_names_the_wider_finding() -> None:
    assert is_named("Lung Opacity", {"Edema"})
    assert not is_named("Edema", {"Lung Opacity"})
