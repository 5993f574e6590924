"""What of a report speaks of this film, and what stands under headings that do not."""

import random

import pytest

from lmrrg.metrics.lite.labels import label_report
from lmrrg.metrics.lite.report_sentences import split_sentences


def read(report: str) -> list[str]:
    return [sentence.text for sentence in split_sentences(report)]


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        ("COMPARISON: None. Large right pneumothorax.", ["Large right pneumothorax."]),
        ("Comparison: 3 May. Moderate left effusion.", ["Moderate left effusion."]),
        ("TECHNIQUE: Single AP view. There is a fracture.", ["There is a fracture."]),
        ("Reason for study: trauma. Findings: Rib fractures.", ["Rib fractures."]),
        ("Clear. Comparison: None available. Impression: Mass.", ["Clear.", "Mass."]),
        ("INDICATION: Shortness of breath, rule out pneumonia.", []),
        ("CLINICAL INFORMATION: Line placement. Line ends in the SVC.", ["Line ends in the SVC."]),
        ("HISTORY: Pneumonia. Prior left pneumothorax.\nFINDINGS: Clear.", ["Clear."]),
        ("HISTORY: Pneumonia. Left pneumothorax.\n\nClear lungs.", ["Clear lungs."]),
        ("Comparison: prior film with effusion.\n\nThe lungs are clear.", ["The lungs are clear."]),
        ("COMPARISON:\n\nThe lungs are clear.", ["The lungs are clear."]),
        ("COMPARISON: The effusion has increased.", ["The effusion has increased."]),
        ("COMPARISON: No prior studies are available. Mass.", ["Mass."]),
        ("indication: cough\nimpression: Mass.", ["Mass."]),
        ("Small effusion in comparison: larger.", ["Small effusion in comparison: larger."]),
        ("INDICATION\nCough\n\nFINDINGS\nClear", ["Clear"]),
    ],
)
def test_what_is_read(report: str, expected: list[str]) -> None:
    assert read(report) == expected


@pytest.mark.parametrize(
    ("report", "expected"),
    [
        ("No pneumothorax period Small effusion period", ["No pneumothorax .", "Small effusion ."]),
        ("No blunting comma no mass", ["No blunting ,     no mass"]),
        ("No mass comma no effusion", ["No mass ,     no effusion"]),
        ("No mass new paragraph heart big", ["No mass", "heart big"]),
        ("Stable over a period of days.", ["Stable over a period of days."]),
        ("Stable in the postoperative period.", ["Stable in the postoperative period."]),
        ("Air in the colon. Clear.", ["Air in the colon.", "Clear."]),
        ("No&nbsp;mass.<br/>Small effusion.", ["No      mass.", "Small effusion."]),
    ],
)
def test_commands_and_marks_are_punctuation_in_their_place(report: str, expected: list[str]) -> None:
    assert read(report) == expected


def test_a_heading_before_them_leaves_the_places_as_they_are() -> None:
    report = "COMPARISON: None. Large right pneumothorax; small effusion There is a mass."
    assert [report[s.start : s.start + len(s.text)] for s in split_sentences(report)] == read(report)


@pytest.mark.parametrize("lead", ["lungs and " * 300, "The heart is normal. " * 8000, "clear, " * 20_000])
def test_the_end_of_a_text_of_any_length_is_read(lead: str) -> None:
    assert label_report(lead + "large right pneumothorax.")["Pneumothorax"] == "positive"


PIECES = (
    *(
        "COMPARISON: ",
        "HISTORY: ",
        "FINDINGS:",
        "Impression: ",
        "None. ",
        "Dr. ",
        "1. ",
        "a ",
        "No mass",
        "; ",
    ),
    *(
        ". ",
        "\n",
        "\n\n",
        "\u2028",
        "?",
        "•",
        "<br>",
        "&nbsp;",
        "period ",
        " There ",
        ":",
        "-",
        ") ",
        "x" * 900,
    ),
)


def test_any_join_of_pieces_is_cut_without_an_overlap_and_nothing_under_no_heading_is_left_out() -> None:
    rng = random.Random(0)
    for _ in range(3000):
        report = "".join(rng.choices(PIECES, k=rng.randint(1, 14)))
        end = 0
        for sentence in split_sentences(report):
            assert sentence.start >= end
            end = sentence.start + len(sentence.text)
            assert end <= len(report)
        if ":" not in report:
            assert "".join(read(report)).count("No mass") == report.count("No mass")
