"""A report → its sentences with their places, for the labeler. Knows punctuation and headings, no words."""

import re
from functools import lru_cache
from typing import NamedTuple

from lmrrg.metrics.lite.remembering import remembered
from lmrrg.profiles import Profile

# A report can be garbage; nobody dictates more than this.
MAX_CHARACTERS = 100_000

# Every alternative begins at a character that is rare in prose, so that the search skips the others.
_BREAK = re.compile(
    r"[.!?](?:(?<![Vv]s\.)(?<!Dr\.)\s+(?=\S)|(?<=[a-z)]\.)(?=[A-Z]))"  # a full stop, perhaps without a space
    r"| +(?<=[a-z] )(?=(?:The|There|No) )"  # a full stop left out
    r"|\n(?:\s*\n|(?=\s*(?:[A-Z]|\d+[.)]|[-*•])))"  # a blank line, or a line that begins like a sentence
    r"|;\s*"
)
_UNREAD = (
    "INDICATIONS?|HISTORY|CLINICAL (?:HISTORY|INFORMATION|INDICATION)|COMPARISONS?|TECHNIQUE|EXAM(?:INATION)?|"
    "REASON FOR (?:EXAM(?:INATION)?|STUDY)|VIEWS?|PROCEDURE"
)
_READ = ("FINDINGS?", "IMPRESSION", "CONCLUSION", "REPORT")
_LETTER = re.compile(r"[^\W\d_]")


class SentenceSpan(NamedTuple):
    """A sentence's text and where it starts in its report."""

    text: str
    start: int


@remembered(1 << 13)
def split_sentences(report: str, profile: Profile) -> tuple[SentenceSpan, ...]:
    """A report's sentences in order. What stands under *Indication*, *Comparison* or *Technique* is left out."""
    report = report[:MAX_CHARACTERS]
    if ":" in report:
        report = _blank_unread(report, _heading(profile))
    spans: list[SentenceSpan] = []
    start = 0
    for match in _BREAK.finditer(report):
        spans.append(_trimmed(report[start : match.end()], start))
        start = match.end()
    spans.append(_trimmed(report[start:], start))
    return tuple(span for span in spans if _LETTER.search(span.text))


@lru_cache(maxsize=16)
def _heading(profile: Profile) -> re.Pattern[str]:
    """A heading stands at the start of a line, or is written in capitals."""
    read = "|".join((*_READ, *profile.lexicon.headings))
    return re.compile(
        rf"(?im:^[ \t]*(?:(?P<unread>{_UNREAD})|{read})[ \t]*:)|\b(?:(?P<inline>{_UNREAD})|{read}):"
    )


def _blank_unread(report: str, heading_of: re.Pattern[str]) -> str:
    """The same text with the sections that say nothing of this image replaced by spaces."""
    headings = list(heading_of.finditer(report))
    for number, heading in enumerate(headings):
        if not (heading["unread"] or heading["inline"]):
            continue
        end = headings[number + 1].start() if number + 1 < len(headings) else len(report)
        blank_line = report.find("\n\n", heading.end(), end)
        end = blank_line if blank_line >= 0 else end
        if number + 1 == len(headings) and blank_line < 0:
            line_end = report.find("\n", heading.end())
            end = line_end if line_end >= 0 else end
        report = report[: heading.start()] + " " * (end - heading.start()) + report[end:]
    return report


def _trimmed(text: str, start: int) -> SentenceSpan:
    stripped = text.lstrip()
    return SentenceSpan(stripped.rstrip(), start + len(text) - len(stripped))
