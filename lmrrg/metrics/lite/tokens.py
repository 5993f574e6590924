"""A sentence → tokens with their places. Knows signs and numbers; the words are the profile's.

De-identified words (``XXXX``, ``___``, ``[**…**]``) carry nothing and are dropped as tokens.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from lmrrg.profiles import DEFAULT_PROFILE, Profile

# "r/o" and "w/" are words; "#" before a word is a fracture; a dash between blanks, or "=", parts item and state.
_TOKEN = re.compile(
    r"[^\W\d_]+(?:(?<=\b[A-Za-z])/[A-Za-z]\b(?!/)|(?<=\b[Ww])/(?=\s)|['’][^\W\d_]+)?"
    r"|\([+-]\)|[+-]ve\b|[,:()/?<>&+]|\d*\.?\d+|=|(?<=\S\s)(?:-{1,3}|[–—])(?=\s)|(?<=\w)—(?=\w)|#(?!\s?\d)|\[\*\*.*?\*\*\]"
)
_SIGNS = {
    "--": ":",
    "---": ":",
    "(-)": "nil",
    "(+)": "present",
    "-ve": "negative",
    "+ve": "positive",
    "=": ":",
    "-": ":",
    "–": ":",
    "—": ":",
    "&": "and",
    "#": "fracture",
}
_NOTHING = re.compile(r"(?:x{3,}|_+)\Z")


class Token(NamedTuple):
    """One lemma and the characters it was read from (relative to its sentence)."""

    lemma: str
    start: int
    end: int


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
    return tokens
