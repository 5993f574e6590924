"""The figures that versions are compared by, on texts whose counts can be worked out by hand."""

import pytest

from train.judge.figures import FIGURES, finding_figures

EFFUSION = "There is a large right pleural effusion."
MIRRORED = "There is a large left pleural effusion."
NORMAL = "The lungs are clear. No pleural effusion."


def counted(name: str, text: str, reference: str) -> list[float]:
    figures = FIGURES | finding_figures()
    return figures[name].count([text], [reference])[0].tolist()


def test_a_mirrored_report_has_its_side_wrong() -> None:
    assert counted("laterality", EFFUSION, EFFUSION) == [1, 1]
    assert counted("laterality", MIRRORED, EFFUSION) == [0, 1]
    assert counted("laterality", NORMAL, EFFUSION) == [0, 0]


@pytest.mark.parametrize(
    ("text", "reference", "category"),
    [
        (EFFUSION, NORMAL, "false finding"),
        (NORMAL, EFFUSION, "missed finding"),
        (MIRRORED, EFFUSION, "wrong location"),
        (EFFUSION, "There is a small right pleural effusion.", "wrong severity"),
    ],
)
def test_each_category_of_error_is_counted_by_itself(text: str, reference: str, category: str) -> None:
    assert counted(category, text, reference) == 1
    assert counted("errors", text, reference) == 1


@pytest.mark.parametrize(
    ("text", "distance"),
    [
        (EFFUSION, 0),
        (MIRRORED, 1),  # one word changed
        ("There is a right pleural effusion.", 1),  # one missing
        ("", 7),
    ],
)
def test_words_to_edit(text: str, distance: int) -> None:
    assert counted("edit_distance", text, EFFUSION) == distance
    assert counted("unchanged", text, EFFUSION) == (distance == 0)


def test_one_findings_hits_leave_the_others_out() -> None:
    text = EFFUSION + " There is a small left pneumothorax."
    assert counted("Pleural Effusion", text, EFFUSION) == [1, 0, 0]
    assert counted("Pneumothorax", text, EFFUSION) == [0, 1, 0]
    assert counted("Pneumothorax", EFFUSION, text) == [0, 0, 1]
