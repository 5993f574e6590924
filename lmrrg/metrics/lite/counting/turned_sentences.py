"""The same sentence but for a word that turns it: left for right, above for below, is for is not.

What no rule reads as an observation can still be said and contradicted ("the trachea is deviated to the left"). Two
sentences that share most of their words and differ in a word of direction, grade, age, change or denial say different
things. Knows words and their kinds; that two sentences of other words say the same or the opposite, it cannot see.
"""

import re
from collections import Counter
from functools import lru_cache
from typing import NamedTuple

from lmrrg.metrics.lite.measures import measures_of
from lmrrg.metrics.lite.parsing import parse_sentence
from lmrrg.metrics.lite.remembering import remembered
from lmrrg.metrics.lite.scope import is_answer
from lmrrg.profiles import Profile
from lmrrg.profiles.lexicon import Lexicon

# Two sentences are the same but for what turns them where they share this part of their words (F1).
_ALIKE = 0.5
# Lengths this many times apart are told here too, where no rule says of what they are.
_ORDER = 3.0
_NOTS = ("no", "not", "without", "never")  # also within a phrase: "no change"
_EXCLUDING = ("out", "outside", "beyond", "sparing", "spare", "except", "excluding")
_DIGIT = re.compile(r"\d")
_CATEGORY = {
    "side": "wrong location",
    "zone": "wrong location",
    "severity": "wrong severity",
    "change": "false comparison",
}


class Turning(NamedTuple):
    """A sentence's different words, and what in them turns it, as (kind, what is said), with how often."""

    words: frozenset[str]
    telling: Counter[tuple[str, str]]
    observed: frozenset[tuple[str, str | None]]
    measures: tuple[float, ...]
    answers: int
    denials: int
    nots: int
    excluded: int


@remembered(1 << 16)
def turning(text: str, profile: Profile) -> Turning:
    """What could turn the sentence: each word by itself, also within a phrase ("upper" in "upper thoracic spine")."""
    parsed = parse_sentence(text, profile)
    known = _by_word(profile.lexicon)
    telling: list[tuple[str, str]] = []
    answers = denials = 0
    for match in parsed.matches:
        if match.cues:
            denials += "negation_before" in match.cues or "negation_after" in match.cues
            answers += "answer_negative" in match.cues and is_answer(parsed.tokens, match)
        if match.first < match.last:
            telling += [(kind, name) for kind, name in match.kinds.items() if kind in _CATEGORY]
            telling += match.details
        telling += [("state", state) for state in match.states]
    lemmas = [token.lemma for token in parsed.tokens]
    for lemma in lemmas:
        if lemma in known:
            telling += known[lemma]
    nots, excluded = (sum(map(lemmas.count, some)) for some in (_NOTS, _EXCLUDING))
    return Turning(
        frozenset(lemmas),
        Counter(telling),
        frozenset((seen.concept, seen.label) for seen in parsed.observations),
        tuple(one.millimetres for one in measures_of(parsed.tokens)) if _DIGIT.search(text) else (),
        answers,
        denials,
        nots,
        excluded,
    )


@lru_cache(maxsize=16)
def _by_word(lexicon: Lexicon) -> dict[str, list[tuple[str, str]]]:
    """What each word that is a phrase by itself tells; words that tell nothing are left out."""
    found = {
        word: [(kind, name) for kind, name in node.kinds.items() if kind in _CATEGORY] + list(node.details)
        for word, node in lexicon.trie.next.items()
    }
    return {word: telling for word, telling in found.items() if telling}


def shared_words(one: Turning, other: Turning) -> float:
    """0 … 1: F1 over the different words of both."""
    return 2 * len(one.words & other.words) / max(len(one.words) + len(other.words), 1)


def turned(said: Turning, meant: Turning, profile: Profile) -> str | None:
    """The category of error where ``said`` is ``meant`` but for a word that turns it; None where it is not."""
    if shared_words(said, meant) < _ALIKE:
        return None
    # "none" answers as "no" does
    answered_alike = said.answers != meant.answers and said.observed == meant.observed
    if not answered_alike and _denied_otherwise(said, meant):
        return "missed finding" if said.denials > meant.denials else "false finding"
    if said.excluded % 2 != meant.excluded % 2:
        return "wrong location"
    if len(said.measures) == len(meant.measures) and any(
        not 1 / _ORDER < (one + 0.1) / (other + 0.1) < _ORDER
        for one, other in zip(said.measures, meant.measures, strict=True)
    ):
        return "wrong severity"
    only_said, only_meant = said.telling - meant.telling, meant.telling - said.telling
    for kind in sorted({kind for kind, _ in only_said} & {kind for kind, _ in only_meant}):
        if kind == "state":
            now, before = _is_abnormal(only_said, profile), _is_abnormal(only_meant, profile)
            if now != before:
                return "false finding" if now else "missed finding"
        elif kind in _CATEGORY or kind in profile.lexicon.detail_errors:
            return _CATEGORY.get(kind) or profile.lexicon.detail_errors[kind]
    return None


def _denied_otherwise(said: Turning, meant: Turning) -> bool:
    """Whether one of the two sentences denies, or denies a change, and the other does not."""
    if said.denials % 2 != meant.denials % 2:
        return True
    of_change = "change" in said.words and "change" in meant.words
    return said.nots % 2 != meant.nots % 2 and (
        of_change or _changes(said.telling) != _changes(meant.telling)
    )


def _changes(telling: Counter[tuple[str, str]]) -> set[str]:
    return {said for kind, said in telling if kind == "change"}


def _is_abnormal(telling: Counter[tuple[str, str]], profile: Profile) -> bool:
    return any(kind == "state" and said in profile.lexicon.abnormal_states for kind, said in telling)
