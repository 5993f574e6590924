"""What every table prints beside a model: reports that need no model at all.

A model that does not clearly beat these has learnt nothing about images. Knows texts only.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from lmrrg.profiles import DEFAULT_PROFILE, Profile

_WORD = re.compile(r"[a-z]+")


def one_normal_report(references: Sequence[str], profile: Profile = DEFAULT_PROFILE) -> list[str]:
    """The same normal report for every study."""
    return [profile.normal_report] * len(references)


def prior_copied(priors: Sequence[str | None], profile: Profile = DEFAULT_PROFILE) -> list[str]:
    """Each study's prior report, and the normal report where there is none."""
    return [prior if prior else profile.normal_report for prior in priors]


def random_other(references: Sequence[str], *, seed: int = 0) -> list[str]:
    """For each study the report of another one, drawn at random; of a single study its own."""
    count = len(references)
    if count < 2:
        return list(references)
    shifts = np.random.default_rng(seed).integers(1, count, count)
    return [references[(index + int(shift)) % count] for index, shift in enumerate(shifts)]


def nearest_training(
    references: Sequence[str], training: Sequence[str], profile: Profile = DEFAULT_PROFILE
) -> list[str]:
    """For each study the training report whose words are nearest its reference (tf-idf cosine).

    An oracle: it looks at the answer. No retrieval of whole reports can be expected to do much better.
    """
    if not training:
        return one_normal_report(references, profile)
    counts = [Counter(_WORD.findall(report.lower())) for report in training]
    columns: dict[str, int] = {}
    for one in counts:
        for word in one:
            columns.setdefault(word, len(columns))
    frequency = np.zeros(max(len(columns), 1))
    for one in counts:
        frequency[[columns[word] for word in one]] += 1
    idf = np.log((1 + len(training)) / (1 + frequency)) + 1
    matrix = np.zeros((len(training), max(len(columns), 1)), np.float32)
    for row, one in enumerate(counts):
        _fill(matrix[row], one, columns, idf)
    chosen: list[str] = []
    for reference in references:
        query = np.zeros(matrix.shape[1], np.float32)
        _fill(query, Counter(_WORD.findall(reference.lower())), columns, idf)
        chosen.append(training[int((matrix @ query).argmax())])
    return chosen


def _fill(row: np.ndarray, counts: Mapping[str, int], columns: Mapping[str, int], idf: np.ndarray) -> None:
    """Write one report's unit tf-idf vector into ``row``; words without a column are left out."""
    for word, count in counts.items():
        if word in columns:
            row[columns[word]] = count * idf[columns[word]]
    norm = float(np.linalg.norm(row))
    if norm:
        row /= norm
