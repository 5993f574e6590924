"""Text → sentences → tokens with their places. Knows punctuation and headings; the words are the profile's.

De-identified words (``XXXX``, ``___``, ``[**…**]``) carry nothing and are dropped as tokens.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from lmrrg.metrics.lite.remembering import remembered
from lmrrg.profiles import DEFAULT_PROFILE, Profile

# A report can be garbage; nobody dictates more than this.
MAX_CHARACTERS = 100_000
MAX_TOKENS = 400

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
# "r/o" and "w/" are words; "#" before a word is a fracture; a dash between blanks, or "=", parts item and state.
_TOKEN = re.compile(
    r"[^\W\d_]+(?:(?<=\b[A-Za-z])/[A-Za-z]\b(?!/)|(?<=\b[Ww])/(?=\s)|['’][^\W\d_]+)?"
    r"|[,:()/?<>&+]|\d*\.?\d+|=|(?<=\S\s)[-–—](?=\s)|(?<=\w)—(?=\w)|#(?=\s?[A-Za-z])|\[\*\*.*?\*\*\]"
)
_SIGNS = {"=": ":", "-": ":", "–": ":", "—": ":", "&": "and", "#": "fracture"}
_LETTER = re.compile(r"[^\W\d_]")
_NOTHING = re.compile(r"(?:x{3,}|_+)\Z")


class Token(NamedTuple):
    """One lemma and the characters it was read from (relative to its sentence)."""

    lemma: str
    start: int
    end: int


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


@lru_cache(maxsize=16)
def _reader(profile: Profile) -> Callable[[str], tuple[str, ...]]:
    """Written word → what it stands for: nothing where it was taken out, several lemmas for an abbreviation."""
    lemmas = profile.lexicon.lemmas

    @lru_cache(maxsize=1 << 16)
    def lemmas_of(raw: str) -> tuple[str, ...]:
        word = raw.lower()
        if word in _SIGNS:
            return (_SIGNS[word],)
        if word[0] == "[" or _NOTHING.match(word):
            return ()
        if word.endswith(("'s", "’s")):
            word = word[:-2]
        elif word.endswith(("n't", "n’t")):
            return ("is" if word[0] in "iw" else "do", "not")
        return lemmas(word)

    return lemmas_of


def tokenise(sentence: str, profile: Profile = DEFAULT_PROFILE) -> list[Token]:
    """The sentence's lemmas and its ``, : ( ) / ?``. Hyphens part words; ``bibasilar`` gives two tokens."""
    tokens: list[Token] = []
    lemmas_of = _reader(profile)
    add, new = tokens.append, tuple.__new__  # a named tuple's own constructor takes twice as long
    for match in _TOKEN.finditer(sentence):
        start, end = match.span()
        for form in lemmas_of(match.group()):
            add(new(Token, (form, start, end)))
    return tokens[:MAX_TOKENS]
