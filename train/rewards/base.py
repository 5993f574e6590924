"""What a reward is: how TRL calls it, and what it may lean on besides the reference. Does not know a reward by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from lmrrg.metrics.interface import Metric
from lmrrg.profiles import DEFAULT_PROFILE, Profile
from train.rewards.preference_scorer import PreferenceScorer

Completion = str | list[dict[str, Any]]


class Reward(Protocol):
    """A reward as TRL calls it; ``__name__`` is what its curve is called."""

    __name__: str

    def __call__(self, completions: Sequence[Completion], **columns: Any) -> list[float | None]: ...


@dataclass(frozen=True, slots=True)
class Evidence:
    """What rewards may lean on besides the reference.

    Attributes:
        probabilities: the region extractor's finding probabilities of each study, in the profile's order, by its key.
        scorer: the preference model.
        profile: the kind of examination that the texts are of.
        usual_words: words of the shortest and of the longest signed report, for studies that have none of their own.
        metrics: published scorers and a judge that may be rewarded, by name.
    """

    probabilities: Mapping[str, Sequence[float]] = field(default_factory=dict)
    scorer: PreferenceScorer | None = None
    profile: Profile = DEFAULT_PROFILE
    usual_words: tuple[int, int] = (20, 100)
    metrics: Mapping[str, Metric] = field(default_factory=dict)


def text_of(completion: Completion) -> str:
    """The text of what the model wrote, with or without the chat message around it."""
    if isinstance(completion, str):
        return completion
    content = completion[0]["content"]
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)
