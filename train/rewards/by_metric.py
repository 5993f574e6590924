"""Reward: a score against the signed report by a metric that is given: a published scorer's, or a judge's count.

None where nobody has signed a report, and where the metric could not judge a text. Knows nothing about images.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from lmrrg.metrics.interface import Metric
from train.rewards.base import Completion, text_of


class MetricReward:
    """The metric's score of each text; its negative where a lower score is better."""

    def __init__(self, metric: Metric) -> None:
        self.metric = metric
        self.__name__ = metric.name

    def __call__(
        self, completions: Sequence[Completion], *, reference: Sequence[str | None], **columns: Any
    ) -> list[float | None]:
        judged = {index: signed for index, signed in enumerate(reference) if signed}
        scores = self.metric.score([text_of(completions[index]) for index in judged], list(judged.values()))
        sign = -1.0 if self.metric.direction == "lower" else 1.0
        found = dict(zip(judged, scores, strict=True))
        rewards = [found.get(index, np.nan) for index in range(len(completions))]
        return [None if np.isnan(reward) else sign * reward for reward in rewards]
