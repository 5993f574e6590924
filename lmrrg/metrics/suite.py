"""Many metrics over one set of pairs, with bootstrap confidence intervals.

Knows metrics only by their interface. Resampling is over reports, with a fixed seed, so a table is repeatable.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmrrg.metrics.interface import Direction, Kind, Metric
from lmrrg.metrics.lite.error_counts import ErrorTerm
from lmrrg.metrics.lite.ratescore_lite import RateScoreLite
from lmrrg.metrics.lite.soft_matching import BertScoreLite
from lmrrg.metrics.radcliq import PairwiseMetric, RadCliqLite, radgraph_lite, semb_lite
from lmrrg.metrics.words import Bleu2, CiderD, RougeL, SacreBleu
from lmrrg.profiles import DEFAULT_PROFILE, Profile


@dataclass(frozen=True, slots=True)
class Summary:
    """One metric over all pairs: its mean, the 95 % interval of the mean, and the score of each pair.

    Attributes:
        mean, ci95: over the pairs that have a score; NaN where none has.
        per_report: None for a pair that could not be judged.
    """

    name: str
    kind: Kind
    direction: Direction
    mean: float
    ci95: tuple[float, float]
    per_report: tuple[float | None, ...]

    @property
    def left_out(self) -> int:
        """How many pairs have no score."""
        return self.per_report.count(None)

    def as_json(self) -> dict[str, object]:
        """The entry of ``python -m lmrrg score --json``."""
        return {
            "kind": self.kind,
            "direction": self.direction,
            "mean": _or_none(self.mean),
            "ci95": [_or_none(end) for end in self.ci95],
            "left_out": self.left_out,
            "per_report": list(self.per_report),
        }


def _or_none(value: float) -> float | None:
    """JSON has no NaN."""
    return value if math.isfinite(value) else None


def embedded_metrics(profile: Profile = DEFAULT_PROFILE) -> list[Metric]:
    """Every rule-based metric over the profile's words, in the order of the table."""
    return [
        RadCliqLite(profile),
        PairwiseMetric("radgraph_lite", radgraph_lite, profile),
        BertScoreLite(profile),
        PairwiseMetric("semb_lite", semb_lite, profile),
        RateScoreLite(profile),
        ErrorTerm(profile),
    ]


def weightless_metrics(profile: Profile = DEFAULT_PROFILE) -> list[Metric]:
    """Every metric that needs no weights: the embedded ones, and the published ones over words."""
    words: list[Metric] = [Bleu2(), *(SacreBleu(n) for n in (1, 2, 3, 4)), RougeL(), CiderD()]
    return embedded_metrics(profile) + words


def bootstrap_ci95(
    values: Sequence[float] | NDArray[np.float64], *, samples: int = 1000, seed: int = 0
) -> tuple[float, float]:
    """Percentile interval of the mean of ``values``, resampled with replacement."""
    array = np.asarray(values, np.float64)
    if array.size == 0:
        return math.nan, math.nan
    rng = np.random.default_rng(seed)
    means = [float(array[rng.integers(0, array.size, array.size)].mean()) for _ in range(samples)]
    low, high = np.percentile(means, [2.5, 97.5])
    return float(low), float(high)


def run_suite(
    candidates: Sequence[str], references: Sequence[str], metrics: Sequence[Metric] | None = None
) -> list[Summary]:
    """Scores all pairs under all metrics. Raises ScoringError where the lengths differ."""
    table: list[Summary] = []
    for metric in embedded_metrics() if metrics is None else metrics:
        every = tuple(None if math.isnan(score) else score for score in metric.score(candidates, references))
        scores = [score for score in every if score is not None]
        mean = sum(scores) / len(scores) if scores else math.nan
        table.append(Summary(metric.name, metric.kind, metric.direction, mean, bootstrap_ci95(scores), every))
    return table
