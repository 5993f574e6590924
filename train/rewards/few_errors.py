"""Reward: few significant errors by rules against the signed report, 1 ÷ (1 + errors) as in UniRG (arXiv 2601.17151).

A sentence that the rules did not read counts half an error. None where nobody has signed a report, or less than half of
it was read. Knows nothing about images.
"""

from collections.abc import Sequence
from typing import Any

from lmrrg.metrics.lite.coverage import read_enough
from lmrrg.metrics.lite.error_counts import count_errors
from train.rewards.base import Completion, Evidence, text_of


class ErrorsReward:
    """1 for a text without a significant error, 1/2 for one error, 1/3 for two …"""

    __name__ = "errors"

    def __init__(self, evidence: Evidence) -> None:
        self.profile = evidence.profile

    def __call__(
        self, completions: Sequence[Completion], *, reference: Sequence[str | None], **columns: Any
    ) -> list[float | None]:
        return [
            count_errors(text_of(completion), signed, self.profile).reward
            if signed and read_enough(signed, self.profile)
            else None
            for completion, signed in zip(completions, reference, strict=True)
        ]
