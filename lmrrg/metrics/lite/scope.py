"""How far a negation, a doubt or a change reaches in a sentence. Rules only: the words are the lexicon's.

A sentence falls into clauses (at "but", "with", "there is", or where a comma or "and" opens a clause with a verb of
its own). A cue before an observation reaches forward to the clause's end unless a list item with a grade of its own
breaks it ("no effusion, mild edema"); a cue after one reaches back to the clause's start. A colon joins an item and
its state ("Heart: enlarged", "Pneumothorax: none"); it parts clauses only between two observations. What denies a
change ("no increase in the effusion", "has not resolved") does not deny what changes.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from lmrrg.metrics.categories import Label
from lmrrg.metrics.lite.tokens import Token
from lmrrg.profiles.lexicon import Detail

VERBS = frozenset({"is", "are", "has", "have", "appear", "remain", "demonstrate", "show"})
_ARTICLES = frozenset({"the", "a", "an", "there", "also", "some"})
LEADING = frozenset({"on", "in", "at", "over", "within", "the", ",", "and", "of"})
_GROWTH = frozenset({"enlargement", "expansion", "extension", "spread", "dilatation"})
_PRONOUNS = frozenset({"this", "these", "it", "they"})
_BREAKING_CHANGES = frozenset({"stable", "worse", "better", "new"})
_CHANGED = frozenset({"worse", "better", "resolved"})
_FILLERS = frozenset(
    """
    a an any appreciable been completely convincing definite demonstrable detectable entirely evidence fully
    further great
    measurable much obvious of overall quite radiographic real really substantial the totally visible yet
    """.split()  # noqa: SIM905
)
_AFTER_A_CHANGE = frozenset(
    {"in", "of", "to", "from", "since", "compared", "over", "when", ":", ",", "between"}
)


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
    asserted = answered = False
    for index, token in enumerate(tokens):
        match = at.get(index)
        cues = match.cues if match else ()
        if index in covered:
            continue
        opens = token.lemma in (",", "and") and asserted and _opens_clause(tokens, at, index + 1)
        if token.lemma in (",", "/") and _parts_items(tokens, index):
            opens = opens or answered or _item_follows(tokens, matches, index)
        if (
            opens
            or (
                "boundary" in cues
                and not _leads_in(tokens, matches, starts, index)
                and not _only_places(tokens, matches, index)
            )
            or (token.lemma == ":" and _parts_clauses(tokens, matches, index))
        ):
            starts[index] = True
            asserted, answered = "negation_before" in cues, False  # "there is no evidence of" is both
        elif match and is_answer(tokens, match):
            answered = True
        elif token.lemma in VERBS or "negation_before" in cues or (match and "state" in match.kinds):
            asserted = True
    numbers: list[int] = []
    number = 0
    for start in starts:
        number += start
        numbers.append(number)
    return numbers


def _parts_items(tokens: Sequence[Token], index: int) -> bool:
    """Whether a comma, or a stroke between blanks, stands here: "nodule/mass" is one item."""
    token = tokens[index]
    if token.lemma != "/":
        return token.lemma == ","
    before, after = tokens[index - 1 : index], tokens[index + 1 : index + 2]
    return all(one.end < token.start for one in before) and all(token.end < one.start for one in after)


def _item_follows(tokens: Sequence[Token], matches: Sequence[Match], index: int) -> bool:
    """Whether what stands before the next colon is an item of its own: "effusion: small / pneumothorax: none"."""
    later = range(index + 1, len(tokens))
    stop = next((i for i in later if tokens[i].lemma == ":" or _parts_items(tokens, i)), len(tokens))
    if stop == len(tokens) or tokens[stop].lemma != ":":
        return False
    return any(
        index < match.first < stop and (match.concepts or "anatomy" in match.kinds) for match in matches
    )


def _only_places(tokens: Sequence[Token], matches: Sequence[Match], index: int) -> bool:
    """Whether "with" adds a place or a detail and no observation: "a line with its tip in the superior vena cava"."""
    if tokens[index].lemma != "with":
        return False
    following = []
    for match in matches:
        if match.first > index:
            if "boundary" in match.cues:
                break
            following.append(match)
    return bool(following) and not any(
        match.concepts or match.states or match.cues or "change" in match.kinds for match in following
    )


def _leads_in(tokens: Sequence[Token], matches: Sequence[Match], starts: Sequence[bool], index: int) -> bool:
    """Whether only a place stands before "there is" in its clause: "on the right there is an effusion"."""
    if tokens[index].lemma != "there":
        return False
    first = max((number for number in range(index) if starts[number]), default=0)
    before = [match for match in matches if first <= match.first < index]
    places = {number for match in before for number in range(match.first, match.last + 1)}
    return (
        bool(before)
        and all(number in places or tokens[number].lemma in LEADING for number in range(first, index))
        and all(
            not {"side", "zone", "anatomy"}.isdisjoint(match.kinds) and not match.concepts for match in before
        )
    )


def is_answer(tokens: Sequence[Token], match: Match) -> bool:
    """Whether the match answers the item before it by itself: "Pneumothorax: none", "Effusion nil"."""
    if not ("answer_negative" in match.cues or "answer_positive" in match.cues):
        return False
    after = match.last + 1
    ends = after == len(tokens) or tokens[after].lemma in (",", ")", "/")
    return (
        ends and match.first > 0 and (tokens[match.first - 1].lemma in (":", "?") or "terminal" in match.cues)
    )


def _parts_clauses(tokens: Sequence[Token], matches: Sequence[Match], colon: int) -> bool:
    """Whether both sides of a colon observe something; else it joins an item and its state."""
    start = max(
        (index + 1 for index in range(colon) if tokens[index].lemma == ":" or _parts_items(tokens, index)),
        default=0,
    )
    stop = next(
        (index for index in range(colon + 1, len(tokens)) if _parts_items(tokens, index)),
        len(tokens),
    )
    before = any((match.concepts or match.states) and start <= match.first < colon for match in matches)
    return before and any(match.concepts and colon < match.first < stop for match in matches)


def _opens_clause(tokens: Sequence[Token], at: dict[int, Match], index: int) -> bool:
    """Whether a subject with a verb or a state of its own begins here."""
    subject = modified = False
    while index < len(tokens):
        match = at.get(index)
        word = tokens[index].lemma
        if match and "observation" in match.kinds:
            subject = True
            # "no edema, effusion is seen" goes on with its list; "no edema, a small effusion is seen" does not, nor
            # does "no edema, effusion unchanged".
            following = at.get(match.last + 1)
            if following and following.kinds.get("change") in _BREAKING_CHANGES:
                return "observation" not in following.kinds
            if not modified:
                return False
        elif match and "state" in match.kinds and subject:
            return True
        elif (match and ("anatomy" in match.kinds or "zone" in match.kinds)) or word in _PRONOUNS:
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
    for number, match in enumerate(matches):
        if clause_of[match.first] != clause:
            continue
        cues = match.cues
        if cues and tokens[match.first].lemma == "?" and _is_answered(matches, number):
            continue
        resolved = match.kinds.get("change") == "resolved" and not change_is_denied(tokens, matches, number)
        if match.last < first:
            if "historical_before" in cues or "hypothetical_before" in cues:
                return None
            if "negation_before" in cues:
                if not (
                    _broken(tokens, matches, match.last + 1, first)
                    or _denies_a_change(tokens, matches, number, first)
                ):
                    negated = True
            elif "uncertain_before" in cues:
                doubted = True
            elif "alternative" in cues or (
                "uncertain_after" in cues and not _observed_before(matches, number)
            ):
                doubted = doubted or not _observed_between(matches, match.last, first)
            elif "negation_after" in cues and _is_inverted(tokens, matches, number, first):
                negated = True
            elif resolved:
                negated = negated or not _says_it_of_another(tokens, matches, number, first)
        elif match.first > last:
            if "hypothetical_after" in cues:
                return None
            if "undecided_after" in cues:
                return "uncertain"
            if "not_excluded_after" in cues and not _observed_between(matches, last, match.first):
                return "uncertain"
            answered = "answer_negative" in cues and is_answer(tokens, match)
            if answered or resolved or "negation_after" in cues:
                negated = True
            elif "uncertain_after" in cues:
                doubted = doubted or _goes_back_to(tokens, matches, last, match.first)
            elif "alternative" in cues:
                doubted = doubted or not _observed_between(matches, last, match.first)
        elif "negation_before" in cues and first < match.first and match.last <= last:
            negated = True
    if negated:
        return "negative"
    return "uncertain" if doubted else "positive"


def change_is_denied(tokens: Sequence[Token], matches: Sequence[Match], number: int) -> bool:
    """Whether a negation stands just before the change ``matches[number]``: "has not resolved", "no increase in"."""
    one = matches[number]
    start = one.first
    for before in reversed(matches[max(0, number - 3) : number]):
        if any(tokens[index].lemma not in _FILLERS for index in range(before.last + 1, start)):
            return False
        if "negation_before" in before.cues:
            return True
        if not ("severity" in before.kinds or before.kinds.get("change") == "stable"):
            return False
        start = before.first
    return False


def _denies_a_change(tokens: Sequence[Token], matches: Sequence[Match], number: int, stop: int) -> bool:
    """Whether the negation ``matches[number]`` is of a change before ``stop``: "no increase in the effusion"."""
    for later in range(number + 1, min(number + 4, len(matches))):
        match = matches[later]
        if match.last >= stop:
            return False
        grows = match.kinds.get("change") in _CHANGED or tokens[match.first].lemma in _GROWTH
        if grows and "observation" not in match.kinds:
            is_noun = any(tokens[i].lemma in _AFTER_A_CHANGE for i in range(match.first + 1, match.last + 2))
            is_noun = is_noun or match.kinds.get("change") == "resolved"
            return is_noun and change_is_denied(tokens, matches, later)
    return False


def _observed_before(matches: Sequence[Match], number: int) -> bool:
    return any(match.concepts for match in matches[:number])


def _is_inverted(tokens: Sequence[Token], matches: Sequence[Match], number: int, first: int) -> bool:
    """Whether the verb stands between a denial and what it denies: "not present today is the consolidation"."""
    between = range(matches[number].last + 1, first)
    return not _observed_before(matches, number) and any(tokens[i].lemma in ("is", "are") for i in between)


def _goes_back_to(tokens: Sequence[Token], matches: Sequence[Match], last: int, cue: int) -> bool:
    """Whether a doubt goes back past other observations: over "or" and "and", not over a list's comma alone."""
    if not _observed_between(matches, last, cue):
        return True
    between = [tokens[i].lemma for i in range(last + 1, cue)]
    return "or" in between or "," not in between


def _says_it_of_another(tokens: Sequence[Token], matches: Sequence[Match], number: int, first: int) -> bool:
    """Whether what is gone stands before the word for it, and another item follows: "tube removed, small effusion"."""
    between = range(matches[number].last + 1, first)
    return _observed_before(matches, number) and any(tokens[i].lemma in (",", "and") for i in between)


def _is_answered(matches: Sequence[Match], number: int) -> bool:
    """Whether the question mark is followed by its answer: "Effusion? No"."""
    following = matches[number + 1 : number + 2]
    return any(
        match.first == matches[number].last + 1
        and ("answer_negative" in match.cues or "answer_positive" in match.cues)
        for match in following
    )


def _observed_between(matches: Sequence[Match], after: int, before: int) -> bool:
    return any(match.concepts and after < match.first and match.last < before for match in matches)


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
        if any(kind == "age" and said != "acute" for kind, said in match.details):
            return True
        if "likely_before" in match.cues or "uncertain_before" in match.cues:
            return True
    return False
