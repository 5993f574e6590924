"""Each reward on texts whose worth can be worked out by hand."""

import pickle

import numpy as np
import pytest

from feedback_db.training.configuration import REWARD_NAMES, PreferenceSettings
from lmrrg.profiles.chest.findings import FINDINGS
from train.rewards.base import Evidence, text_of
from train.rewards.by_name import build_rewards
from train.rewards.consistency import agreement
from train.rewards.guards import length_excess, objection, repeated_sentences, repeated_trigrams
from train.rewards.preference_scorer import Choice, fit_scorer

EFFUSION = "Large right pleural effusion."
NORMAL = "The lungs are clear. No pleural effusion."


def message(text: str) -> list[dict[str, str]]:
    return [{"role": "assistant", "content": text}]


def test_the_text_is_taken_out_of_its_message() -> None:
    assert text_of(message("Clear.")) == "Clear."
    assert text_of("Clear.") == "Clear."
    assert text_of([{"role": "assistant", "content": [{"type": "text", "text": "Clear."}]}]) == "Clear."


def test_every_reward_has_its_name_and_can_be_sent_to_another_process() -> None:
    for reward, name in zip(build_rewards(REWARD_NAMES, Evidence()), REWARD_NAMES, strict=True):
        assert reward.__name__ == name
        assert pickle.loads(pickle.dumps(reward)).__name__ == name


def test_radcliq_lite_prefers_the_signed_text_and_is_silent_without_one() -> None:
    (reward,) = build_rewards(["radcliq_lite"], Evidence())
    same, other, unsigned = reward(
        [message(EFFUSION), message(NORMAL), message(NORMAL)],
        reference=[EFFUSION, EFFUSION, None],
        study=["a", "a", "b"],
    )
    assert same is not None
    assert other is not None
    assert same > other
    assert unsigned is None


def test_errors_halve_the_reward_and_are_silent_without_a_signed_text() -> None:
    (reward,) = build_rewards(["errors"], Evidence())
    texts = [message(EFFUSION), message("Large left pneumothorax."), message(NORMAL)]
    # The second misses the effusion and invents a pneumothorax.
    assert reward(texts, reference=[EFFUSION, EFFUSION, None], study=["a", "a", "b"]) == [1.0, 1 / 3, None]


@pytest.mark.parametrize(
    "context", ["COMPARISON: None. ", "INDICATION: Cough. ", "Comparison: Film of 3 May.\n"]
)
def test_what_a_reader_writes_before_the_findings_changes_no_reward(context: str) -> None:
    drafts = [message(text) for text in ("", EFFUSION, NORMAL, "Large left pneumothorax. " * 4)]
    for reward in build_rewards(["radcliq_lite", "errors", "guards"], Evidence()):
        plain, led = (
            reward(drafts, reference=[text] * 4, study=["a"] * 4) for text in (EFFUSION, context + EFFUSION)
        )
        assert led == pytest.approx(plain, abs=1e-9), reward.__name__


def test_an_empty_draft_does_not_please_where_a_heading_leads_the_signed_text() -> None:
    (reward,) = build_rewards(["radcliq_lite"], Evidence())
    signed = "COMPARISON: None. Large right pneumothorax."
    empty, same = reward([message(""), message(signed)], reference=[signed] * 2, study=["a"] * 2)
    assert empty is not None
    assert same is not None
    assert empty < same


def test_agreement_is_one_minus_the_mean_distance() -> None:
    seen = [0.0] * len(FINDINGS)
    seen[FINDINGS.index("Pleural Effusion")] = 1.0
    assert agreement(EFFUSION, seen) == pytest.approx(1.0)
    # An effusion that is seen and denied: one of 13 findings is off by 1.
    assert agreement(NORMAL, seen) == pytest.approx(12 / 13)


def test_consistency_is_silent_on_a_study_that_was_not_looked_at() -> None:
    (reward,) = build_rewards(["consistency"], Evidence(probabilities={"a": [0.0] * 14}))
    known, unknown = reward([message(NORMAL)] * 2, study=["a", "b"])
    assert known == pytest.approx(1.0)
    assert unknown is None


def test_preference_is_silent_without_a_scorer_and_with_too_little_evidence() -> None:
    few = fit_scorer([Choice("a", EFFUSION, NORMAL)], {}, PreferenceSettings())
    for scorer in (None, few):
        (reward,) = build_rewards(["preference"], Evidence(scorer=scorer))
        assert reward([message(NORMAL)], study=["a"]) == [None]


@pytest.mark.parametrize(
    ("text", "share"),
    [
        ("a b c d", 0.0),
        ("a b a b a b", 0.5),  # aba bab aba bab: two of four are new
        ("", 0.0),
    ],
)
def test_repeated_trigrams(text: str, share: float) -> None:
    assert repeated_trigrams(text) == pytest.approx(share)


def test_repeated_sentences() -> None:
    assert repeated_sentences("Clear. No effusion. clear.") == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("words", "excess"),
    [
        (40, 0.0),
        (50, 0.0),  # 1.25 times is free
        (70, 0.5),  # 20 words over 50, of 40
        (32, 0.0),
        (12, 0.5),
    ],
)
def test_length_is_free_within_a_quarter(words: int, excess: float) -> None:
    assert length_excess(words, 40, 40) == pytest.approx(excess)


def test_guards_object_to_nothing_in_the_signed_text_itself() -> None:
    assert objection(NORMAL, *[len(NORMAL.split())] * 2) == 0
    (reward,) = build_rewards(["guards"], Evidence(usual_words=(7, 50)))
    assert reward([message(NORMAL), message("")], reference=[NORMAL, None]) == [0, pytest.approx(-0.8)]


def test_a_reward_answers_one_number_per_text() -> None:
    evidence = Evidence(probabilities={"a": np.full(14, 0.5).tolist()})
    for reward in build_rewards(REWARD_NAMES, evidence):
        assert len(reward([message(NORMAL)] * 3, reference=[NORMAL] * 3, study=["a"] * 3)) == 3


GERMAN = "Kein Pneumothorax. Herz normal groß."


@pytest.mark.parametrize("name", ["radcliq_lite", "errors"])
def test_a_signed_report_of_which_less_than_half_was_read_rewards_nothing(name: str) -> None:
    (reward,) = build_rewards([name], Evidence())
    half = "Kein Pneumothorax. No pleural effusion."
    known = reward([message(NORMAL)] * 3, reference=[GERMAN, half, NORMAL], study=["a", "b", "c"])
    assert [one is None for one in known] == [True, False, False]


def test_a_sentence_that_was_not_read_is_half_an_error_unless_it_was_signed() -> None:
    (reward,) = build_rewards(["errors"], Evidence())
    blorf = f"{EFFUSION} The blorf is grivous."
    assert reward([message(blorf)] * 2, reference=[EFFUSION, blorf], study=["a", "a"]) == [1 / 1.5, 1.0]


def test_what_stands_in_a_sentence_that_was_not_read_agrees_with_no_image() -> None:
    nothing = [0.0] * len(FINDINGS)
    blorf = f"{NORMAL} The blorf is grivous."
    # All that is seen is absent; of 13 findings one is denied, and of twelve the text may say anything.
    assert agreement(blorf, nothing) == pytest.approx(1 - 12 * 0.5 / 13)
    assert agreement(blorf, nothing, signed=blorf) == pytest.approx(1.0)


@pytest.mark.parametrize("name", ["radcliq_lite", "errors", "consistency"])
@pytest.mark.parametrize("signed", [EFFUSION, NORMAL, f"{NORMAL} Mild cardiomegaly."])
def test_a_line_of_comparison_in_the_signed_report_changes_no_reward(name: str, signed: str) -> None:
    (reward,) = build_rewards([name], Evidence(probabilities={"a": [0.3] * 14}))
    texts = [message(text) for text in (EFFUSION, NORMAL, "", signed)]
    plain, with_line = (
        reward(texts, reference=[reference] * 4, study=["a"] * 4)
        for reference in (signed, f"COMPARISON: None. {signed}")
    )
    assert with_line == plain


def test_nobody_earns_by_repeating_less_than_the_signed_report_does() -> None:
    signed = "No effusion is seen. No effusion is seen."
    guards = build_rewards(["guards"], Evidence())[0]
    less = "No effusion is seen on either side."
    assert guards([signed, less], study=["a", "a"], reference=[signed, signed]) == [0, 0]
