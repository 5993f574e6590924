"""Structured reports: an item, a colon (or a dash), and its state."""

import pytest

from lmrrg.metrics.lite.labels import label_report, mentions


@pytest.mark.parametrize(
    "answer", [": None", ": neg", " - none", ": nil", ": absent", ": 0", " = no", ": none seen"]
)
def test_an_item_answered_with_no_is_denied(answer: str) -> None:
    assert label_report(f"Pneumothorax{answer}.")["Pneumothorax"] == "negative"


@pytest.mark.parametrize("answer", [": small", ": yes", ": present", " - yes, mild", ": small, left"])
def test_an_item_that_is_there_is_stated(answer: str) -> None:
    assert label_report(f"Pneumothorax{answer}.")["Pneumothorax"] == "positive"


@pytest.mark.parametrize("item", ["Heart: enlarged.", "Heart size: mildly enlarged.", "Heart - enlarged"])
def test_a_structure_and_its_state(item: str) -> None:
    assert label_report(item)["Cardiomegaly"] == "positive"


def test_an_answer_ends_its_item() -> None:
    read = label_report("Pneumothorax: none, effusion: small.")
    assert (read["Pneumothorax"], read["Pleural Effusion"]) == ("negative", "positive")


def test_a_place_before_the_colon_is_the_place_of_what_follows() -> None:
    (mention,) = mentions("Right lung: consolidation.")
    assert (mention.finding, mention.laterality) == ("Consolidation", "right")


def test_no_before_a_noun_is_no_answer() -> None:
    read = label_report("Pleura: no effusion, small pneumothorax.")
    assert (read["Pleural Effusion"], read["Pneumothorax"]) == ("negative", "positive")


def test_negative_for_denies_what_follows_and_not_its_subject() -> None:
    read = label_report("The left hemithorax is negative for effusion.")
    assert read["Pleural Effusion"] == "negative"
