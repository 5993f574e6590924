"""The rewards that reinforcement can draw on, one per file, and how a phase of training picks them by name.

A reward is called by TRL with lists of equal length and answers one number per text, larger is better, or None
where it does not apply. The columns that reach it: ``completions`` (chat messages or plain texts), ``reference``
(the signed report, or None where nobody has signed) and ``study`` (its key).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from train.rewards.preference_scorer import PreferenceScorer

# What can be said of a text whose study nobody has signed; the guards alone would have nothing to weigh against.
SPEAK_OF_UNREAD = frozenset({"preference", "consistency"})

Completion = str | list[dict[str, Any]]


class Reward(Protocol):
    """A reward as TRL calls it; ``__name__`` is what its curve is called."""

    __name__: str

    def __call__(self, completions: Sequence[Completion], **columns: Any) -> list[float | None]: ...


@dataclass(frozen=True, slots=True)
class Evidence:
    """What rewards may lean on besides the reference.

    Attributes:
        probabilities: the region extractor's 14 finding probabilities of each study, by its key.
        scorer: the preference model.
        usual_words: words of the shortest and of the longest signed report, for studies that have none of their own.
    """

    probabilities: Mapping[str, Sequence[float]] = field(default_factory=dict)
    scorer: PreferenceScorer | None = None
    usual_words: tuple[int, int] = (20, 100)


def text_of(completion: Completion) -> str:
    """The text of what the model wrote, with or without the chat message around it."""
    if isinstance(completion, str):
        return completion
    content = completion[0]["content"]
    return content if isinstance(content, str) else "".join(part.get("text", "") for part in content)


def build_rewards(names: Sequence[str], evidence: Evidence) -> list[Reward]:
    """The rewards of these names, in the same order."""
    from train.rewards.consistency import ConsistencyReward
    from train.rewards.errors import ErrorsReward
    from train.rewards.guards import GuardsReward
    from train.rewards.preference import PreferenceReward
    from train.rewards.radcliq_lite import RadcliqLiteReward

    makers: dict[str, Any] = {
        "radcliq_lite": RadcliqLiteReward,
        "preference": PreferenceReward,
        "consistency": ConsistencyReward,
        "errors": ErrorsReward,
        "guards": GuardsReward,
    }
    return [makers[name](evidence) for name in names]
