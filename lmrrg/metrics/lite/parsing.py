"""One sentence → its observations, each with label, place, amount and change. Cached per sentence.

Finds the lexicon's phrases, pairs structures with their states ("the heart … is enlarged"), and asks
``scope`` how each is meant. Knows one sentence at a time: nothing of the report around it.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from lmrrg.metrics.categories import Label
from lmrrg.metrics.lite.measures import Measure, measures_of, ratio_after
from lmrrg.metrics.lite.remembering import remembered
from lmrrg.metrics.lite.scope import LEADING, VERBS, Match, change_is_denied, clauses_of, label_of
from lmrrg.metrics.lite.tokens import Token, tokenise
from lmrrg.metrics.lite.understanding import is_other_language, not_understood
from lmrrg.profiles import Profile
from lmrrg.profiles.lexicon import Detail, Lexicon, Node


class Observation(NamedTuple):
    """One observation in one sentence.

    Attributes:
        concept: a key of the lexicon's ``concepts``.
        label: how it is meant; None for what is only history or a question ("evaluate for pneumonia").
        start, end: its characters within the sentence.
        side: ``right``, ``left``, ``bilateral`` or None.
        zones: heights and places that the text names for it (``lower``, ``apical`` …).
        implied: read from a normal structure ("the lungs are clear"); CheXpert's labels leave it blank.
        severity: 1 (trace) … 4 (large, severe), or None; ``severity_word`` as it is written ("small").
        change: ``new``, ``worse``, ``better``, ``stable``, ``resolved`` or None.
        structures: keys of the lexicon's ``anatomy_region`` that the text names for it.
        details: what else is said of it, as (kind, value): ("age", "acute"), ("position", "malpositioned").
        measures: lengths that the text gives for it, in millimetres.
    """

    concept: str
    label: Label | None
    start: int
    end: int
    side: str | None = None
    zones: frozenset[str] = frozenset()
    structures: frozenset[str] = frozenset()
    severity: int | None = None
    change: str | None = None
    implied: bool = False
    severity_word: str | None = None
    details: frozenset[Detail] = frozenset()
    measures: tuple[float, ...] = ()


class ParsedSentence(NamedTuple):
    """A sentence's tokens, the phrases found in them, each token's clause, what is observed, and what is not read.

    ``unread``: characters (start, end) of the words that were not understood; none where the sentence was read.
    """

    tokens: tuple[Token, ...]
    matches: tuple[Match, ...]
    clause_of: tuple[int, ...]
    observations: tuple[Observation, ...]
    unread: tuple[tuple[int, int], ...] = ()


def find_matches(tokens: Sequence[Token], lexicon: Lexicon) -> list[Match]:
    """The lexicon's phrases in the tokens: the longest at each place, from left to right."""
    matches: list[Match] = []
    words = [token.lemma for token in tokens]
    first_words = lexicon.trie.next
    count, index = len(words), 0
    while index < count:
        node = first_words.get(words[index])
        ahead = index + 1
        found: Node | None = None
        last = index
        while node is not None:
            if node.senses:
                found, last = node, ahead - 1
            if ahead == count:
                break
            node, ahead = node.next.get(words[ahead]), ahead + 1
        if found is None:
            index += 1
            continue
        after_verb = bool(found.states) and not VERBS.isdisjoint(words[max(0, index - 3) : index])
        senses = (found.kinds, found.concepts, found.states, found.cues, found.details)
        matches.append(Match(index, last, *senses, after_verb))
        index = last + 1
    return matches


@dataclass(slots=True)
class _Seen:
    """An observation under construction: the phrase or the structure and state it was read from."""

    concept: str
    first: int
    last: int
    present: bool
    implied: bool = False
    doubtful: bool = False
    in_short: bool = False


def _combined(matches: list[Match], clause_of: list[int], lexicon: Lexicon) -> list[_Seen]:
    """Structures paired with their states: the state after its structures, or just before one."""
    seen: list[_Seen] = []
    waiting: list[Match] = []
    # The structures of the last state, for another of the same: "normal, now enlarged".
    spoken_of: list[Match] = []
    skip_until = -1
    for number, match in enumerate(matches):
        if waiting and clause_of[waiting[-1].first] != clause_of[match.first]:
            waiting = []
        if "anatomy" in match.kinds and "observation" not in match.kinds and number > skip_until:
            waiting.append(match)
        elif "state" in match.kinds:
            following = _following_structures(matches, number, clause_of)
            adjacent = bool(following) and following[0].first - match.last <= 2
            subjects = waiting if waiting and not (adjacent and not match.after_verb) else following
            if not subjects and not _qualifies_next(matches, number):
                subjects = spoken_of
            spoken_of = subjects
            if subjects is following and following:
                skip_until = matches.index(following[-1])
            for subject in subjects:
                rules = (
                    lexicon.combinations.get((subject.kinds["anatomy"], state)) for state in match.states
                )
                for rule in dict.fromkeys(rules):
                    if rule:
                        first, last = min(subject.first, match.first), max(subject.last, match.last)
                        seen.append(
                            _Seen(rule.observation, first, last, rule.present, rule.implied, rule.doubtful)
                        )
            waiting = []
        elif "observation" in match.kinds:
            waiting = []
    return seen


_PLACES = frozenset({"observation", "anatomy", "side", "zone"})


def _qualifies_next(matches: list[Match], number: int) -> bool:
    """Whether the state is an adjective of what follows: "large effusion", "normal right heart"."""
    following = matches[number + 1 : number + 2]
    return any(
        match.first - matches[number].last <= 2 and not _PLACES.isdisjoint(match.kinds) for match in following
    )


def _following_structures(matches: list[Match], number: int, clause_of: list[int]) -> list[Match]:
    """The structures that an attributive state before them qualifies, up to the next state or observation."""
    found: list[Match] = []
    for match in matches[number + 1 :]:
        if clause_of[match.first] != clause_of[matches[number].first] or "negation_before" in match.cues:
            break
        if "observation" in match.kinds:
            # "normal mediastinal mass" says nothing of the mediastinum, "normal heart and a mass" of the heart
            return found[:-1] if found and match.first - found[-1].last == 1 else found
        if "state" in match.kinds:
            break
        if "anatomy" in match.kinds:
            found.append(match)
    return found


@remembered(1 << 16)
def parse_sentence(text: str, profile: Profile) -> ParsedSentence:
    """Tokens, phrases and observations of one sentence. Never fails, whatever the text."""
    lexicon = profile.lexicon
    tokens = tokenise(text, profile)
    matches = find_matches(tokens, lexicon)
    clause_of = clauses_of(tokens, matches)
    seen = [_Seen(concept, match.first, match.last, True) for match in matches for concept in match.concepts]
    seen += _combined(matches, clause_of, lexicon)
    seen += _by_ratio(tokens, matches, lexicon)
    seen.sort(key=lambda one: one.first)
    seen = _with_the_other_side(seen, tokens, matches)
    unread = not_understood(tokens, matches, clause_of, {clause_of[one.first] for one in seen}, lexicon)
    if is_other_language(tokens, unread, lexicon):
        words = tuple((token.start, token.end) for token in tokens if token.lemma[0].isalpha())
        return ParsedSentence(tuple(tokens), tuple(matches), tuple(clause_of), (), words)
    measures = measures_of(tokens) if any(map(str.isdigit, text)) else []
    observations: list[Observation] = []
    front = _side_in_front(tokens, matches)
    for number, one in enumerate(seen):
        label = label_of(tokens, matches, clause_of, one.first, one.last)
        if one.concept == "any_finding":
            one.concept = "any_abnormality"
            label = label if label == "negative" else None
        if not one.present:
            label = "negative" if label == "positive" else "positive" if label == "negative" else None
        elif label == "positive" and one.doubtful:
            label = "uncertain"
        before, after = -1, len(tokens)
        for other in seen:
            if before < other.last < one.first:
                before = other.last
            elif one.last < other.first < after:
                after = other.first
        if one.in_short:
            before = one.first - 1
        before = _parting(tokens, matches, before, one.first, before, lexicon)
        after = _parting(tokens, matches, one.last, after, after, lexicon)
        seen_here = _described(one, label, tokens, matches, clause_of, before, after, measures)
        if observations and _is_explanation(matches, seen[number - 1].last, one.first):
            seen_here = _placed_like(seen_here, observations[-1], lexicon)
        if front and seen_here.side is None and lexicon.concepts[one.concept].sided:
            seen_here = seen_here._replace(side=front)
        observations.append(seen_here)
    spans = tuple((tokens[index].start, tokens[index].end) for index in unread)
    return ParsedSentence(tuple(tokens), tuple(matches), tuple(clause_of), tuple(observations), spans)


def _by_ratio(tokens: list[Token], matches: list[Match], lexicon: Lexicon) -> list[_Seen]:
    """What a ratio says by its value: "cardiothoracic ratio .64"."""
    found: list[_Seen] = []
    for match in matches:
        if "ratio" in match.kinds:
            value = ratio_after(tokens, match.last, lexicon.known)
            observation, above = lexicon.ratios[match.kinds["ratio"]]
            if value is not None:
                found.append(_Seen(observation, match.first, match.last, value > above))
    return found


def _side_in_front(tokens: list[Token], matches: list[Match]) -> str | None:
    """The side with which the sentence opens and of which all of it speaks: "on the right there is …, but no …"."""
    side = None
    place = 0
    for match in matches:
        if any(tokens[index].lemma not in LEADING for index in range(place, match.first)):
            return None
        if _PLACES.isdisjoint(match.kinds) or match.concepts:
            opened = place and tokens[match.first].lemma == "there"
            return side if opened or (place and tokens[match.first - 1].lemma == ",") else None
        side = match.kinds.get("side", side)
        place = match.last + 1
    return None


_AT = frozenset({"on", "at", "in", "the"})
_JOINTS = frozenset({",", "and", ":", "(", "but", "while", "whereas", "is", "are"})


def _with_the_other_side(seen: list[_Seen], tokens: list[Token], matches: list[Match]) -> list[_Seen]:
    """With what is said of the other side in short: "effusion on the right, none on the left"."""
    if not seen or seen[0].first > matches[-1].first:
        return seen
    found = list(seen)
    for one, other in itertools.pairwise(matches):
        if "side" not in other.kinds or not ("severity" in one.kinds or "answer_negative" in one.cues):
            continue
        apart = [tokens[index].lemma for index in range(one.last + 1, other.first)]
        if not apart or not _AT.issuperset(apart):
            continue
        before = max(
            (item for item in seen if item.last < one.first), key=lambda item: item.last, default=None
        )
        if before and one.first > 0 and tokens[one.first - 1].lemma in _JOINTS:
            present = "answer_negative" not in one.cues
            found.append(
                _Seen(before.concept, one.first, other.last, present == before.present, in_short=True)
            )
    return sorted(found, key=lambda item: item.first) if len(found) > len(seen) else seen


_MODIFYING = {"side", "zone", "severity", "change", "detail"}
_ARTICLES = frozenset({"a", "an", "the"})


def _parting(
    tokens: list[Token], matches: list[Match], last: int, first: int, neither: int, lexicon: Lexicon
) -> int:
    """Where the words of the observation that ends at ``last`` part from those of the next, at ``first``.

    That is at the last "and" or comma between them where all that follows it qualifies what comes ("an effusion and
    new left lower lobe consolidation"); else, or where one of the two is not there, ``neither``.
    """
    if last < 0 or first >= len(tokens):
        return neither
    joint = next((k for k in range(first - 1, last, -1) if tokens[k].lemma in ("and", ",")), None)
    if joint is None:
        return neither
    qualifying = [match for match in matches if joint < match.first and match.last < first]
    if not qualifying or any(_MODIFYING.isdisjoint(match.kinds) for match in qualifying):
        return neither
    covered = {k for match in qualifying for k in range(match.first, match.last + 1)}
    rest = (tokens[k].lemma for k in range(joint + 1, first) if k not in covered)
    return joint if all(word in _ARTICLES or word in lexicon.descriptors for word in rest) else neither


def _is_explanation(matches: list[Match], after: int, before: int) -> bool:
    """Whether words like "consistent with" or "may represent" stand between two observations."""
    linking = {"likely_before", "uncertain_before"}
    return any(after < match.first and match.last < before and linking & set(match.cues) for match in matches)


def _placed_like(one: Observation, other: Observation, lexicon: Lexicon) -> Observation:
    """The explanation lies where the thing explained lies, unless it says otherwise."""
    if one.side or one.zones or not all(lexicon.concepts[seen.concept].sided for seen in (one, other)):
        return one
    return one._replace(side=other.side, zones=other.zones)


def _adjective(words: list[str]) -> str:
    """``mildly`` → ``mild``, ``small sized`` → ``small``."""
    kept = [
        word if word == "early" else word.removesuffix("ly")
        for word in words
        if word not in ("sized", "amount", "of")
    ]
    return " ".join(kept)


def _described(
    one: _Seen,
    label: Label | None,
    tokens: list[Token],
    matches: list[Match],
    clause_of: list[int],
    before: int,
    after: int,
    measures: list[Measure],
) -> Observation:
    """The observation with the modifiers between its neighbours and within its clause."""
    sides: list[str] = []
    zones: set[str] = set()
    structures: set[str] = set()
    severity: int | None = None
    severity_word: str | None = None
    change: str | None = None
    details: set[Detail] = set()
    clause = clause_of[one.first]
    for number, match in enumerate(matches):
        if match.last >= after:
            break
        if match.first <= before or clause_of[match.first] != clause:
            continue
        kinds = match.kinds
        inside = one.first <= match.first and match.last <= one.last
        trailing = match.first > one.last
        if "side" in kinds:
            sides.append(kinds["side"])
        if "zone" in kinds:
            zones.add(kinds["zone"])
        if "anatomy" in kinds and not inside:
            structures.add(kinds["anatomy"])
        if "severity" in kinds and not (trailing and severity is not None):
            severity = int(kinds["severity"])
            severity_word = _adjective([token.lemma for token in tokens[match.first : match.last + 1]])
        if "change" in kinds and (change is None or kinds["change"] != "stable"):
            denied = kinds["change"] in ("worse", "better", "resolved") and change_is_denied(
                tokens, matches, number
            )
            change = "stable" if denied else kinds["change"]
        if match.details:
            details.update(match.details)
    side = None
    if sides:
        side = sides[0] if len(set(sides)) == 1 else "bilateral"
    start, end = tokens[one.first].start, tokens[one.last].end
    return Observation(
        one.concept,
        label,
        start,
        end,
        side,
        frozenset(zones),
        frozenset(structures),
        severity,
        change,
        one.implied,
        severity_word,
        frozenset(details),
        tuple(
            measure.millimetres
            for measure in measures
            if before < measure.at < after and clause_of[measure.at] == clause
        ),
    )
