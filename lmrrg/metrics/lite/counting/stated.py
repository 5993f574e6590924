"""What one report says is there and what it denies: its observations, merged over the mentions of one thing.

Findings and impression say the same thing twice; a thing on both sides is two. Knows one report, and nothing of the
one that it is held against.
"""

from dataclasses import dataclass, field
from typing import NamedTuple

from lmrrg.metrics.lite.parsing import Observation, ParsedSentence, parse_sentence
from lmrrg.metrics.lite.remembering import remembered
from lmrrg.metrics.lite.report_sentences import split_sentences
from lmrrg.profiles import Profile
from lmrrg.profiles.lexicon import Detail

Span = tuple[int, int]


@dataclass(slots=True)
class Instance:
    """One thing observed, merged over the report's mentions of it.

    Attributes:
        structures: named structures where it ends or lies; told of devices alone.
        measures: lengths in millimetres.
        read: whether some sentence that speaks of it was read whole.
    """

    concept: str
    span: Span
    side: str | None
    zones: set[str]
    severity: int | None
    change: str | None
    certain: bool
    details: set[Detail]
    structures: set[str]
    measures: set[float]
    read: bool

    def takes(self, other: "Instance") -> bool:
        """Whether both may be the same thing said twice."""
        if self.concept != other.concept:
            return False
        sides_agree = self.side == other.side or self.side is None or other.side is None
        zones_agree = not self.zones or not other.zones or bool(self.zones & other.zones)
        return sides_agree and zones_agree and not conflicting(self.details, other.details)

    def absorb(self, other: "Instance") -> None:
        self.side = self.side or other.side
        self.zones |= other.zones
        self.severity = self.severity or other.severity
        if self.change in (None, "stable"):
            self.change = other.change or self.change
        self.certain = self.certain or other.certain
        self.details |= other.details
        self.structures |= other.structures
        self.measures |= other.measures
        self.read = self.read or other.read


def conflicting(one: set[Detail], other: set[Detail]) -> set[str]:
    """The kinds of detail of which both speak and say nothing that is the same."""
    if not one or not other or one == other:
        return set()
    kinds = {kind for kind, _ in one} & {kind for kind, _ in other}
    return kinds - {kind for kind, _ in one & other}


@dataclass(frozen=True, slots=True)
class Statements:
    """What one report says.

    Attributes:
        present: what is there, or may be.
        absent: what is denied somewhere, with the span of its first denial.
        denied: what is denied with no word of a side, a place, a grade or a change: all of it.
        changes: changes of nothing by name ("the findings have worsened").
    """

    present: tuple[Instance, ...]
    absent: dict[str, Span] = field(default_factory=dict)
    denied: frozenset[str] = frozenset()
    changes: tuple[tuple[str, Span], ...] = ()


@remembered(1 << 13)
def statements(report: str, profile: Profile) -> Statements:
    """The report's present observations, merged, one for each side; the spans of its negations by concept."""
    fresh: list[tuple[_Key, Span]] = []
    absent: dict[str, Span] = {}
    denied: set[str] = set()
    changes: list[tuple[str, Span]] = []
    for sentence in split_sentences(report, profile):
        offset = sentence.start
        stated = _stated(sentence.text, profile)
        for concept, plain, start, end in stated.absent:
            absent.setdefault(concept, (offset + start, offset + end))
            if plain:
                denied.add(concept)
        for key, start, end in stated.present:
            fresh.append((key, (offset + start, offset + end)))
        for change, start, end in stated.changes:
            changes.append((change, (offset + start, offset + end)))
    present: list[Instance] = []
    # The most precise first, so that what is merged with what does not hang on the order of the sentences.
    for key, span in sorted(fresh, key=_precision):
        one = key.instance(span)
        known = next((other for other in present if other.concept == one.concept and other.takes(one)), None)
        if known:
            known.absorb(one)
        else:
            present.append(one)
    return Statements(_named(present, profile), absent, frozenset(denied), tuple(changes))


def _named(present: list[Instance], profile: Profile) -> tuple[Instance, ...]:
    """Without "lines and tubes" where the report names a line or a tube elsewhere."""
    concepts, better = profile.lexicon.concepts, profile.lexicon.said_better_by
    said = {one.concept for one in present}
    return tuple(
        one
        for one in present
        if concepts[one.concept].finding not in profile.not_diseases
        or not said & better.get(one.concept, frozenset())
    )


class _Key(NamedTuple):
    """What an observation says, wherever it stands; the tuples are sorted."""

    concept: str
    side: str | None
    zones: tuple[str, ...]
    severity: int | None
    change: str | None
    certain: bool
    details: tuple[Detail, ...]
    structures: tuple[str, ...]
    measures: tuple[float, ...]
    read: bool

    def instance(self, span: Span) -> Instance:
        return Instance(
            self.concept,
            span,
            self.side,
            set(self.zones),
            self.severity,
            self.change,
            self.certain,
            set(self.details),
            set(self.structures),
            set(self.measures),
            self.read,
        )


class _Stated(NamedTuple):
    """One sentence's observations as (what, start, end), relative to the sentence; of absent ones also whether all of
    it is denied."""

    present: tuple[tuple[_Key, int, int], ...]
    absent: tuple[tuple[str, bool, int, int], ...]
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
    return (
        key.concept,
        vague,
        -len(key.details),
        key.side or "",
        key.zones,
        key.severity or 0,
        key.change or "",
        key[6:9],
        item[1],
    )


@remembered(1 << 16)
def _stated(text: str, profile: Profile) -> _Stated:
    parsed = parse_sentence(text, profile)
    known, said_better_by = profile.lexicon.concepts, profile.lexicon.said_better_by
    named = [seen for seen in parsed.observations if seen.label and not known[seen.concept].generic]
    concepts = {seen.concept for seen in named if seen.label != "negative"}
    # "disease" says nothing of its own beside a finding that is named
    stated = named if concepts else [seen for seen in parsed.observations if seen.label]
    present: list[tuple[_Key, int, int]] = []
    absent: list[tuple[str, bool, int, int]] = []
    for seen in stated:
        if seen.label == "negative":
            absent.append((seen.concept, _is_plain(seen), seen.start, seen.end))
        elif not concepts & said_better_by.get(seen.concept, frozenset()):
            side = seen.side if known[seen.concept].sided else None
            is_device = known[seen.concept].finding in profile.not_diseases
            for one in ("right", "left") if side == "bilateral" else (side,):
                key = _Key(
                    seen.concept,
                    one,
                    tuple(sorted(seen.zones)),
                    seen.severity,
                    seen.change,
                    seen.label == "positive",
                    tuple(sorted(seen.details)),
                    tuple(sorted(seen.structures)) if is_device else (),
                    tuple(sorted(seen.measures)),
                    not parsed.unread,
                )
                present.append((key, seen.start, seen.end))
    return _Stated(tuple(present), tuple(absent), () if concepts else _loose_changes(parsed))


def _is_plain(seen: Observation) -> bool:
    return not (
        seen.implied
        or seen.side
        or seen.zones
        or seen.structures
        or seen.severity
        or seen.change
        or seen.details
    )


def _loose_changes(parsed: ParsedSentence) -> tuple[tuple[str, int, int], ...]:
    """The first change in a sentence that observes nothing by name ("the findings have worsened")."""
    if any(seen.label == "negative" for seen in parsed.observations):
        return ()
    for match in parsed.matches:
        change = match.kinds.get("change")
        if change in ("worse", "better", "new") and "state" not in match.kinds:
            return ((change, parsed.tokens[match.first].start, parsed.tokens[match.last].end),)
    return ()
