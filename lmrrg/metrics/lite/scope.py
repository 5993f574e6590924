"""How far a negation, a doubt or a change reaches in a sentence. Rules only: the words are the lexicon's.

A sentence falls into clauses (at "but", "with", "there is", a colon, or where a comma or "and" opens a clause with
a verb of its own). A cue before an observation reaches forward to the clause's end unless a list item with a
grade of its own breaks it ("no effusion, mild edema"); a cue after one reaches back to the clause's start.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from lmrrg.metrics.categories import Label
from lmrrg.metrics.lite.tokens import Token
from lmrrg.profiles.lexicon import Detail

VERBS = frozenset({"is", "are", "has", "have", "appear", "remain", "demonstrate", "show"})
_ARTICLES = frozenset({"the", "a", "an", "there", "also", "some"})
_BREAKING_CHANGES = frozenset({"stable", "worse", "better", "new"})


class Match(NamedTuple):
    """A phrase at tokens ``first … last``; the other fields are its node's (see ``lmrrg.profiles.lexicon.Node``)."""

    first: int
    last: int
    kinds: Mapping[str, str]
    concepts: tuple[str, ...]
    states: tuple[str, ...]
    cues: tuple[str, ...]
    details: tuple[Detail, ...]
    after_verb: bool


def clauses_of(tokens: Sequence[Token], matches: Sequence[Match]) -> list[int]:
    """For each token the number of its clause."""
    starts = [False] * len(tokens)
    at = {match.first: match for match in matches}
    covered = {index for match in matches for index in range(match.first + 1, match.last + 1)}
    asserted = False
    for index, token in enumerate(tokens):
        match = at.get(index)
        cues = match.cues if match else ()
        if index in covered:
            continue
        opens = token.lemma in (",", "and") and asserted and _opens_clause(tokens, at, index + 1)
        if opens or token.lemma == ":" or "boundary" in cues:
            starts[index] = True
            asserted = False
        elif token.lemma in VERBS or "negation_before" in cues or (match and "state" in match.kinds):
            asserted = True
    numbers: list[int] = []
    number = 0
    for start in starts:
        number += start
        numbers.append(number)
    return numbers


def _opens_clause(tokens: Sequence[Token], at: dict[int, Match], index: int) -> bool:
    """Whether a subject with a verb or a state of its own begins here."""
    subject = modified = False
    while index < len(tokens):
        match = at.get(index)
        word = tokens[index].lemma
        if match and "observation" in match.kinds:
            subject = True
            # "no edema, effusion is seen" goes on with its list; "no edema, a small effusion is seen" does not.
            if not modified:
                return False
        elif match and "state" in match.kinds and subject:
            return True
        elif match and ("anatomy" in match.kinds or "zone" in match.kinds):
            subject = True
        elif word in VERBS and subject:
            return True
        elif match and _may_precede_subject(match, subject):
            modified = True
        elif word not in _ARTICLES:
            return False
        index = match.last + 1 if match else index + 1
    return False


def _may_precede_subject(match: Match, subject: bool) -> bool:
    modifies = "side" in match.kinds or "severity" in match.kinds or "state" in match.kinds
    return modifies or ("change" in match.kinds and not subject)


def label_of(
    tokens: Sequence[Token], matches: Sequence[Match], clause_of: Sequence[int], first: int, last: int
) -> Label | None:
    """How the observation at tokens ``first … last`` is meant; None where it is history or only asked about."""
    clause = clause_of[first]
    negated = doubted = False
    for match in matches:
        if clause_of[match.first] != clause:
            continue
        cues, change = match.cues, match.kinds.get("change")
        if match.last < first:
            if "historical_before" in cues or "hypothetical_before" in cues:
                return None
            if "negation_before" in cues and not _broken(tokens, matches, match.last + 1, first):
                negated = True
            elif "uncertain_before" in cues:
                doubted = True
            elif change == "resolved":
                negated = True
        elif match.first > last:
            if "hypothetical_after" in cues:
                return None
            if "negation_after" in cues or change == "resolved":
                negated = True
            elif "uncertain_after" in cues:
                doubted = True
        elif "negation_before" in cues and first < match.first and match.last <= last:
            negated = True
    if negated:
        return "negative"
    return "uncertain" if doubted else "positive"


def _broken(tokens: Sequence[Token], matches: Sequence[Match], start: int, stop: int) -> bool:
    """Whether a list item of its own standing lies between a cue and the observation: ", mild …"."""
    for match in matches:
        if not start < match.first < stop:
            continue
        previous = tokens[match.first - 1].lemma
        if previous in ("a", "an") and match.first - 2 >= start:
            previous = tokens[match.first - 2].lemma
        if previous not in (",", "and"):
            continue
        kinds = match.kinds
        if kinds.get("severity", "4") != "4" or kinds.get("change") in _BREAKING_CHANGES:
            return True
        if "likely_before" in match.cues or "uncertain_before" in match.cues:
            return True
    return False
