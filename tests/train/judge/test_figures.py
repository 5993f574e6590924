"""The figures that versions are compared by, on texts whose counts can be worked out by hand."""

import pytest

from lmrrg.profiles.chest import phantom
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


def test_what_was_not_read_is_not_without_disease_and_is_told_beside() -> None:
    german = NORMAL + " Kein Pneumothorax."
    assert (counted("all_normal", NORMAL, NORMAL), counted("all_normal", german, NORMAL)) == (1, 0)
    assert (counted("read", NORMAL, NORMAL), counted("read", german, NORMAL)) == ([2, 2], [2, 3])


ITEMS = {
    "Pneumothorax": "Pneumothorax",
    "Pleural Effusion": "Pleural effusion",
    "Cardiomegaly": "Cardiomegaly",
    "Consolidation": "Consolidation",
    "Fracture": "Rib fracture",
}


def in_a_template(study: phantom.Phantom) -> str:
    """What a reader signs who fills in items: "Pneumothorax: small, right. Pleural effusion: none." """
    there = {
        one.finding: ", ".join(filter(None, (one.severity, one.side))) for one in study.truth.abnormalities
    }
    return " ".join(f"{item}: {there.get(finding, 'none')}." for finding, item in ITEMS.items())


def test_a_reader_who_signs_by_template_makes_no_errors_of_right_drafts() -> None:
    drawn = (phantom.draw(seed, size=64, prior=False) for seed in range(90))
    named = {"Pneumothorax", "Pleural Effusion", "Cardiomegaly"}
    fitting = [one for one in drawn if not one.truth.devices and _findings(one) <= named]
    drafts, signed = [one.report for one in fitting], [in_a_template(one) for one in fitting]
    assert len(fitting) >= 40
    healthy = sum(not _findings(one) for one in fitting) / len(fitting)
    assert 0 < healthy < 1
    assert FIGURES["errors"].count(drafts, signed).mean() < 0.1
    assert FIGURES["all_normal"].count(signed, signed).mean() == healthy
    assert FIGURES["read"].count(signed, signed).tolist() == [[5, 5]] * len(fitting)


def _findings(study: phantom.Phantom) -> set[str]:
    return {one.finding for one in study.truth.abnormalities}
