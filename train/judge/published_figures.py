"""Figures by published scorers and by a language model, beside those of ``figures`` that need nothing.

A report that the judge could not judge has NaN for its count, and its study is left out of that figure for both
versions. Knows nothing about thresholds: those are the gate's.
"""

import dataclasses
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from lmrrg.metrics.interface import Metric
from lmrrg.metrics.published.language_model_judge import LanguageModelJudge
from lmrrg.metrics.published.scorers import PublishedScorers
from lmrrg.profiles import DEFAULT_PROFILE, Profile
from train.judge import bootstrap
from train.judge.bootstrap import compare
from train.judge.figures import Count, Direction, Figure
from train.work.results import Measured

# Name → title and direction, in the order of the table.
PUBLISHED: dict[str, tuple[str, Direction]] = {
    "radcliq_v1": ("RadCliQ-v1", "lower"),
    "chexbert_f1": ("CheXbert F1, 13 findings, micro", "higher"),
    "radgraph_partial": ("RadGraph F1, partial", "higher"),
    "bertscore": ("BERTScore", "higher"),
    "semb": ("CheXbert cosine", "higher"),
    "ratescore": ("RaTEScore", "higher"),
    "judged_errors": ("significant errors per report, as a language model counts them", "lower"),
}


def published_figures(scorers: PublishedScorers, judge: Metric | None = None) -> dict[str, Figure]:
    """A figure for each published score that can be had, for CheXbert's labels, and for a judge where there is one."""
    metrics: dict[str, Metric] = {one.name: one for one in scorers.metrics()}
    if judge is not None:
        metrics[judge.name] = judge
    figures = {}
    for name, (title, direction) in PUBLISHED.items():
        if name in metrics:
            figures[name] = Figure(title, direction, _scores(metrics[name]))
        elif name == "chexbert_f1" and "semb" in metrics:
            figures[name] = Figure(title, direction, _label_hits(scorers), bootstrap.f1)
    return figures


def _scores(metric: Metric) -> Count:
    def count(
        texts: Sequence[str], references: Sequence[str], profile: Profile = DEFAULT_PROFILE
    ) -> NDArray[np.float64]:
        return np.asarray(metric.score(texts, references), np.float64)

    return count


def _label_hits(scorers: PublishedScorers) -> Count:
    """True positives, false positives and false negatives of CheXbert's positive labels, ``[n, 3]``."""

    def count(
        texts: Sequence[str], references: Sequence[str], profile: Profile = DEFAULT_PROFILE
    ) -> NDArray[np.float64]:
        labels = scorers.labels([*texts, *references])
        positive = [
            {name for name, said in one.items() if said == "positive"} - {"No Finding"} for one in labels
        ]
        pairs = zip(positive[: len(texts)], positive[len(texts) :], strict=True)
        rows = [[len(said & true), len(said - true), len(true - said)] for said, true in pairs]
        return np.asarray(rows, np.float64).reshape(-1, 3)

    return count


def measured_by(
    figures: Mapping[str, Figure],
    texts: Sequence[str],
    live_texts: Sequence[str],
    references: Sequence[str],
    *,
    resamples: int,
    profile: Profile = DEFAULT_PROFILE,
) -> dict[str, Measured]:
    """Each figure's comparison over the studies that have a count on both sides; none where no study has."""
    found = {}
    for name, figure in figures.items():
        ours, theirs = (figure.count(one, references, profile) for one in (texts, live_texts))
        counted = ~np.isnan(ours + theirs).reshape(len(references), -1).any(axis=1)
        if counted.any():
            compared = compare(ours[counted], theirs[counted], figure.statistic, resamples=resamples)
            found[name] = Measured(**dataclasses.asdict(compared))
    return found


def left_out(found: Mapping[str, Measured], judge: LanguageModelJudge, studies: int) -> str | None:
    """What is to be told where the judge could not judge every study for both versions; else None."""
    missing = studies - (found[judge.name].n if judge.name in found else 0)
    if not missing:
        return None
    why = judge.reasons.most_common(1)[0][0] if judge.reasons else "no count came back"
    return (
        f"{missing} of {studies} held-out studies could not be judged by “{judge.server.name}” and are left out of its "
        f"figure. Most often: {why}"
    )
