"""Reward: the text says what the region extractor sees in the image.

Needs no signed report, so it also speaks on studies that nobody has read. It is only as right as the extractor.
None for a study whose image was not looked at.
"""

from collections.abc import Sequence
from typing import Any

from lmrrg.metrics.lite.labels import label_report
from lmrrg.profiles import DEFAULT_PROFILE, Profile
from train.rewards.base import Completion, Evidence, text_of

# The probability of its finding that a label claims; a finding that is not mentioned is taken as absent.
_CLAIM = {"positive": 1.0, "negative": 0.0, "uncertain": 0.5, None: 0.0}


def agreement(text: str, probabilities: Sequence[float], profile: Profile = DEFAULT_PROFILE) -> float:
    """1 − the mean distance, over the findings but the normal one, between what is claimed and what is seen; 0 … 1."""
    labels = label_report(text, profile)
    distances = [
        abs(_CLAIM[labels[finding]] - p)
        for finding, p in zip(profile.findings, probabilities, strict=True)
        if finding != profile.normal_finding
    ]
    return 1 - sum(distances) / len(distances)


class ConsistencyReward:
    """Agreement of each text with the extractor's findings of its study."""

    __name__ = "consistency"

    def __init__(self, evidence: Evidence) -> None:
        self.probabilities, self.profile = evidence.probabilities, evidence.profile

    def __call__(
        self, completions: Sequence[Completion], *, study: Sequence[str], **columns: Any
    ) -> list[float | None]:
        return [
            agreement(text_of(completion), self.probabilities[key], self.profile)
            if key in self.probabilities
            else None
            for completion, key in zip(completions, study, strict=True)
        ]
