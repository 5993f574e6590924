"""Counts what a radiologist would mark: ReXVal's six categories of error, each significant or not.

Compares what two reports *observe* (``statements``), then sentences that are the same but for a word that turns them.
Categories: Yu et al., Patterns 2023 (ReXVal). Knows nothing about images: an error is a difference from the reference
report. A sentence that was not read is neither free nor an error: it is *undecided* unless the other side holds it word
for word, and what rests on it alone is no significant error.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial

from lmrrg.metrics.categories import ERROR_CATEGORIES
from lmrrg.metrics.interface import Direction, Kind, paired
from lmrrg.metrics.lite.counting.differences import differences, fit
from lmrrg.metrics.lite.counting.stated import Instance, Span, Statements, statements
from lmrrg.metrics.lite.counting.turned_sentences import shared_words, turned, turning
from lmrrg.metrics.lite.coverage import SentenceRead, sentences_read
from lmrrg.profiles import DEFAULT_PROFILE, Profile
from lmrrg.profiles.lexicon import Lexicon


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
    """All errors of one candidate against its reference.

    Attributes:
        undecided: sentences of either side that were not read and that the other side does not hold word for word.
        agreed: things that both say are there, with no difference, and things that both deny.
    """

    errors: tuple[ReportError, ...]
    undecided: int = 0
    agreed: int = 0

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
        """1 ÷ (1 + significant errors + ½ · undecided): 1 for none (UniRG, arXiv 2601.17151, has the errors alone)."""
        return 1.0 / (1.0 + self.total_significant + 0.5 * self.undecided)


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
    said, meant = statements(candidate, profile), statements(reference, profile)
    pairs, extra, missing = _aligned(said.present, meant.present, profile)
    differ = [(one, other, differences(one, other, profile)) for one, other in pairs]
    errors = [
        *_of_accounts(differ, profile),
        *_of_one_side(pairs, extra, missing, said, meant, profile),
        *_of_denials(said, meant, profile),
        *_of_changes(said, meant),
    ]
    agreed = sum(not found for *_, found in differ) + len(said.absent.keys() & meant.absent.keys())
    of_said, of_meant = sentences_read(candidate, profile), sentences_read(reference, profile)
    turned_ones = list(_of_turned_sentences(of_said, of_meant, errors, profile))
    errors = sorted(
        dict.fromkeys((*errors, *turned_ones)),
        key=lambda error: (error.candidate_span is None, error.candidate_span or error.reference_span),
    )
    undecided = _unread_here_alone(of_said, of_meant) + _unread_here_alone(of_meant, of_said)
    return ErrorCount(tuple(errors), undecided, max(0, agreed - len(turned_ones)))


def _unread_here_alone(sentences: Sequence[SentenceRead], others: Sequence[SentenceRead]) -> int:
    """How many of the sentences were not read and are not held word for word by the others."""
    unread = [_words(one.text) for one in sentences if not one.read]
    return len(unread) and sum(one not in {_words(other.text) for other in others} for one in unread)


def _unshared(sentences: Sequence[SentenceRead], others: Sequence[SentenceRead]) -> list[SentenceRead]:
    """The sentences that the others do not hold word for word, or not as often."""
    held = Counter(_words(other.text) for other in others)
    found = []
    for one in sentences:
        words = _words(one.text)
        if held[words]:
            held[words] -= 1
        else:
            found.append(one)
    return found


@lru_cache(maxsize=1 << 16)
def _words(sentence: str) -> str:
    return " ".join(sentence.lower().rstrip(".;, ").split())


def _of_accounts(
    accounts: Sequence[tuple[Instance, Instance, dict[str, bool]]], profile: Profile
) -> Iterator[ReportError]:
    """What differs between two accounts of the same thing."""
    for one, other, found in accounts:
        for category, significant in found.items():
            matters = significant and one.read and other.read
            yield _error(category, matters, one, one.span, other.span, profile.lexicon)


def _of_one_side(
    pairs: Sequence[tuple[Instance, Instance]],
    extra: Sequence[Instance],
    missing: Sequence[Instance],
    said: Statements,
    meant: Statements,
    profile: Profile,
) -> Iterator[ReportError]:
    """What is there on one side alone."""
    lexicon = profile.lexicon
    said_in_part, meant_in_part = {one.span for one, _ in pairs}, {other.span for _, other in pairs}
    for one in extra:
        elsewhere = any(other.concept == one.concept for other in meant.present)
        category = "wrong location" if elsewhere or one.span in said_in_part else "false finding"
        yield _error(category, _matters(one, lexicon), one, one.span, meant.absent.get(one.concept), lexicon)
    for one in missing:
        category = "wrong location" if one.span in meant_in_part else "missed finding"
        yield _error(category, _matters(one, lexicon), one, said.absent.get(one.concept), one.span, lexicon)


def _error(
    category: str,
    significant: bool,
    about: Instance,
    candidate_span: Span | None,
    reference_span: Span | None,
    lexicon: Lexicon,
) -> ReportError:
    finding = lexicon.concepts[about.concept].finding
    return ReportError(category, significant, about.concept, candidate_span, reference_span, finding)


def _matters(one: Instance, lexicon: Lexicon) -> bool:
    return one.certain and one.read and not lexicon.concepts[one.concept].minor


def _aligned(
    said: Sequence[Instance], meant: Sequence[Instance], profile: Profile
) -> tuple[list[tuple[Instance, Instance]], list[Instance], list[Instance]]:
    """Pairs of accounts of the same thing, the best fitting first, and what is left on either side."""
    lexicon = profile.lexicon
    fits = [
        (fitting, -row, -column)
        for row, one in enumerate(said)
        for column, other in enumerate(meant)
        if (one.concept == other.concept or other.concept in lexicon.related[one.concept])
        and (fitting := fit(one, other, profile)) > 0
    ]
    rows, columns = set(range(len(said))), set(range(len(meant)))
    pairs: list[tuple[Instance, Instance]] = []
    for _, row, column in sorted(fits, reverse=True):
        if -row in rows and -column in columns:
            rows.remove(-row)
            columns.remove(-column)
            pairs.append((said[-row], meant[-column]))
    return pairs, [said[row] for row in sorted(rows)], [meant[column] for column in sorted(columns)]


def _of_denials(said: Statements, meant: Statements, profile: Profile) -> Iterator[ReportError]:
    """What the candidate states and denies in one, of things that the reference states and does not deny."""
    stated, known = {one.concept for one in said.present}, {one.concept: one for one in meant.present}
    for concept in sorted(said.denied - meant.absent.keys()):
        if concept in stated and concept in known:
            one = known[concept]
            matters = _matters(one, profile.lexicon)
            yield _error("missed finding", matters, one, said.absent[concept], one.span, profile.lexicon)


def _of_changes(said: Statements, meant: Statements) -> Iterator[ReportError]:
    """Changes of nothing by name that only one side speaks of."""
    known = {change for change, _ in meant.changes} | {one.change for one in meant.present}
    stated = {change for change, _ in said.changes} | {one.change for one in said.present}
    for change, span in said.changes:
        if change not in known:
            yield ReportError("false comparison", True, "any_abnormality", span, None)
    for change, span in meant.changes:
        if change not in stated:
            yield ReportError("missed comparison", True, "any_abnormality", None, span)


def _of_turned_sentences(
    said: Sequence[SentenceRead],
    meant: Sequence[SentenceRead],
    counted: Sequence[ReportError],
    profile: Profile,
) -> Iterator[ReportError]:
    """Sentences of which no error is counted yet, and that are another's but for a word that turns them."""
    marked, known = [error.candidate_span for error in counted], [error.reference_span for error in counted]
    others = [(turning(one.text, profile), one) for one in _unshared(meant, said)]
    if not others:
        return
    for one in _unshared(said, meant):
        if _is_marked(one, marked):
            continue
        words = turning(one.text, profile)
        alike = [shared_words(words, its_words) for its_words, _ in others]
        its_words, other = others[alike.index(max(alike))]
        category = None if _is_marked(other, known) else turned(words, its_words, profile)
        if category:
            spans = (one.start, one.start + len(one.text)), (other.start, other.start + len(other.text))
            yield ReportError(category, one.read and other.read, "any_abnormality", *spans)


def _is_marked(sentence: SentenceRead, spans: Sequence[Span | None]) -> bool:
    end = sentence.start + len(sentence.text)
    return any(span is not None and sentence.start <= span[0] < end for span in spans)


class ErrorTerm:
    """1 ÷ (1 + significant errors + ½ · undecided), as a metric."""

    name = "error_term_lite"
    direction: Direction = "higher"
    kind: Kind = "embedded"

    def __init__(self, profile: Profile = DEFAULT_PROFILE) -> None:
        self.profile = profile

    def score(self, candidates: Sequence[str], references: Sequence[str]) -> list[float]:
        return [
            count_errors(said, meant, self.profile).reward for said, meant in paired(candidates, references)
        ]
