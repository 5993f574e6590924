"""How likely a sentence is right, and how likely a report holds an error: from token probabilities to calibrated ones.

Knows numbers and what a sentence claims, no pixels and no model. What was fitted lies beside the model's weights
(``reporters.folder``; written by ``train.build_default.calibration``, on phantoms): a model without it gets the
geometric mean of the token probabilities, which is too sure of itself. What is calibrated on phantoms is calibrated for
phantoms; on an image of another kind the order of the sentences may still hold, the figures need not.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lmrrg.errors import ModelError
from lmrrg.grounding.claims import claims, is_named
from lmrrg.profiles import DEFAULT_PROFILE, Profile

# Probabilities are kept this far from 0 and 1 before their logit is taken.
_EDGE = 1e-3


def logit(probability: ArrayLike) -> NDArray[np.float64]:
    """``ln(p / (1 − p))``, of probabilities cut to 0.001 … 0.999."""
    p = np.clip(np.asarray(probability, np.float64), _EDGE, 1 - _EDGE)
    odds: NDArray[np.float64] = np.log(p / (1 - p))
    return odds


def sigmoid(x: ArrayLike) -> NDArray[np.float64]:
    """``1 / (1 + e⁻ˣ)``."""
    result: NDArray[np.float64] = 1 / (1 + np.exp(-np.asarray(x, np.float64)))
    return result


def agreement(
    sentence: str, findings: Mapping[str, float], profile: Profile = DEFAULT_PROFILE
) -> float | None:
    """Probability, by the image alone, of the least likely claim of ``sentence``; None where it claims nothing.

    A denial for one side is left out, since ``findings`` are of the whole image; so is what is called uncertain.
    """
    likely = []
    for claim in claims(sentence, profile):
        if claim.finding not in findings or claim.label == "uncertain":
            continue
        if claim.label == "positive":
            likely.append(findings[claim.finding])
        elif claim.side not in ("right", "left"):
            likely.append(1 - findings[claim.finding])
    return min(likely) if likely else None


def sentence_features(
    mean: float,
    least: float,
    sentence: str,
    findings: Mapping[str, float],
    profile: Profile = DEFAULT_PROFILE,
) -> NDArray[np.float64]:
    """``[3]``: logits of the geometric mean and of the least token probability, and of the agreement with the image
    (0 where the sentence claims nothing)."""
    agreed = agreement(sentence, findings, profile)
    return np.array(
        [
            float(logit(mean)),
            float(logit(least)),
            0.0 if agreed is None else float(logit(agreed)),
        ]
    )


def report_features(
    confidences: Sequence[float],
    sentences: Sequence[str],
    findings: Mapping[str, float],
    differing: int,
    profile: Profile = DEFAULT_PROFILE,
) -> NDArray[np.float64]:
    """``[3]``: how surprising it would be if every sentence were right (−Σ ln confidence), how many findings the
    two opinions differ on, and the logit of the likeliest disease that no sentence states."""
    stated = {c.finding for sentence in sentences for c in claims(sentence, profile) if c.label != "negative"}
    left_out = [
        p for name, p in findings.items() if name in profile.diseases and not is_named(name, stated, profile)
    ]
    surprise = -float(np.log(np.clip(confidences, _EDGE, 1)).sum())
    return np.array([surprise, float(differing), float(logit(max(left_out, default=0.0)))])


@dataclass(frozen=True)
class Calibration:
    """Three small logistic maps.

    Attributes:
        finding: (slope, offset) over the logit of each finding's probability, one for all findings (Platt 1999).
        sentence: weights of ``sentence_features``, then the offset.
        report: weights of ``report_features``, then the offset; answers the probability of an error.
        fitted_on: in words.
    """

    finding: tuple[float, ...]
    sentence: tuple[float, ...]
    report: tuple[float, ...]
    fitted_on: str

    def findings(
        self, probabilities: Mapping[str, float], profile: Profile = DEFAULT_PROFILE
    ) -> dict[str, float]:
        """The findings' probabilities, calibrated; the normal finding: 1 − the likeliest disease."""
        slope, offset = self.finding
        told = {name: float(sigmoid(slope * logit(p) + offset)) for name, p in probabilities.items()}
        if profile.normal_finding:
            told[profile.normal_finding] = 1 - max(told[name] for name in profile.diseases)
        return told

    def sentence_confidence(self, features: NDArray[np.float64]) -> float:
        """Probability that the sentence is right, from its ``sentence_features``."""
        return float(sigmoid(features @ self.sentence[:-1] + self.sentence[-1]))

    def report_error(self, features: NDArray[np.float64]) -> float:
        """Probability that the report holds an error, from its ``report_features``."""
        return float(sigmoid(features @ self.report[:-1] + self.report[-1]))

    def save(self, path: Path) -> None:
        path.write_text(json.dumps(asdict(self), indent=2) + "\n", "utf-8")


def load_calibration(path: Path) -> Calibration | None:
    """What was fitted, from its file; None where there is none.

    Raises:
        ModelError: the file is there and does not hold a calibration.
    """
    if not path.exists():
        return None
    try:
        told = json.loads(path.read_text("utf-8"))
        weights = {name: tuple(map(float, told[name])) for name in ("finding", "sentence", "report")}
        if [len(weights[name]) for name in ("finding", "sentence", "report")] != [2, 4, 4]:
            raise ValueError("wrong number of weights")
        return Calibration(**weights, fitted_on=str(told["fitted_on"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"The calibration in “{path}” cannot be read ({error}). Build the model's calibration again, or remove "
            "the file to use the model without."
        ) from error


def needs_eye(error: float, novelty: float | None) -> float:
    """0 … 1: a noisy or of "the report holds an error" and "the image is outside of what the model knows".

    The second is 0 up to ``novelty`` 1 and 1 − 1 / novelty above.
    """
    outside = 0.0 if novelty is None or novelty <= 1 else 1 - 1 / novelty
    return 1 - (1 - error) * (1 - outside)
