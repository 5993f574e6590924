"""What is read, and what is said not to be read."""

import pytest

from lmrrg.metrics.lite.coverage import coverage, not_read
from lmrrg.metrics.lite.labels import label_report, mentions


def unread_words(sentence: str) -> list[str]:
    return [one.text[start:end] for one in not_read(sentence) for start, end in one.unread]


def test_a_sentence_of_known_words_is_read() -> None:
    assert unread_words("There is a small right pleural effusion.") == []


def test_a_word_that_nobody_knows_is_named() -> None:
    assert unread_words("There is a small right effusion beside the blorf.") == ["blorf"]


@pytest.mark.parametrize("sentence", ["The gallbladder is markedly wet.", "Wet left hilum."])
def test_a_quality_that_no_rule_reads_is_not_understood(sentence: str) -> None:
    assert unread_words(sentence) != []


@pytest.mark.parametrize(
    "sentence",
    [
        "Kein Pneumothorax.",
        "Sin evidencia de neumotórax.",
        "Pas de pneumothorax.",
        "Non si osserva pneumothorax.",
        "Geen pneumothorax.",
    ],
)
def test_another_language_is_not_read_and_states_nothing(sentence: str) -> None:
    assert (len(not_read(sentence)), mentions(sentence)) == (1, [])


def test_the_share_that_was_read() -> None:
    read = coverage(["No effusion. No pneumothorax.", "No effusion. The blorf is grivous."])
    assert read == (0.75, 0.5)


def test_a_heart_by_its_ratio() -> None:
    assert label_report("Cardiothoracic ratio is 0.64.")["Cardiomegaly"] == "positive"
    assert label_report("CTR 45%.")["Cardiomegaly"] == "negative"
