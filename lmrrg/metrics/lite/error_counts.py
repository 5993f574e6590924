"""Counts what a radiologist would mark: ReXVal's six categories of error, each significant or not.

Compares what two reports *observe* (``parsing``), not their words. Categories: Yu et al., Patterns
2023 (ReXVal). Knows nothing about images: an error is a difference from the reference report.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import NamedTuple

from lmrrg.metrics.categories import ERROR_CATEGORIES
from lmrrg.metrics.interface import Direction, Kind, paired
from lmrrg.metrics.lite.parsing import ParsedSentence, parse_sentence
from lmrrg.metrics.lite.remembering import remembered
from lmrrg.metrics.lite.tokens import split_sentences
from lmrrg.profiles import DEFAULT_PROFILE, Profile
from lmrrg.profiles.lexicon import Lexicon

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ReportError:
    """One difference that counts as an error; a span is None on the side where there is nothing to mark.

    ``finding``: the profile's finding it concerns, or None where it is none of those.
    """

    category: str
    significant: bool
    concept: str
    candidate_span: Span | None
    reference_span: Span | None
    finding: str | None = None


@dataclass(frozen=True, slots=True)
class ErrorCount:
    """All errors of one candidate against its reference."""

    errors: tuple[ReportError, ...]

    @property
    def significant(self) -> dict[str, int]:
        found = Counter(error.category for error in self.errors if error.significant)
        return {name: found[name] for name in ERROR_CATEGORIES}

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
    """What one report says is there, where it says that something is not, and changes of nothing by name."""

    present: tuple[_Instance, ...]
    absent: dict[str, Span] = field(default_factory=dict)
    changes: tuple[tuple[str, Span], ...] = ()


@remembered(1 << 13)
def statements(report: str, profile: Profile) -> Statements:
    """The report's present observations, merged, one for each side; the spans of its negations by concept."""
    fresh: list[tuple[_Key, Span]] = []
    absent: dict[str, Span] = {}
    changes: list[tuple[str, Span]] = []
    for sentence in split_sentences(report, profile):
        offset = sentence.start
        stated = _stated(sentence.text, profile)
        for concept, start, end in stated.absent:
            absent.setdefault(concept, (offset + start, offset + end))
        for key, start, end in stated.present:
            fresh.append((key, (offset + start, offset + end)))
        for change, start, end in stated.changes:
            changes.append((change, (offset + start, offset + end)))
    present: list[_Instance] = []
    # The most precise first, so that what is merged with what does not hang on the order of the sentences.
    for key, span in sorted(fresh, key=_precision):
        one = _Instance(key.concept, span, key.side, set(key.zones), key.severity, key.change, key.certain)
        known = next((other for other in present if other.concept == one.concept and other.takes(one)), None)
        if known:
            known.absorb(one)
        else:
            present.append(one)
    return Statements(tuple(present), absent, tuple(changes))


class _Key(NamedTuple):
    """What an observation says, wherever it stands."""

    concept: str
    side: str | None
    zones: tuple[str, ...]
    severity: int | None
    change: str | None
    certain: bool


class _Stated(NamedTuple):
    """One sentence's observations as (what, start, end), relative to the sentence."""

    present: tuple[tuple[_Key, int, int], ...]
    absent: tuple[tuple[str, int, int], ...]
    changes: tuple[tuple[str, int, int], ...]


def _precision(item: tuple[_Key, Span]) -> tuple[object, ...]:
    key = item[0]
    vague = (
        (key.side is None)
        + (not key.zones)
        + (key.severity is None)
        + (key.change is None)
        + (not key.certain)
    )
    return key.concept, vague, key.side or "", key.zones, key.severity or 0, key.change or "", item[1]


@remembered(1 << 16)
def _stated(text: str, profile: Profile) -> _Stated:
    parsed = parse_sentence(text, profile)
    known, said_better_by = profile.lexicon.concepts, profile.lexicon.said_better_by
    named = [seen for seen in parsed.observations if seen.label and not known[seen.concept].generic]
    concepts = {seen.concept for seen in named if seen.label != "negative"}
    # "disease" says nothing of its own beside a finding that is named
    stated = named if concepts else [seen for seen in parsed.observations if seen.label]
    present: list[tuple[_Key, int, int]] = []
    absent: list[tuple[str, int, int]] = []
    for seen in stated:
        if seen.label == "negative":
            absent.append((seen.concept, seen.start, seen.end))
        elif not concepts & said_better_by.get(seen.concept, frozenset()):
            side = seen.side if known[seen.concept].sided else None
            for one in ("right", "left") if side == "bilateral" else (side,):
                zones = tuple(sorted(seen.zones))
                key = _Key(seen.concept, one, zones, seen.severity, seen.change, seen.label == "positive")
                present.append((key, seen.start, seen.end))
    return _Stated(tuple(present), tuple(absent), () if concepts else _loose_changes(parsed))


def _loose_changes(parsed: ParsedSentence) -> tuple[tuple[str, int, int], ...]:
    """The first change in a sentence that observes nothing by name ("the findings have worsened")."""
    if any(seen.label == "negative" for seen in parsed.observations):
        return ()
    for match in parsed.matches:
        change = match.kinds.get("change")
        if change in ("worse", "better", "new") and "state" not in match.kinds:
            return ((change, parsed.tokens[match.first].start, parsed.tokens[match.last].end),)
    return ()


def count_errors(candidate: str, reference: str, profile: Profile = DEFAULT_PROFILE) -> ErrorCount:
    """The candidate's errors against the reference, in the order of the candidate, then what it missed."""
    if candidate == reference:
        return ErrorCount(())
    return _counter(profile)(candidate, reference)


@lru_cache(maxsize=16)
def _counter(profile: Profile) -> Callable[[str, str], ErrorCount]:
    """``count_errors`` of one profile; it remembers the last pairs."""
    return lru_cache(maxsize=1 << 14)(partial(_count_errors, profile=profile))


def _count_errors(candidate: str, reference: str, profile: Profile) -> ErrorCount:
    lexicon = profile.lexicon
    said, meant = statements(candidate, profile), statements(reference, profile)
    pairs, extra, missing = _aligned(said.present, meant.present, lexicon)
    errors: list[ReportError] = []
    for one, other in pairs:
        errors += _differences(one, other, lexicon)
    said_in_part, meant_in_part = {one.span for one, _ in pairs}, {other.span for _, other in pairs}
    for one in extra:
        elsewhere = any(other.concept == one.concept for other in meant.present)
        category = "wrong location" if elsewhere or one.span in said_in_part else "false finding"
        errors.append(
            _error(category, _matters(one, lexicon), one, one.span, meant.absent.get(one.concept), lexicon)
        )
    for one in missing:
        category = "wrong location" if one.span in meant_in_part else "missed finding"
        errors.append(
            _error(category, _matters(one, lexicon), one, said.absent.get(one.concept), one.span, lexicon)
        )
    errors += _change_errors(said, meant)
    errors.sort(
        key=lambda error: (error.candidate_span is None, error.candidate_span or error.reference_span)
    )
    return ErrorCount(tuple(dict.fromkeys(errors)))


def _error(
    category: str,
    significant: bool,
    about: _Instance,
    candidate_span: Span | None,
    reference_span: Span | None,
    lexicon: Lexicon,
) -> ReportError:
    finding = lexicon.concepts[about.concept].finding
    return ReportError(category, significant, about.concept, candidate_span, reference_span, finding)


def _matters(one: _Instance, lexicon: Lexicon) -> bool:
    return one.certain and not lexicon.concepts[one.concept].minor


def _aligned(
    said: Sequence[_Instance], meant: Sequence[_Instance], lexicon: Lexicon
) -> tuple[list[tuple[_Instance, _Instance]], list[_Instance], list[_Instance]]:
    """Pairs of accounts of the same thing, the best fitting first, and what is left on either side."""
    fits = [
        (fit, -row, -column)
        for row, one in enumerate(said)
        for column, other in enumerate(meant)
        if (one.concept == other.concept or other.concept in lexicon.related[one.concept])
        and (fit := _fit(one, other)) > 0
    ]
    rows, columns = set(range(len(said))), set(range(len(meant)))
    pairs: list[tuple[_Instance, _Instance]] = []
    for _, row, column in sorted(fits, reverse=True):
        if -row in rows and -column in columns:
            rows.remove(-row)
            columns.remove(-column)
            pairs.append((said[-row], meant[-column]))
    return pairs, [said[row] for row in sorted(rows)], [meant[column] for column in sorted(columns)]


def _fit(one: _Instance, other: _Instance) -> float:
    """How well two instances of one concept, or of two related ones, may be the same thing; 0 where they are not."""
    if one.concept == other.concept:
        score = 2.0
    else:
        if one.side and other.side and one.side != other.side:
            return 0.0
        score = 0.5
    score += 1.0 if one.side == other.side else 0.5 if None in (one.side, other.side) else 0.0
    if one.zones and other.zones:
        score += 0.5 if one.zones & other.zones else 0.0
    return score + (0.25 if one.severity == other.severity else 0.0)


def _differences(said: _Instance, meant: _Instance, lexicon: Lexicon) -> list[ReportError]:
    """Errors between two accounts of the same thing."""
    found: list[ReportError] = []
    minor = lexicon.concepts[meant.concept].minor

    def add(category: str, significant: bool) -> None:
        found.append(_error(category, significant, said, said.span, meant.span, lexicon))

    if said.concept != meant.concept:
        add("false finding", False)
    sides_differ = bool(said.side and meant.side and said.side != meant.side)
    if sides_differ or _heights_differ(said.zones, meant.zones, lexicon.heights):
        add("wrong location", not minor)
    if said.severity and meant.severity and said.severity != meant.severity:
        apart = abs(said.severity - meant.severity) >= 2 or (said.severity <= 2) != (meant.severity <= 2)
        add("wrong severity", apart and not minor)
    if said.change != meant.change:
        telling = {said.change, meant.change} - {None, "stable"}
        if said.change is None or (said.change == "stable" and meant.change is not None):
            add("missed comparison", bool(telling))
        else:
            add("false comparison", bool(telling) and telling != {"new", "worse"})
    return found


def _heights_differ(one: set[str], other: set[str], heights_of: Mapping[str, int]) -> bool:
    if not one or not other or one & other:
        return False
    heights = [[heights_of[zone] for zone in zones if zone in heights_of] for zones in (one, other)]
    return all(heights) and min(heights[0]) != min(heights[1])


def _change_errors(said: Statements, meant: Statements) -> list[ReportError]:
    """Changes of nothing by name that only one side speaks of."""
    known = {change for change, _ in meant.changes} | {one.change for one in meant.present}
    stated = {change for change, _ in said.changes} | {one.change for one in said.present}
    return [
        ReportError("false comparison", True, "any_abnormality", span, None)
        for change, span in said.changes
        if change not in known
    ] + [
        ReportError("missed comparison", True, "any_abnormality", None, span)
        for change, span in meant.changes
        if change not in stated
    ]


class ErrorTerm:
    """1 ÷ (1 + significant errors), as a metric."""

    name = "error_term"
    direction: Direction = "higher"
    kind: Kind = "embedded"

    def __init__(self, profile: Profile = DEFAULT_PROFILE) -> None:
        self.profile = profile

    def score(self, candidates: Sequence[str], references: Sequence[str]) -> list[float]:
        return [
            count_errors(said, meant, self.profile).reward for said, meant in paired(candidates, references)
        ]
