"""Slips of the pen are mended where one word alone is near."""

import pytest

from lmrrg.metrics.lite.labels import label_report
from lmrrg.profiles.misspelling import Misspellings

MISSPELLINGS = Misspellings(["pneumothorax", "effusion", "hyperinflation", "hypoinflation", "lung"])


@pytest.mark.parametrize(
    "word", ["pneumothrax", "pneumothoraxx", "pneumothorux", "pnuemothorax", "pneumotohrax"]
)
def test_one_letter_missing_added_wrong_or_swapped_is_mended(word: str) -> None:
    assert MISSPELLINGS.mended(word) == "pneumothorax"


@pytest.mark.parametrize(
    "word",
    [
        "pnumothrax",  # two slips
        "hyporinflation",  # near to two words
        "lumg",  # short
        "uneumothorax",  # another first letter
        "infusion",  # another word
    ],
)
def test_what_is_not_surely_a_slip_is_left(word: str) -> None:
    assert MISSPELLINGS.mended(word) is None


@pytest.mark.parametrize(
    ("report", "finding"),
    [
        ("Left pneumothorrax.", "Pneumothorax"),
        ("Small pleural effuision.", "Pleural Effusion"),
        ("Bibasilar atelectassis.", "Atelectasis"),
        ("Mild cardiomegly.", "Cardiomegaly"),
    ],
)
def test_a_misspelt_finding_is_found(report: str, finding: str) -> None:
    assert label_report(report)[finding] == "positive"
