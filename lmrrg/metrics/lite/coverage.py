"""What of a report was read. A sentence is read where every word was understood, or is known to say nothing.

What was not read is never taken for normal, for right or for wrong: whoever asks for labels or a score asks here
how much of the text they stand on.
"""

from collections.abc import Sequence
from typing import NamedTuple

from lmrrg.metrics.lite.parsing import parse_sentence
from lmrrg.metrics.lite.remembering import remembered
from lmrrg.metrics.lite.report_sentences import split_sentences
from lmrrg.profiles import DEFAULT_PROFILE, Profile


class SentenceRead(NamedTuple):
    """A sentence, where it starts in its report, and the characters of its words that were not understood."""

    text: str
    start: int
    unread: tuple[tuple[int, int], ...]

    @property
    def read(self) -> bool:
        return not self.unread

    @property
    def span(self) -> tuple[int, int]:
        """Its characters (start, end) in the report."""
        return self.start, self.start + len(self.text)


@remembered(1 << 13)
def sentences_read(report: str, profile: Profile) -> tuple[SentenceRead, ...]:
    """The report's sentences in order, each with what of it was not understood."""
    return tuple(
        SentenceRead(sentence.text, sentence.start, parse_sentence(sentence.text, profile).unread)
        for sentence in split_sentences(report, profile)
    )


def not_read(report: str, profile: Profile = DEFAULT_PROFILE) -> tuple[SentenceRead, ...]:
    """The sentences of the report that were not read."""
    return tuple(sentence for sentence in sentences_read(report, profile) if not sentence.read)


def read_whole(report: str, profile: Profile = DEFAULT_PROFILE) -> bool:
    """Whether the report says anything and every sentence of it was read."""
    sentences = sentences_read(report, profile)
    return bool(sentences) and all(not one.unread for one in sentences)


# Below this share of its sentences what the rules say of a report is said of less than half of it.
ENOUGH = 0.5


def read_enough(report: str, profile: Profile = DEFAULT_PROFILE) -> bool:
    """Whether at least half of the report's sentences were read, so that it can be a reference for the rules."""
    sentences = sentences_read(report, profile)
    return bool(sentences) and sum(one.read for one in sentences) >= ENOUGH * len(sentences)


class Coverage(NamedTuple):
    """How much of some reports was read: shares from 0 to 1 of their sentences, and of reports read whole."""

    sentences: float
    reports: float

    def __str__(self) -> str:
        return f"read: {_share(self.sentences)} of sentences, {_share(self.reports)} of reports whole"


def _share(part: float) -> str:
    """A percentage that is 100 only where nothing is missing."""
    return f"{min(part, 0.999) if part < 1 else part:.1%}"


def coverage(reports: Sequence[str], profile: Profile = DEFAULT_PROFILE) -> Coverage:
    """The shares that were read; 1 where there is nothing to read."""
    read = [[one.read for one in sentences_read(report, profile)] for report in reports]
    every = [one for sentences in read for one in sentences]
    whole = [all(sentences) for sentences in read]
    return Coverage(sum(every) / len(every) if every else 1.0, sum(whole) / len(whole) if whole else 1.0)
