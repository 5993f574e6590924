"""Two accounts of one thing differ in a length, a grade that is left out, or a word that turns the sentence."""

import pytest

from lmrrg.metrics.lite.error_counts import count_errors


def errors(candidate: str, reference: str) -> list[tuple[str, bool]]:
    return [(error.category, error.significant) for error in count_errors(candidate, reference).errors]


@pytest.mark.parametrize(
    ("candidate", "reference", "significant"),
    [
        ("5 mm nodule in the left upper lobe.", "5 cm nodule in the left upper lobe.", True),
        ("9 cm mass in the right lung.", "6 cm mass in the right lung.", True),  # half as large again
        ("7 mm nodule in the right lung.", "10 mm nodule in the right lung.", False),
        (
            "Endotracheal tube tip 14 cm above the carina.",
            "Endotracheal tube tip 4 cm above the carina.",
            True,
        ),
    ],
)
def test_another_length_is_a_wrong_severity(candidate: str, reference: str, significant: bool) -> None:
    assert errors(candidate, reference) == [("wrong severity", significant)]


@pytest.mark.parametrize(
    ("candidate", "reference"),
    [
        ("12 mm nodule in the left upper lobe.", "1.2 cm nodule in the left upper lobe."),
        ("5 mm nodule in the left upper lobe.", "7 mm nodule in the left upper lobe."),  # within 2 mm
        ("40 mm mass in the right lung.", "45 mm mass in the right lung."),  # within a quarter
        ("ET tube tip 3 cm above the carina.", "ET tube tip 4.5 cm above the carina."),  # the neck was bent
        ("Nodule in the left upper lobe.", "5 mm nodule in the left upper lobe."),
    ],
)
def test_lengths_that_readers_or_a_bent_neck_explain_are_no_error(candidate: str, reference: str) -> None:
    assert errors(candidate, reference) == []


def test_a_grave_grade_counts_where_one_side_leaves_it_out() -> None:
    assert errors("Left pleural effusion.", "Massive left pleural effusion.") == [("wrong severity", True)]
    assert errors("Massive left pleural effusion.", "Left pleural effusion.") == [("wrong severity", True)]
    assert errors("Left pleural effusion.", "Small left pleural effusion.") == []


def test_what_is_stated_and_denied_in_one_is_an_error() -> None:
    reference = "Right pleural effusion."
    assert errors(f"{reference} No pleural effusion.", reference) == [("missed finding", True)]
    assert errors(f"{reference} No left pleural effusion.", reference) == []


@pytest.mark.parametrize(
    ("candidate", "reference", "category"),
    [
        ("No effusion on the left.", "No effusion on the right.", "wrong location"),
        ("The aorta does not project to the left.", "The aorta projects to the left.", "missed finding"),
    ],
)
def test_the_same_sentence_with_a_word_that_turns_it_is_an_error(
    candidate: str, reference: str, category: str
) -> None:
    assert [found for found, _ in errors(candidate, reference)] == [category]
