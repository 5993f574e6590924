"""*No Finding* is said only of a report that was read to its end and in which nothing is abnormal."""

import pytest

from lmrrg.metrics.lite.collapse import all_normal_share
from lmrrg.metrics.lite.labels import label_report

NORMAL = "The lungs are clear. Heart size is normal."


def test_a_normal_report_has_no_finding() -> None:
    assert label_report(NORMAL)["No Finding"] == "positive"


@pytest.mark.parametrize(
    "sentence",
    [
        "The blorf is grivous.",
        "Herz vergrößert.",
        "Sin hallazgos.",
        "ARDS.",
        "Pulmonary contusion.",
        "Flail chest.",
        "Diaphragm rupture.",
        "Deep sulcus sign.",
        "Ground-glass changes in both lungs.",
        "Aspiration.",
        "Right pnuemothorax.",
        "There is an abnormality.",
        "Calcified granuloma.",
    ],
)
def test_one_sentence_that_is_abnormal_or_was_not_read_forbids_it(sentence: str) -> None:
    assert label_report(f"{NORMAL} {sentence}")["No Finding"] is None


@pytest.mark.parametrize("report", ["", "…", "INDICATION: Cough."])
def test_a_report_that_says_nothing_is_not_normal(report: str) -> None:
    assert label_report(report)["No Finding"] is None


def test_reports_that_were_not_read_are_no_share_of_normal_ones() -> None:
    assert all_normal_share([NORMAL, f"{NORMAL} The blorf is grivous."]) == 0.5
