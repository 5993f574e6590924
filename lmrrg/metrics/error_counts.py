"""Counts what a radiologist would mark: ReXVal's six categories of error, each significant or not.

Compares what two reports *observe* (``labels.observations``), not their words. Categories: Yu et al., Patterns
2023 (ReXVal). Knows no image: an error is a difference from the reference report.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from lmrrg.findings import ERROR_CATEGORIES
from lmrrg.metrics.interface import Direction, Kind, paired
from lmrrg.metrics.labels import Placed, observations
from lmrrg.metrics.lexicon import CONCEPTS

Span = tuple[int, int]

# What would not change a patient's care on the day when it is left out or added.
_INSIGNIFICANT_CONCEPTS = frozenset(
    {
        "low_volume",
        "spine_disease",
        "curvature",
        "bone_disease",
        "calcification",
        "granuloma",
        "aortic_disease",
        "scar",
        "surgery",
        "cyst",
        "elevated_diaphragm",
        "any_abnormality",
    }
)
_HEIGHT = {"apical": 3, "upper": 3, "perihilar": 2, "mid": 2, "lower": 1, "angle": 1}


@dataclass(frozen=True, slots=True)
class ReportError:
    """One difference that counts as an error; a span is None on the side where there is nothing to mark."""

    category: str
    significant: bool
    concept: str
    candidate_span: Span | None
    reference_span: Span | None

    @property
    def finding(self) -> str | None:
        """The CheXpert finding it concerns, or None outside the 14."""
        return CONCEPTS[self.concept].finding if self.concept in CONCEPTS else None


@dataclass(frozen=True, slots=True)
class ErrorCount:
    """All errors of one candidate against its reference."""

    errors: tuple[ReportError, ...]

    @property
    def significant(self) -> dict[str, int]:
        return {name: self._count(name, True) for name in ERROR_CATEGORIES}

    @property
    def insignificant(self) -> dict[str, int]:
        return {name: self._count(name, False) for name in ERROR_CATEGORIES}

    @property
    def total_significant(self) -> int:
        return sum(error.significant for error in self.errors)

    @property
    def total(self) -> int:
        return len(self.errors)

    @property
    def reward(self) -> float:
        """1 ÷ (1 + significant errors): 1 for none (UniRG, arXiv 2601.17151)."""
        return 1.0 / (1.0 + self.total_significant)

    def _count(self, category: str, significant: bool) -> int:
        return sum(error.category == category and error.significant is significant for error in self.errors)


@dataclass(slots=True)
class _Instance:
    """One thing observed, merged over the report's mentions of it (findings and impression repeat)."""

    concept: str
    span: Span
    side: str | None
    zones: set[str]
    severity: int | None
    change: str | None
    certain: bool

    def takes(self, other: "_Instance") -> bool:
        """Whether both may be the same thing said twice."""
        if self.concept != other.concept:
            return False
        sides_agree = self.side == other.side or self.side is None or other.side is None
        zones_agree = not self.zones or not other.zones or bool(self.zones & other.zones)
        return sides_agree and zones_agree

    def absorb(self, other: "_Instance") -> None:
        self.side = self.side or other.side
        self.zones |= other.zones
        self.severity = self.severity or other.severity
        if self.change in (None, "stable"):
            self.change = other.change or self.change
        self.certain = self.certain or other.certain


@dataclass(frozen=True, slots=True)
class Statements:
    """What one report says is there, and where it says that something is not."""

    present: tuple[_Instance, ...]
    absent: dict[str, Span] = field(default_factory=dict)


@lru_cache(maxsize=1 << 13)
def statements(report: str) -> Statements:
    """The report's present observations, merged, and the spans of its negations by concept."""
    present: list[_Instance] = []
    absent: dict[str, Span] = {}
    for placed in observations(report):
        seen = placed.observation
        if CONCEPTS[seen.concept].generic or seen.label is None:
            continue
        if seen.label == "negative":
            absent.setdefault(seen.concept, placed.span)
            continue
        fresh = _instance(placed)
        for known in present:
            if known.takes(fresh):
                known.absorb(fresh)
                break
        else:
            present.append(fresh)
    return Statements(tuple(present), absent)


def _instance(placed: Placed) -> _Instance:
    seen = placed.observation
    side = seen.side if CONCEPTS[seen.concept].sided else None
    return _Instance(
        seen.concept, placed.span, side, set(seen.zones), seen.severity, seen.change, seen.label == "positive"
    )


@lru_cache(maxsize=1 << 14)
def count_errors(candidate: str, reference: str) -> ErrorCount:
    """The candidate's errors against the reference, in the order of the candidate, then what it missed."""
    said, meant = statements(candidate), statements(reference)
    errors: list[ReportError] = []
    free = list(meant.present)
    unmatched: list[_Instance] = []
    for one in sorted(said.present, key=lambda item: -_best_fit(item, meant.present)):
        fitting = max(free, key=lambda other: _fit(one, other), default=None)
        if fitting is None or _fit(one, fitting) <= 0:
            unmatched.append(one)
            continue
        free.remove(fitting)
        errors += _differences(one, fitting)
    for one in unmatched:
        significant = one.concept not in _INSIGNIFICANT_CONCEPTS and one.certain
        errors.append(
            ReportError("false finding", significant, one.concept, one.span, meant.absent.get(one.concept))
        )
    errors.sort(key=lambda error: error.candidate_span or (0, 0))
    for one in free:
        significant = one.concept not in _INSIGNIFICANT_CONCEPTS and one.certain
        errors.append(
            ReportError("missed finding", significant, one.concept, said.absent.get(one.concept), one.span)
        )
    return ErrorCount(tuple(errors))


def _best_fit(one: _Instance, others: Sequence[_Instance]) -> float:
    return max((_fit(one, other) for other in others), default=0.0)


def _fit(one: _Instance, other: _Instance) -> float:
    """How well two instances may be the same thing; 0 where they are different things."""
    if one.concept != other.concept:
        return 0.0
    score = 1.0
    score += 1.0 if one.side == other.side else 0.5 if None in (one.side, other.side) else 0.0
    if one.zones and other.zones:
        score += 0.5 if one.zones & other.zones else 0.0
    return score + (0.25 if one.severity == other.severity else 0.0)


def _differences(said: _Instance, meant: _Instance) -> list[ReportError]:
    """Errors between two accounts of the same thing."""
    found: list[ReportError] = []

    def add(category: str, significant: bool) -> None:
        found.append(ReportError(category, significant, said.concept, said.span, meant.span))

    if said.side and meant.side and said.side != meant.side:
        add("wrong location", True)
    elif said.zones and meant.zones and not said.zones & meant.zones:
        heights = [
            [_HEIGHT[zone] for zone in zones if zone in _HEIGHT] for zones in (said.zones, meant.zones)
        ]
        if all(heights) and min(heights[0]) != min(heights[1]):
            add("wrong location", True)
    if said.severity and meant.severity and said.severity != meant.severity:
        add("wrong severity", abs(said.severity - meant.severity) >= 2)
    if said.change != meant.change:
        if said.change is not None:
            add("false comparison", said.change != "stable")
        else:
            add("missed comparison", meant.change != "stable")
    return found


class ErrorTerm:
    """1 ÷ (1 + significant errors), as a metric."""

    name = "error_term"
    direction: Direction = "higher"
    kind: Kind = "embedded"

    def score(self, candidates: Sequence[str], references: Sequence[str]) -> list[float]:
        return [count_errors(said, meant).reward for said, meant in paired(candidates, references)]
