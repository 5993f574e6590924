"""Rewards under observation: what they were last asked, what they answered, and what that says of the texts.

From it come the page's signs of collapse, and the scale on which rewards are added. Knows nothing about models or a
trainer's arithmetic.
"""

import math
from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from train.rewards.base import Completion, Reward, text_of
from train.rewards.credit import sentence_credits, token_sentences

_NOTHING_TOLD = 1e-3  # a spread under which a reward's differences are rounding, not judgement


class Observed:
    """A reward that remembers what it was last asked and what it answered."""

    def __init__(self, reward: Reward) -> None:
        self.reward = reward
        self.__name__ = reward.__name__
        self.texts: list[str] = []
        self.columns: dict[str, Sequence[Any]] = {}
        self.answers: list[float | None] = []

    def __call__(self, completions: Sequence[Completion], **columns: Any) -> list[float | None]:
        self.texts = [text_of(completion) for completion in completions]
        self.columns = {name: columns[name] for name in ("study", "reference")}
        self.answers = self.reward(completions, **columns)
        return self.answers

    def earned(self, text: str, study: str, reference: str | None) -> float | None:
        """What it answers to one text; it is not remembered."""
        return self.reward([text], study=[study], reference=[reference])[0]

    def again(self, texts: Sequence[str], index: int) -> NDArray[np.float64]:
        """What it answers to other texts for the study that the text of ``index`` was written for; NaN for None."""
        columns = {name: [column[index]] * len(texts) for name, column in self.columns.items()}
        return np.array(self.reward(texts, **columns), np.float64)


def duplicates(rewards: Sequence[Observed], group: int) -> float:
    """Share of the last studies one of whose texts was also written for another: one report for everybody."""
    texts = rewards[0].texts
    studies = [set(texts[first : first + group]) for first in range(0, len(texts), group)]
    written = Counter(text for study in studies for text in study)
    return float(np.mean([any(written[text] > 1 for text in study) for study in studies]))


def flat_groups(rewards: Sequence[Observed], group: int) -> float:
    """Share of groups in which no reward tells the texts apart: nothing is learned from them."""
    spreads = []
    for reward in rewards:
        values = np.array([np.nan if a is None else a for a in reward.answers], np.float64).reshape(-1, group)
        spreads.append(np.nan_to_num(np.ptp(values, axis=1)))
    return float(np.mean(np.max(spreads, axis=0) < 1e-9))


def group_spread(rewards: Sequence[Observed], group: int) -> NDArray[np.float64]:
    """Each reward's scale in each group, ``[rewards, groups]``: the standard deviation there or over the whole batch.

    The larger of the two, so that a group whose texts hardly differ is not made as loud as one whose texts do; infinite
    where a reward tells no two texts of the batch apart, and so has nothing to say.
    """
    answers = np.array([reward.answers for reward in rewards], np.float64).reshape(len(rewards), -1, group)
    variance = np.ma.masked_invalid(np.ma.masked_invalid(answers).var(axis=2))
    larger = np.ma.maximum(variance, variance.mean(axis=1)[:, None]).filled(0.0)
    return np.asarray(np.where(larger < _NOTHING_TOLD**2, np.inf, np.sqrt(larger)))


def token_advantages(
    rewards: Sequence[Observed], weights: Sequence[float], reached: Sequence[Sequence[int]], group: int
) -> list[NDArray[np.float64]]:
    """What each token of the last texts earned, ``[tokens]`` for each text: the credit of its sentence.

    ``reached`` tells for each text how many of its characters are written once each of its tokens is; ``group`` texts
    belong to each study. A reward that answers None is left out of the sum of that study.
    """
    texts = rewards[0].texts
    group = math.gcd(group, len(texts))  # a process may hold a part of a group only
    spread = group_spread(rewards, group)
    earned = []
    for number, first in enumerate(range(0, len(texts), group)):

        def value(said: Sequence[str], first: int = first, number: int = number) -> NDArray[np.float64]:
            parts = zip(rewards, weights, spread[:, number], strict=True)
            return np.nansum(
                [reward.again(said, first) * (weight / scale) for reward, weight, scale in parts], 0
            )

        chosen = slice(first, first + group)
        for text, tokens, credit in zip(
            texts[chosen], reached[chosen], sentence_credits(texts[chosen], value), strict=True
        ):
            earned.append(credit[token_sentences(text, tokens)])
    return earned
