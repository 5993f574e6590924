"""Which of two texts a reader would prefer for an image: a Bradley-Terry scorer, linear in features of both.

Learns from A/B choices and from edits (the draft loses against what was signed in its place). A text is described
by its labels set against what the region extractor sees in the image, and by which words and pairs of words it
uses. The features of a text have the same norm whatever its length, so length alone earns nothing.

Does not know the patient, the reader or the model that wrote a text. Stays silent (None) when it was fitted on too
few comparisons, or when it cannot tell held-back comparisons apart.
"""

import itertools
import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from feedback_db.training.configuration import PreferenceSettings
from lmrrg.metrics.lite.labels import label_report
from lmrrg.profiles import DEFAULT, DEFAULT_PROFILE, Profile, load
from train.work.job import read_json, write_json

_BUCKETS = 2048  # for hashed words and pairs of words
_PER_FINDING = 5  # positive × p, positive × (1 − p), negative × p, negative × (1 − p), uncertain
_FOLDS = 4

Vector = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Choice:
    """One comparison of two texts for the same study.

    Attributes:
        study: key of the study.
        weight: how much it counts; 1 for a plain choice.
        tie: neither was better: counts as half a win for each.
    """

    study: str
    chosen: str
    rejected: str
    weight: float = 1.0
    tie: bool = False


def _label_features(text: str, probabilities: Vector, profile: Profile) -> Vector:
    features = np.zeros((len(profile.findings), _PER_FINDING))
    labels = label_report(text, profile)
    for row, (finding, p) in enumerate(zip(profile.findings, probabilities, strict=True)):
        match labels[finding]:
            case "positive":
                features[row, 0:2] = p, 1 - p
            case "negative":
                features[row, 2:4] = p, 1 - p
            case "uncertain":
                features[row, 4] = 1
            case None:  # not mentioned, or in a sentence that was not read
                pass
    return features.ravel()


def _word_features(text: str) -> Vector:
    words = re.findall(r"[a-z]+|\d+|[^\sa-z\d]", text.lower())
    grams = set(words) | {f"{a} {b}" for a, b in itertools.pairwise(words)}
    features = np.zeros(_BUCKETS)
    for gram in grams:
        features[zlib.crc32(gram.encode()) % _BUCKETS] += 1
    return features


def text_features(
    text: str, probabilities: Sequence[float] | None, profile: Profile = DEFAULT_PROFILE
) -> Vector:
    """Features ``[d]`` of a text beside an image with these finding probabilities (None: not known, one half).

    The part of the labels and the part of the words each have norm 1 (0 where there is nothing).
    """
    known = (
        np.full(len(profile.findings), 0.5)
        if probabilities is None
        else np.asarray(probabilities, np.float64)
    )
    parts = [_label_features(text, known, profile), _word_features(text)]
    return np.concatenate([part / max(float(np.linalg.norm(part)), 1e-12) for part in parts])


def _no_preference(profile: Profile) -> Vector:
    """Weights ``[d]`` of nothing: as many as ``text_features`` has."""
    return np.zeros(len(profile.findings) * _PER_FINDING + _BUCKETS)


def _fit(differences: Vector, weights: Vector, ridge: float) -> Vector:
    """Weights ``[d]`` that maximise the penalised likelihood of ``differences [n, d]`` (chosen − rejected)."""

    def loss(theta: Vector) -> tuple[float, Vector]:
        margins = differences @ theta
        value = float(weights @ np.logaddexp(0, -margins) + 0.5 * ridge * theta @ theta)
        slope = -weights / (1 + np.exp(np.clip(margins, -50, 50)))
        return value, slope @ differences + ridge * theta

    start = np.zeros(differences.shape[1])
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B").x, np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class PreferenceScorer:
    """A fitted scorer.

    Attributes:
        theta: weights ``[d]`` of the features.
        comparisons: how many comparisons it was fitted on, ties apart.
        accuracy: share of comparisons it got right when their studies were held back; None if too few.
        heard: whether its answers are evidence.
        profile: the kind of examination that the texts are of; its findings are among the features.
    """

    theta: Vector
    comparisons: int
    accuracy: float | None
    heard: bool
    profile: Profile = DEFAULT_PROFILE

    def score(self, text: str, probabilities: Sequence[float] | None = None) -> float | None:
        """How much a reader would like ``text``; only differences for one image mean something. None: no evidence."""
        if not self.heard:
            return None
        return float(self.theta @ text_features(text, probabilities, self.profile))

    def save(self, path: Path) -> None:
        filled = np.flatnonzero(self.theta)
        content = {
            "comparisons": self.comparisons,
            "accuracy": self.accuracy,
            "heard": self.heard,
            "profile": self.profile.name,
            "theta": {str(index): float(self.theta[index]) for index in filled},
        }
        write_json(path, content)

    @classmethod
    def load(cls, path: Path) -> "PreferenceScorer":
        content = read_json(path)
        profile = load(content.get("profile", DEFAULT))
        theta = _no_preference(profile)
        for index, value in content["theta"].items():
            theta[int(index)] = value
        return cls(theta, content["comparisons"], content["accuracy"], content["heard"], profile)


def _held_back_accuracy(
    differences: Vector, weights: Vector, decided: NDArray[np.bool_], folds: NDArray[np.int_], ridge: float
) -> float | None:
    right: list[bool] = []
    for fold in np.unique(folds):
        inside, outside = folds != fold, (folds == fold) & decided
        if not inside.any() or not outside.any():
            continue
        theta = _fit(differences[inside], weights[inside], ridge)
        right.extend((differences[outside] @ theta > 0).tolist())
    return float(np.mean(right)) if right else None


def fit_scorer(
    choices: Sequence[Choice],
    probabilities: Mapping[str, Sequence[float]],
    settings: PreferenceSettings,
    profile: Profile = DEFAULT_PROFILE,
) -> PreferenceScorer:
    """Fit a scorer; ``probabilities`` gives the finding probabilities of a study by its key."""
    choices = [choice for choice in choices if choice.chosen.split() != choice.rejected.split()]
    decided = np.array([not choice.tie for choice in choices], bool)
    comparisons = int(decided.sum())
    if comparisons < settings.minimum_comparisons:
        return PreferenceScorer(_no_preference(profile), comparisons, None, heard=False, profile=profile)
    differences = np.stack(
        [
            text_features(choice.chosen, probabilities.get(choice.study), profile)
            - text_features(choice.rejected, probabilities.get(choice.study), profile)
            for choice in choices
        ]
    )
    weights = np.array([choice.weight for choice in choices])
    # A tie is half a win for either side.
    ties = ~decided
    every = np.concatenate([differences[decided], differences[ties], -differences[ties]])
    counts = np.concatenate([weights[decided], weights[ties] / 2, weights[ties] / 2])
    studies = {key: index % _FOLDS for index, key in enumerate(dict.fromkeys(c.study for c in choices))}
    folds = np.array([studies[choice.study] for choice in choices])
    every_fold = np.concatenate([folds[decided], folds[ties], folds[ties]])
    every_decided = np.concatenate([np.ones(comparisons, bool), np.zeros(2 * int(ties.sum()), bool)])
    accuracy = _held_back_accuracy(every, counts, every_decided, every_fold, settings.ridge)
    heard = accuracy is not None and accuracy >= settings.minimum_accuracy
    return PreferenceScorer(_fit(every, counts, settings.ridge), comparisons, accuracy, heard, profile)
