"""A report is rewritten by rule: what was asked for is said, and what else it said stays said."""

from collections.abc import Sequence

import pytest
from fastapi.testclient import TestClient

from lmrrg.profiles import DEFAULT_PROFILE
from lmrrg.profiles.chest.phantom import SITES, draw
from ui.words import rewriting

REPORT = [
    "There is a mass in the right mid lung zone.",
    "There is no pleural effusion or pneumothorax.",
    "Heart size is normal.",
]


def phantom_findings(seed: int) -> list[str]:
    phantom = draw(seed, size=64, site=sorted(SITES)[seed % len(SITES)])
    texts = [sentence.text for sentence in phantom.sentences]
    return [text for text in texts if not text.lower().startswith("impression")]


@pytest.mark.parametrize("finding", DEFAULT_PROFILE.statements)
def test_a_statement_says_its_finding_and_no_other(finding: str) -> None:
    there, not_there = DEFAULT_PROFILE.statements[finding]
    assert rewriting.stated([there]) == {finding: "positive"}
    assert rewriting.stated([not_there]) == {finding: "negative"}


def test_an_added_finding_takes_its_denial_away_and_leaves_the_other() -> None:
    assert rewriting.with_finding(REPORT, "Pleural Effusion", present=True) == [
        "There is a mass in the right mid lung zone.",
        "There is a pleural effusion.",
        "There is no pneumothorax.",
        "Heart size is normal.",
    ]


def test_a_normal_structure_is_taken_out_with_what_it_implies() -> None:
    assert rewriting.with_finding(REPORT, "Cardiomegaly", present=True)[-1] == "The heart is enlarged."


def test_a_removed_finding_is_denied_in_its_place() -> None:
    assert (
        rewriting.with_finding(REPORT, "Lung Lesion", present=False)[0] == "There is no lung nodule or mass."
    )


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("present", [True, False])
def test_every_finding_can_be_set_and_the_others_stay(seed: int, present: bool) -> None:
    report = phantom_findings(seed)
    before = rewriting.stated(report)
    for finding in DEFAULT_PROFILE.statements:
        after = rewriting.stated(rewriting.with_finding(report, finding, present=present))
        assert after.pop(finding) == ("positive" if present else "negative")
        explicit = {name: label for name, label in before.items() if name != finding}
        assert {name: after.get(name) for name in explicit} == explicit


def test_the_impression_names_what_is_abnormal_in_short() -> None:
    findings = [
        "Heart mildly enlarged.",
        "Small left effusion is seen, no pneumothorax.",
        "The lungs are clear.",
    ]
    assert rewriting.impression(findings) == (("Mild cardiomegaly.", "Small left effusion."), ())


@pytest.mark.parametrize(
    "findings",
    [
        ["The lungs are clear."],
        [
            "Heart size and mediastinal contours are normal.",
            "No focal consolidation, effusion, or pneumothorax.",
        ],
    ],
)
def test_the_impression_of_a_normal_report_reassures(findings: list[str]) -> None:
    assert rewriting.impression(findings) == (("No acute cardiopulmonary abnormality.",), ())


@pytest.mark.parametrize(
    "sentence",
    [
        "The blorf is grivous.",
        "No effusion, blorf on the right.",  # read in part
        "Beidseits Stauungszeichen, das Herz ist verbreitert.",
        "Herz und Lunge unauffällig.",  # normal, but in a language that is not read
        "Evaluate for pneumonia.",  # asked, not said
        "…",
    ],
)
def test_a_sentence_that_was_not_read_forbids_to_reassure_and_is_named(sentence: str) -> None:
    assert rewriting.impression(["The lungs are clear.", sentence]) == ((), (sentence,))


@pytest.mark.parametrize(
    ("sentence", "abnormal"),
    [
        ("ARDS.", "ARDS."),
        ("Pnuemothorax on the right.", "Pnuemothorax on the right."),
        ("White-out of the left hemithorax.", "White-out of the left hemithorax."),
        ("Endotracheal tube in the right main bronchus.", "Endotracheal tube in the right main bronchus."),
        ("Heart: enlarged.", "Cardiomegaly."),
    ],
)
def test_what_the_labels_have_no_name_for_is_taken_over(sentence: str, abnormal: str) -> None:
    assert rewriting.impression(["The lungs are clear.", sentence]) == ((abnormal,), ())


def test_a_device_that_lies_wrong_is_abnormal_and_one_that_lies_well_is_not() -> None:
    wrong = "Endotracheal tube in the right main bronchus."
    assert rewriting.impression(["The lungs are clear.", wrong]) == ((wrong,), ())
    well = "The endotracheal tube is in good position."
    assert rewriting.impression(["The lungs are clear.", well]) == ((DEFAULT_PROFILE.nothing_wrong,), ())


def test_what_is_abnormal_is_taken_over_and_the_rest_left_to_the_reader() -> None:
    findings = [
        "The blorf is grivous.",
        "There is a left pleural effusion.",
        "The lungs are not clear.",
        "The heart is normal.",
    ]
    assert rewriting.impression(findings) == (
        ("Left pleural effusion.", "The lungs are not clear."),
        ("The blorf is grivous.",),
    )


def test_what_is_abnormal_in_a_sentence_read_in_part_is_taken_over_and_the_sentence_named() -> None:
    sentence = "Left pleural effusion beside the blorf."
    assert rewriting.impression([sentence]) == ((sentence,), (sentence,))


def test_a_device_in_its_place_does_not_forbid_to_reassure() -> None:
    findings = ["The lungs are clear.", "Endotracheal tube tip 4 cm above the carina."]
    assert rewriting.impression(findings) == ((DEFAULT_PROFILE.nothing_wrong,), ())


def test_nothing_stated_is_not_normal() -> None:
    assert rewriting.impression(["Comparison is made with the prior study."]) == ((), ())


@pytest.mark.parametrize("sentence", ["There is an abnormality in the left lung.", "Possible disease."])
def test_an_abnormality_without_a_name_forbids_to_reassure(sentence: str) -> None:
    assert (
        DEFAULT_PROFILE.nothing_wrong
        not in rewriting.impression(["The lungs are clear.", sentence]).sentences
    )


@pytest.mark.parametrize("context", ["COMPARISON: None.", "INDICATION: Evaluate for pneumonia.", "FINDINGS:"])
def test_what_is_no_finding_is_left_out_of_account(context: str) -> None:
    reassured = ((DEFAULT_PROFILE.nothing_wrong,), ())
    assert rewriting.impression([context, "No effusion or pneumothorax."]) == reassured
    assert rewriting.impression([context]) == ((), ())


def test_no_findings_are_not_normal_findings() -> None:
    assert rewriting.impression([]) == ((), ())


@pytest.mark.parametrize("seed", range(12))
def test_the_impression_has_every_finding_of_the_report(seed: int) -> None:
    report = phantom_findings(seed)

    def diseases(sentences: Sequence[str]) -> set[str]:
        said = rewriting.stated(sentences)
        return {name for name, label in said.items() if label == "positive"} - {"Support Devices"}

    assert diseases(rewriting.impression(report).sentences) == diseases(report)


def test_an_edit_suggests_the_errors_that_it_corrected() -> None:
    assert rewriting.errors_corrected("Heart size is normal.", "Heart mildly enlarged.") == [
        ("missed finding", True)
    ]
    assert rewriting.errors_corrected("There is a mass in the right lung.", "") == [("false finding", True)]
    assert rewriting.errors_corrected("The lungs are clear.", "The lungs are clear.") == []


def test_the_routes_answer_in_the_page_s_shapes(reader: TestClient) -> None:
    edit = {"drafted": "Heart size is normal.", "edited": "The heart is enlarged."}
    answer = reader.post("/api/wording/errors", json=edit).json()
    assert answer == {"errors": [{"category": "missed finding", "significant": True}]}
    assert reader.post("/api/wording/findings", json={"sentences": ["No effusion."]}).json() == {
        "stated": {"Pleural Effusion": "negative"}
    }
    assert reader.post("/api/wording/impression", json={"sentences": ["Blorf."]}).json() == {
        "sentences": [],
        "not_read": ["Blorf."],
    }
    assert reader.post("/api/wording/unread", json={"sentences": ["No effusion.", "Blorf."]}).json() == {
        "sentences": ["Blorf."]
    }
    body = {"sentences": REPORT, "finding": "Horns", "present": True}
    assert reader.post("/api/wording/finding", json=body).status_code == 403
