"""Words of doubt, wherever they stand. The classes are CheXpert's: probable and suspected are uncertain."""

import pytest

from lmrrg.metrics.lite.labels import label_report


@pytest.mark.parametrize(
    "sentence",
    [
        "?pneumonia",
        "R/O pneumonia.",
        "c/f pneumonia",
        "Pneumonia, probably.",
        "Suspected pneumonia.",
        "Pneumonia cannot be confidently excluded.",
        "Pneumonia is not definitely excluded.",
        "Pneumonia versus aspiration.",
        "No effusion, pneumonia cannot be excluded.",
        "Absence of pneumonia cannot be confirmed.",
        "It is not certain that there is no pneumonia.",
        "Borderline heart, pneumonia possible.",
    ],
)
def test_a_doubt_is_uncertain(sentence: str) -> None:
    assert label_report(sentence)["Pneumonia"] == "uncertain"


def test_a_borderline_heart_is_uncertain() -> None:
    assert label_report("Heart size is borderline.")["Cardiomegaly"] == "uncertain"


def test_a_list_before_a_doubt_stays_denied() -> None:
    read = label_report("No pneumothorax, effusion cannot be excluded.")
    assert (read["Pneumothorax"], read["Pleural Effusion"]) == ("negative", "uncertain")


def test_no_finding_that_is_suspected_is_denied() -> None:
    assert label_report("No pneumonia is suspected.")["Pneumonia"] == "negative"
