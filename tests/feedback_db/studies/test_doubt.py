"""How much a draft needs a human eye, from its report."""

import pytest

from feedback_db.studies.doubt import doubt_of


def sentence(confidence=None, flag=None):
    return {"text": "x", "confidence": confidence, "flag": flag}


@pytest.mark.parametrize(
    ("report", "needs_eye"),
    [
        ({"needs_eye": 0.25, "sentences": [sentence(0.9)]}, 0.25),
        ({"needs_eye": 7, "sentences": []}, 1.0),
        ({"sentences": [sentence(0.9), sentence(0.7)]}, 0.2),  # 1 − mean 0.8
        ({"sentences": [sentence(0.8, "says otherwise"), sentence(0.8)]}, 0.6),  # 1 − 0.8 · ½
        ({"sentences": [sentence()]}, 0.5),  # nothing told
        ({"sentences": []}, 1.0),
        ({}, 1.0),
    ],
)
def test_needs_eye(report, needs_eye):
    assert doubt_of(report).needs_eye == pytest.approx(needs_eye)


def test_findings_from_a_half_on_and_any_flag_disagrees():
    doubt = doubt_of(
        {
            "sentences": [sentence(0.5), sentence(0.9, "says otherwise")],
            "findings": {"Edema": 0.5, "Fracture": 0.49, "Pneumothorax": 0.9},
        }
    )
    assert doubt.findings == ("Edema", "Pneumothorax")
    assert (doubt.disagrees, doubt.confidence) == (True, pytest.approx(0.7))


def test_findings_that_were_not_told_are_not_none():
    assert doubt_of({"findings": {"Edema": 0.1}}).findings == ()
    assert doubt_of({"findings": {}}).findings is None
    assert [doubt_of(report).listed for report in ({"findings": {"Edema": 0.1}}, {})] == ["|", ""]
