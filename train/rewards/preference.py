"""Reward: what the readers' choices and edits say they prefer. None where there is no evidence."""

from collections.abc import Sequence
from typing import Any

from train.rewards.base import Completion, Evidence, text_of


class PreferenceReward:
    """The preference scorer's opinion of each text beside its study's image."""

    __name__ = "preference"

    def __init__(self, evidence: Evidence) -> None:
        self.scorer, self.probabilities = evidence.scorer, evidence.probabilities

    def __call__(
        self, completions: Sequence[Completion], *, study: Sequence[str], **columns: Any
    ) -> list[float | None]:
        if self.scorer is None:
            return [None] * len(completions)
        return [
            self.scorer.score(text_of(completion), self.probabilities.get(key))
            for completion, key in zip(completions, study, strict=True)
        ]
