"""A report's sentences as the rules read them: without its context, dictated commands and marks turned to punctuation.

Every place is a place in the report as it came. A semicolon and a full stop that was left out part sentences here and
not on the page: the rules look at one statement at a time. Nothing is left out for its length.
"""

import html
import re
from typing import NamedTuple

from lmrrg import sections, sentences
from lmrrg.metrics.lite.remembering import remembered
from lmrrg.profiles import Profile

# Nobody dictates a longer sentence: what is read by looking at pairs of words is read in pieces of so many characters.
LONGEST = 2_000

_INNER = re.compile(r";\s*|(?<=[a-z)]) +(?=(?:The|There|No) )")
_LETTER = re.compile(r"[^\W\d_]")
# No "colon": it is an organ.
_SPOKEN = {
    "period": ".",
    "full stop": ".",
    "comma": ",",
    "semicolon": ";",
    "semi colon": ";",
    "question mark": "?",
    "new line": "\n",
    "next line": "\n",
    "new paragraph": "\n\n",
    "next paragraph": "\n\n",
}
# A period is also a time: "a period of days", "the postoperative period".
_A_COMMAND = r"(?<!\ba )(?<!\bthe )(?<!\bthis )(?<!\btime )(?<!tive )(?<!val )(?<!ing )(?=period)|(?!period)"
_COMMAND = re.compile(
    rf"\b(?:{_A_COMMAND})(?:{'|'.join(_SPOKEN)})\b(?!\s+(?:of|for|since|between|from|after|during)\b)[.,]?",
    re.I,
)
_MARKS = re.compile(r"&(?:#\d{1,6}|#x[0-9a-f]{1,6}|[a-z]{2,8});|</?[a-z][^<>\n]{0,60}>", re.I)
_LINE_MARKS = re.compile(r"</?(?:br|p|div|li|tr|h\d)\b", re.I)


class SentenceSpan(NamedTuple):
    """A sentence's text and where it starts in its report."""

    text: str
    start: int


@remembered(1 << 13)
def split_sentences(report: str, profile: Profile) -> tuple[SentenceSpan, ...]:
    """A report's sentences in order; see ``lmrrg.sections`` for what is left out as no finding of this film."""
    text = sections.without_context(_punctuated(report), profile.lexicon.headings)
    found: list[SentenceSpan] = []
    for first, last in sentences.spans(text):
        start = first
        for match in _INNER.finditer(text, first, last):
            _add(found, text, start, match.start() + match.group().startswith(";"))
            start = match.end()
        _add(found, text, start, last)
    return tuple(found)


def _add(found: list[SentenceSpan], text: str, start: int, stop: int) -> None:
    while stop - start > LONGEST:
        cut = text.rfind(" ", start, start + LONGEST)
        cut = cut if cut > start else start + LONGEST
        _add(found, text, start, cut)
        start = cut
    piece = text[start:stop]
    stripped = piece.lstrip()
    if _LETTER.search(stripped):
        found.append(SentenceSpan(stripped.rstrip(), start + len(piece) - len(stripped)))


def _punctuated(report: str) -> str:
    """The same length: dictated commands, HTML and boxes to tick as the signs and words that they stand for."""
    if "&" in report or "<" in report:
        report = _MARKS.sub(_unmarked, report)
    if "[" in report:
        report = report.replace("[ ]", "no ").replace("[x]", "   ").replace("[X]", "   ")
    lower = (
        report.lower()
    )  # to look for each command by itself is ten times as fast as to try all at every word
    return _COMMAND.sub(_typed, report) if any(command in lower for command in _SPOKEN) else report


def _typed(match: re.Match[str]) -> str:
    words = match.group().rstrip(".,").lower()
    return _SPOKEN[" ".join(words.split())].ljust(len(match.group()))


def _unmarked(match: re.Match[str]) -> str:
    mark = match.group()
    if mark.startswith("<"):
        return ("\n" if _LINE_MARKS.match(mark) else " ").ljust(len(mark))
    meant = html.unescape(mark)
    return (" " if meant.isspace() or len(meant) != 1 else meant).ljust(len(mark))
