"""Many metrics over one set of pairs, with bootstrap confidence intervals.

Knows metrics only by their interface. Resampling is over reports, with a fixed seed, so a table is repeatable.
"""

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
    """One metric over all pairs: its mean, the 95 % interval of the mean, and the score of each pair."""

    name: str
    kind: Kind
    direction: Direction
    mean: float
    ci95: tuple[float, float]
    per_report: tuple[float, ...]

    def as_json(self) -> dict[str, object]:
        """The entry of ``python -m lmrrg score --json``."""
        return {
            "kind": self.kind,
            "direction": self.direction,
            "mean": self.mean,
            "ci95": list(self.ci95),
            "per_report": list(self.per_report),
        }


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
        return 0.0, 0.0
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
        scores = metric.score(candidates, references)
        mean = sum(scores) / len(scores) if scores else 0.0
        table.append(
            Summary(metric.name, metric.kind, metric.direction, mean, bootstrap_ci95(scores), tuple(scores))
        )
    return table
