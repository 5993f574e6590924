"""What the rewards answered to the last texts: signs of collapse, and what each token earned."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest

from train.rewards.advantages import Observed, duplicates, flat_groups, group_spread, token_advantages


def answers(*values: float | None) -> Observed:
    observed = Observed(lambda completions, **columns: list(values))  # type: ignore[arg-type]
    observed.answers = list(values)
    return observed


class Says:
    """1 for a text that says the word, else 0; None for a study of that name."""

    def __init__(self, word: str, silent_on: str = "") -> None:
        self.__name__, self.word, self.silent_on = word, word, silent_on

    def __call__(
        self, completions: Sequence[Any], *, study: Sequence[str], **columns: Any
    ) -> list[float | None]:
        asked = zip(completions, study, strict=True)
        return [None if key == self.silent_on else float(self.word in text) for text, key in asked]


def test_a_group_is_flat_when_no_reward_tells_its_texts_apart() -> None:
    def answers(*values: float | None) -> Observed:
        observed = Observed(lambda completions, **columns: list(values))  # type: ignore[arg-type]
        observed.answers = list(values)
        return observed

    one = answers(1.0, 1.0, 2.0, 3.0)  # flat, then not
    assert flat_groups([one], 2) == 0.5
    assert flat_groups([one, answers(0.0, 1.0, 0.0, 0.0)], 2) == 0.0
    assert flat_groups([answers(None, None, 1.0, 1.0)], 2) == 1.0


def test_a_text_repeated_for_its_own_study_is_no_sign_of_collapse_and_one_for_another_is() -> None:
    def share(*texts: str) -> float:
        reward = answers()
        reward.texts = list(texts)
        return duplicates([reward], 2)

    assert share("a", "a", "b", "c") == 0
    assert share("a", "b", "c", "b", "d", "e") == pytest.approx(2 / 3)


def test_a_quiet_group_is_held_against_the_whole_batch() -> None:
    spread = group_spread([answers(0.0, 2.0, 0.0, 0.0)], 2)
    # Variances 1 and 0, so 0.5 over the batch.
    np.testing.assert_allclose(spread, [[1.0, 0.5**0.5]], atol=1e-5)


def test_a_reward_that_tells_nothing_apart_has_no_scale_and_none_does_not_lower_it() -> None:
    assert group_spread([answers(0.5, 0.5, 0.5, 0.5)], 2).tolist() == [[np.inf, np.inf]]
    silent_first = group_spread([answers(None, None, 0.0, 2.0, 0.0, 0.0)], 2)
    np.testing.assert_allclose(silent_first, [[np.inf, 1.0, 0.5**0.5]])
    assert group_spread([answers(None, None)], 2).tolist() == [[np.inf]]


def asked(rewards: Sequence[Observed], texts: list[str], study: list[str]) -> None:
    for reward in rewards:
        reward(texts, study=study, reference=[None] * len(texts))


def test_only_the_tokens_of_the_sentence_that_counts_earn_something() -> None:
    reward = Observed(Says("Edema"))
    asked([reward], ["Clear. Edema.", "Clear. No."], ["one", "one"])
    # "Clear|.| Ed|ema|.|" and "Clear|.| No|.|", each with the token that ends it
    first, second = token_advantages([reward], [1.0], [[5, 6, 9, 12, 13, 13], [5, 6, 9, 10, 10]], 2)
    # The answers 1 and 0 spread by one half, so the one sentence that differs is worth 2.
    assert first == pytest.approx([0, 0, 2, 2, 2, 0], abs=1e-4)
    assert second == pytest.approx([0, 0, -2, -2, 0], abs=1e-4)


def test_a_reward_that_does_not_apply_is_left_out() -> None:
    rewards = [Observed(Says("Edema")), Observed(Says("Clear", silent_on="one"))]
    asked(rewards, ["Edema.", "Clear."], ["one", "one"])
    first, second = token_advantages(rewards, [1.0, 5.0], [[6], [6]], 2)
    assert (first, second) == (pytest.approx([2], abs=1e-4), pytest.approx([-2], abs=1e-4))
