"""Reward: closeness to the signed report, −RadCliQ over embedded components.

None where nobody has signed a report, or the rules read less than half of it. Knows nothing about images.
"""

from collections.abc import Sequence
from typing import Any

from lmrrg.metrics.lite.coverage import read_enough
from lmrrg.metrics.radcliq import RadCliqLite
from train.rewards.base import Completion, Evidence, text_of


class RadcliqLiteReward:
    """−``radcliq_lite`` of each text against its study's signed report."""

    __name__ = "radcliq_lite"

    def __init__(self, evidence: Evidence) -> None:
        self.profile = evidence.profile
        self.metric = RadCliqLite(self.profile)

    def __call__(
        self, completions: Sequence[Completion], *, reference: Sequence[str | None], **columns: Any
    ) -> list[float | None]:
        judged = [index for index, text in enumerate(reference) if text and read_enough(text, self.profile)]
        scores = self.metric.score(
            [text_of(completions[index]) for index in judged], [reference[index] or "" for index in judged]
        )
        rewards: list[float | None] = [None] * len(completions)
        for index, score in zip(judged, scores, strict=True):
            rewards[index] = -float(score)
        return rewards
