"""Where one sentence of a report ends and the next begins: the only place that decides it.

Knows punctuation, lines and lists, and no radiology. The page's copy (``ui/words/sentences.js``) must part every
text alike: both are tested on ``tests/sentences.json``. A draft and a reading carry their sentences; nobody parts
those again.
"""

import re

# Before these a full stop ends nothing: titles, units and short forms that are followed by what they belong to.
_SHORT = frozenset(
    "dr drs mr mrs ms prof st vs approx appr ca cf e.g i.e eg ie resp incl viz".split()  # noqa: SIM905
)
# Before a small letter these do not either.
_SHORT_WITHIN = frozenset(
    """
    est lat ant sup bilat bil mod rt lt sq neg pos abn wk wks mo mos yr yrs hr hrs eff min max
    """.split()  # noqa: SIM905
)
# A line that ends in one of these goes on in the next, whatever that begins with.
_GOES_ON = frozenset(
    """
    a an the no not nor or and but with without of in on at to by for from is are was were has have been be which that
    as than due possible possibly probable probably likely suspected new small mild moderate large severe minimal right
    left bilateral both upper lower mid there this these its into over under near within along between versus vs
    """.split()  # noqa: SIM905
)
# A line of text that was broken because it was full, not because it ended.
_FULL_LINE = 60

# Where a sentence may end. A full stop, perhaps without a space after it; a break of the line.
_END = re.compile(r"[.!?]+[\"')\]]*(?:(?=\s|\Z)|(?<=[a-z)]\.)(?=[A-Z][a-z]))|\n\s*")
_BEFORE_A_NUMBER = frozenset({"no", "nos", "fig", "figs"})
_BEFORE_AN_INITIAL = re.compile(
    r"(?:\A|\b(?:[Bb]y|[Ff]rom|[Dd]rs?\.?|Prof\.?|M[rs]s?\.?|[A-Z]\.)\s)\s*[A-Z]\.\Z"
)
_A_NAME = re.compile(r"\s+(?:[A-Z]\.\s*)*[A-Z][a-z]")
_LAST_WORD = re.compile(r"([^\W_](?:[^\W_]|\.(?=[^\W_]))*)\.\Z")
_LIST_NUMBER = re.compile(r"(?:\A|[\n.!?:;]\s*|\s\s)\(?[1-9]\d?\.\Z")
_ANSWER = re.compile(r"\s+(?:yes|no|none|nil|neg|negative)\b", re.I)
_BEGINS_ANEW = re.compile(r"(?:[-*•–☐☑☒]|\[[ xX]?\]|\(?\d{1,2}[.)])\s|[^\W\d_][\w /()-]{0,40}:")
_OPENING = re.compile(r"[\"'(\[]*")


def spans(text: str) -> list[tuple[int, int]]:
    """(start, end) of each sentence in ``text``, without surrounding white space; none is empty."""
    bounds: list[tuple[int, int]] = []
    start = 0
    for match in _END.finditer(text):
        if match.start() < start:
            continue
        broken_line = "\n" in match.group()
        if broken_line:
            if not _line_ends(text, start, match):
                continue
            bounds.append((start, match.start()))
        elif _stop_ends(text, start, match):
            bounds.append((start, match.end()))
        else:
            continue
        start = match.end()
    bounds.append((start, len(text)))
    trimmed = []
    for first, last in bounds:
        piece = text[first:last]
        first += len(piece) - len(piece.lstrip())
        last = first + len(piece.strip())
        if last > first:
            trimmed.append((first, last))
    return trimmed


def split(text: str) -> list[str]:
    """The sentences of ``text`` in order."""
    return [text[first:last] for first, last in spans(text)]


def _stop_ends(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether the stop ends a sentence, and not a short form, a list number, or a question that is answered."""
    stop, end = match.group(), match.end()
    if stop[0] == "?":
        return not _ANSWER.match(text, end)
    if stop != ".":
        return True
    if end - start > 8 and text[end - 8 : end - 1].isalpha():
        return True  # no short form has seven letters
    before = text[max(start, end - 12) : end]  # no short form and no number is longer
    if _LIST_NUMBER.search(before if end - 12 > start else "\n" + before):
        return False
    word = _LAST_WORD.search(before)
    if word is None:
        return True
    short = word[1].lower()
    if short in _SHORT:
        return bool(re.match(r"\s*(?:\n|\Z)", text[end : end + 8]))
    if short in _SHORT_WITHIN:
        return not re.match(r"\s+[a-z]", text[end : end + 8])
    if short in _BEFORE_A_NUMBER:
        return not re.match(r"\s*\d", text[end : end + 8])
    initial = len(short) == 1 and _BEFORE_AN_INITIAL.search(before)
    return not (initial and _A_NAME.match(text, end, end + 20))


def _line_ends(text: str, start: int, match: re.Match[str]) -> bool:
    """Whether a break of the line ends a sentence: not where a line was merely full, or ends in the middle."""
    if match.group().count("\n") > 1:
        return True
    line = text[max(start, text.rfind("\n", 0, match.start()) + 1) : match.start()].rstrip()
    following = text[match.end() : match.end() + 64]
    if not line or not following or line[-1] in ":;.!?" or _BEGINS_ANEW.match(following):
        return True
    opened = _OPENING.match(following)
    begins = following[opened.end() if opened else 0 :][:1]
    if begins.islower() or line[-1] in ",-–/(":
        return False
    last_word = line.rsplit(None, 1)[-1].lower()
    return last_word not in _GOES_ON and len(line) < _FULL_LINE
