"""The sections of a report, wherever their headings stand, and which of their words are no finding of this film.

*Indication*, *history* and *technique* tell what was asked and how the film was made; *comparison* which film it is
held against. But readers put all on one line, and pages join sentences with a blank: what follows there and states
something of its own is part of the report. Knows headings and no finding.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from lmrrg.sentences import spans

_ASKED = (
    r"(?:CLINICAL|PATIENT|PRESENTING|MEDICAL|RELEVANT|BRIEF) (?:HISTORY|HX|INFORMATION|INFO|INDICATIONS?|DETAILS|DATA|"
    r"QUESTION|CONTEXT|BACKGROUND|SYMPTOMS?|CONCERN|PRESENTATION)|"
    r"INDICATIONS?(?: FOR (?:EXAM(?:INATION)?|STUDY))?|HISTORY|HX|"
    r"REASON(?: FOR (?:THE )?(?:EXAM(?:INATION)?|STUDY|REQUEST|REFERRAL|VISIT))?|(?:SIGNS AND )?SYMPTOMS?|CLINICAL|"
    r"QUESTION|REQUEST|REFERRAL|(?:CHIEF )?COMPLAINT|CC|PRE-?OP DIAGNOSIS|DIAGNOSIS ON REQUEST|BACKGROUND"
)
_MADE = (
    r"TECHNIQUES?|EXAM(?:INATION)?(?: (?:TYPE|DATE|PERFORMED))?|PROCEDURES?|VIEWS?|STUDY(?: (?:TYPE|DATE))?|"
    r"PROJECTIONS?|PROTOCOL|MODALITY|DATE(?: OF (?:EXAM(?:INATION)?|STUDY))?|NUMBER OF VIEWS|"
    r"TYPE OF (?:EXAM(?:INATION)?|STUDY)"
)
_HELD_AGAINST = (
    r"COMPARISONS?(?: (?:STUDY|STUDIES|FILMS?|EXAMS?))?|COMPARED (?:TO|WITH)|"
    r"PRIORS?(?: (?:STUDY|STUDIES|FILMS?|EXAMS?))?|PREVIOUS (?:STUDY|STUDIES|FILMS?|EXAMS?)"
)
_SEEN = r"FINDINGS?(?:(?: AND |[ ]?[/&][ ]?)IMPRESSIONS?)?|REPORT|RESULTS?|INTERPRETATION|DESCRIPTION|OBSERVATIONS?"
_CONCLUDED = (
    r"IMPRESSIONS?|CONCLUSIONS?|OPINION|SUMMARY|ASSESSMENT|COMMENTS?|ADDENDUM|RECOMMENDATIONS?|NOTES?|IMP"
)
_KINDS = (
    ("asked", _ASKED),
    ("made", _MADE),
    ("against", _HELD_AGAINST),
    ("seen", _SEEN),
    ("concluded", _CONCLUDED),
)
# What names an earlier film or says that there is none, and states nothing of this one.
_A_FILM = re.compile(
    r"\b(?:none|nil|n/?a|not (?:available|provided|given)|"
    r"no (?:prior|previous|comparison|relevant|earlier|old|films?|stud|exams?|images?)|"
    r"unavailable|available|priors?|previous|earlier|compar\w*|radiographs?|x-?rays?|films?|exam\w*|stud(?:y|ies)|"
    r"cts?|mris?|chest|cxr|dated?|outside|same day|yesterday|today|"
    r"jan\w*|feb\w*|mar(?:ch)?|apr\w*|may|june?|july?|aug\w*|sept?\w*|oct\w*|nov\w*|dec\w*|x{3,})\b|"
    r"\d[\d/.:-]*\d|_{2,}|\[\*\*|\b(?:19|20)\d\d\b",
    re.I,
)
# A line of a few words beginning with a capital, and nothing behind them: perhaps a heading.
_ALONE = re.compile(r"^[A-Z][A-Za-z]+(?: [A-Za-z]+){0,4}[ \t]*$", re.M)


class _Heading(NamedTuple):
    start: int
    end: int
    kind: str


@lru_cache(maxsize=16)
def _headings(own: tuple[str, ...]) -> re.Pattern[str]:
    """``own``: regular expressions of a profile's headings, which stay: they say what is spoken of."""
    named = "|".join(f"(?P<{kind}>{words})" for kind, words in (*_KINDS, ("own", "|".join(own) or r"(?!)")))
    # At the start of the text, a line or a sentence in any writing; elsewhere with a capital.
    return re.compile(
        rf"(?:(?:\A|(?<=[\n.!?;:]))[ \t]*(?:\d+[.)] ?)?|\b(?=[A-Z]))(?i:{named})(?:[ \t]*:(?!\d)|(?=[ \t]*(?:\n|\Z)))"
    )


def _found(report: str, own: tuple[str, ...]) -> list[_Heading]:
    found = []
    for match in _headings(own).finditer(report):
        kind = match.lastgroup or ""
        if match.group()[-1] != ":" and (kind == "own" or not _begins_line(report, match.start(kind))):
            continue  # a heading without a colon stands alone on its line
        found.append(_Heading(match.start(kind), match.end(), kind))
    return found


def _begins_line(report: str, at: int) -> bool:
    return at == 0 or report[at - 1] == "\n"


def without_context(report: str, own: Sequence[str] = ()) -> str:
    """The report with what is no finding of this film replaced by blanks, so that places stay what they were.

    Blanked are headings but a profile's ``own``; what was asked and how the film was made, as far as it goes; and the
    film that it is held against. Read all the same: a sentence after the first that stands under *Technique*; one under
    *Indication*, unless the findings have a section of their own or a blank line parts them; and under *Comparison*
    whatever names no film.
    """
    headings = _found(report, tuple(own)) if ":" in report or _ALONE.search(report) else []
    if not headings:
        return report
    findings = max((one.start for one in headings if one.kind in ("seen", "own")), default=-1)
    bounds = [*(heading.start for heading in headings), len(report)]
    pieces = [report[: headings[0].start]]
    for heading, (_, stop) in zip(headings, pairwise(bounds), strict=True):
        content = report[heading.end : stop]
        if heading.kind == "own":
            pieces.append(report[heading.start : stop])
            continue
        pieces.append(" " * (heading.end - heading.start))
        if heading.kind in ("seen", "concluded"):
            pieces.append(content)
        else:
            pieces.append(_without_what_is_no_finding(content, heading.kind, heading.start < findings))
    return "".join(pieces)


def is_context(text: str, own: Sequence[str] = ()) -> bool:
    """Whether the text has words and none of them is a finding of this film: "COMPARISON: None."."""
    return any(map(str.isalpha, text)) and not any(map(str.isalpha, without_context(text, own)))


def _without_what_is_no_finding(content: str, kind: str, findings_follow: bool) -> str:
    paragraph_end = content.find("\n\n")
    section, rest = (content, "") if paragraph_end < 0 else (content[:paragraph_end], content[paragraph_end:])
    parts = spans(section)
    if kind == "asked" and (findings_follow or paragraph_end >= 0):
        blank = parts
    elif kind == "against":
        blank = [part for part in parts if _A_FILM.search(section, *part)]
    else:
        blank = parts[:1]
    for first, last in blank:
        section = section[:first] + " " * (last - first) + section[last:]
    return section + rest
