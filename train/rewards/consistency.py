"""Reward: the text says what the region extractor sees in the image.

Needs no signed report, so it also speaks on studies that nobody has read. It is only as right as the extractor. What a
text says in a sentence that the rules did not read is not known: it is taken neither as there nor as absent. None for a
study whose image was not looked at.
"""

from collections.abc import Sequence
from typing import Any

from lmrrg.metrics.lite.coverage import not_read
from lmrrg.metrics.lite.labels import label_report
from lmrrg.profiles import DEFAULT_PROFILE, Profile
from train.rewards.base import Completion, Evidence, text_of

# The probability of its finding that a label claims.
_CLAIM = {"positive": 1.0, "negative": 0.0, "uncertain": 0.5}


def agreement(
    text: str, probabilities: Sequence[float], profile: Profile = DEFAULT_PROFILE, signed: str = ""
) -> float:
    """1 − the mean distance, over the findings but the normal one, between what is claimed and what is seen; 0 … 1.

    A finding that is not mentioned is taken as absent where all of the text was read; where a sentence was not, and it
    does not stand in the signed report either, as undecided.
    """
    labels = label_report(text, profile)
    theirs = {one.text for one in not_read(signed, profile)}
    undecided = any(one.text not in theirs for one in not_read(text, profile))
    unmentioned = 0.5 if undecided else 0.0
    distances = [
        abs(_CLAIM.get(labels[finding] or "", unmentioned) - p)
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
        self,
        completions: Sequence[Completion],
        *,
        study: Sequence[str],
        reference: Sequence[str | None] = (),
        **columns: Any,
    ) -> list[float | None]:
        signed = reference or [None] * len(study)
        return [
            agreement(text_of(completion), self.probabilities[key], self.profile, theirs or "")
            if key in self.probabilities
            else None
            for completion, key, theirs in zip(completions, study, signed, strict=True)
        ]
