"""What a metric is: a name, a direction, a kind, and a score for each pair. Does not know any particular metric."""

import math
from collections.abc import Sequence
from typing import Literal, Protocol, runtime_checkable

from lmrrg.errors import ScoringError

Direction = Literal["higher", "lower"]
Kind = Literal["reference", "embedded", "judged"]


@runtime_checkable
class Metric(Protocol):
    """Scores candidates against references, pair by pair.

    Attributes:
        name: as printed in tables; an embedded metric never bears a reference metric's name.
        direction: which way is better.
        kind: ``reference`` follows a published definition to the digit (and may need weights);
            ``embedded`` is rule-based and needs nothing; ``judged`` is counted by a language model.
    """

    @property
    def name(self) -> str: ...
    @property
    def direction(self) -> Direction: ...
    @property
    def kind(self) -> Kind: ...

    def score(self, candidates: Sequence[str], references: Sequence[str]) -> list[float]:
        """One score per pair, in order; NaN where that pair could not be judged, which is no score.

        Raises ScoringError where the lengths differ.
        """
        ...


def paired(candidates: Sequence[str], references: Sequence[str]) -> list[tuple[str, str]]:
    """The pairs, or a ScoringError that says how many there are on either side."""
    if len(candidates) != len(references):
        raise ScoringError(
            f"{len(candidates)} candidate reports cannot be scored against {len(references)} references: "
            "give one reference for each candidate, in the same order."
        )
    return list(zip(candidates, references, strict=True))


def finite(value: float, instead: float) -> float:
    """The value, or ``instead`` where it is not a number."""
    return value if math.isfinite(value) else instead
