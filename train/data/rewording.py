"""How the readers reword drafts, learned from their edits, so that more text can be put into their words.

A few dozen readings show which sentence they write for which, where it stands in the report and what they leave out.
Put on reports whose truth is known, that gives as many examples of the readers' own way as training wants: the
decoder need not learn what it sees anew from a few dozen images. Sides, grades and heights are carried over, so that
what was learned of a small right effusion also holds for a large left one. Knows texts alone, no image and no model.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from lmrrg import sentences
from lmrrg.metrics.lite.labels import observations
from lmrrg.profiles import DEFAULT_PROFILE, Profile

_SLOT = re.compile(
    r"\b(?:(?P<side>right|left)|(?P<zone>upper|mid|lower)|(?P<grade>trace|small|mild|moderate|large|severe)(?P<ly>ly)?)\b",
    re.IGNORECASE,
)
_CLOSING = re.compile(r"(impression|conclusion|opinion|summary): *", re.IGNORECASE)
# A habit is what was seen more than once; one edit may be a slip.
_HABIT = 2


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A sentence with places for side, height and grade, and what stood there."""

    text: str
    words: tuple[tuple[str, str], ...]


def _pattern(sentence: str) -> _Pattern | None:
    """None where a sentence names two different sides, heights or grades: it cannot be said which is which."""
    words: dict[str, str] = {}
    repeated = False

    def place(match: re.Match[str]) -> str:
        nonlocal repeated
        kind = next(name for name in ("side", "zone", "grade") if match[name])
        word = match[kind].lower()
        repeated |= words.setdefault(kind, word) != word
        return "{" + kind + "}" + (match["ly"] or "")

    text = _SLOT.sub(place, sentence.replace("{", "(").replace("}", ")"))
    return None if repeated else _Pattern(text[:1].lower() + text[1:], tuple(sorted(words.items())))


def _filled(text: str, words: tuple[tuple[str, str], ...]) -> str:
    filled = text.format(**dict(words))
    return filled[:1].upper() + filled[1:]


def _meaning(sentence: str, profile: Profile) -> frozenset[tuple[object, ...]]:
    """What a sentence states, however it is worded; empty where nothing is recognised."""
    return frozenset(
        (one.concept, one.label, one.side, one.severity, one.zones, one.change)
        for one, _ in observations(sentence, profile)
    )


def _concepts(sentence: str, profile: Profile) -> set[str]:
    return {one.concept for one, _ in observations(sentence, profile)}


def _all_is_well(sentence: str, profile: Profile) -> bool:
    """Whether a sentence only says what is not there."""
    labels = {one.label for one, _ in observations(sentence, profile)}
    return bool(labels) and labels == {"negative"}


def _closed(text: str) -> tuple[list[str], str, str]:
    """The sentences before the impression, the impression's heading, and its text."""
    parts = sentences.split(text)
    for number, part in enumerate(parts):
        if found := _CLOSING.match(part):
            return parts[:number], found[0].strip(), " ".join([part[found.end() :], *parts[number + 1 :]])
    return parts, "", ""


@dataclass(slots=True)
class Rewording:
    """What edits have shown; ``learn`` from pairs of a draft and what was signed, then ``apply`` to other texts."""

    profile: Profile = DEFAULT_PROFILE
    _swaps: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    _kept: defaultdict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    _places: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    _headings: Counter[str] = field(default_factory=Counter)

    @classmethod
    def learn(cls, pairs: Iterable[tuple[str, str]], profile: Profile = DEFAULT_PROFILE) -> "Rewording":
        """From ``(draft, signed)`` texts of the same studies."""
        learned = cls(profile)
        for draft, signed in pairs:
            learned._read(draft, signed)
        return learned

    def _read(self, draft: str, signed: str) -> None:
        profile = self.profile
        before, draft_heading, draft_end = _closed(draft)
        after, heading, end = _closed(signed)
        if draft_heading:
            self._headings[heading] += 1
        if draft_end and end and _meaning(draft_end, profile) == _meaning(end, profile):
            self._count(draft_end, end)
        meant = Counter(_meaning(one, profile) for one in after)
        by_meaning = {_meaning(one, profile): one for one in after}
        told = set[str]().union(*(_concepts(one, profile) for one in after))
        unique = Counter(_meaning(one, profile) for one in before)
        for one in before:
            meaning = _meaning(one, profile)
            # Two sentences that seem to say the same, as of two devices, cannot be told apart.
            if meaning and unique[meaning] == meant[meaning] == 1:
                self._count(one, by_meaning[meaning])
            pattern = _pattern(one)
            if pattern and _all_is_well(one, profile):
                self._kept[pattern.text].append(bool(_concepts(one, profile) & told))
        for number, one in enumerate(after):
            place = number / max(len(after) - 1, 1)
            if pattern := _pattern(one):
                self._places[pattern.text].append(place)
            for concept in _concepts(one, profile):
                self._places[concept].append(place)

    def _count(self, was: str, became: str) -> None:
        one, other = _pattern(was), _pattern(became)
        if one and other and one.words == other.words:
            self._swaps[one.text][other.text] += 1

    def apply(self, text: str) -> str:
        """``text`` as these readers would most likely have put it; what they were never seen to change stays.

        Where they are of two minds they go with the more frequent: a normal finding that is mentioned in two reports of
        five is left out. A decoder cannot see which two those are, and which way it guessed from chance to chance would
        be worth more than anything else that it learns.
        """
        before, heading, end = _closed(text)
        placed: list[tuple[float, str]] = []
        for number, one in enumerate(before):
            if self._kept_share(one) >= 0.5:
                said = self._said(one)
                placed.append((self._place(said, number / max(len(before) - 1, 1)), said))
        placed.sort(key=lambda pair: pair[0])
        body = [one for _, one in placed] or before
        if heading and self._headings:
            heading = self._headings.most_common(1)[0][0]
            end = self._said(end) if heading else ""
        return " ".join([*body, *filter(None, (heading, end))])

    def _kept_share(self, sentence: str) -> float:
        pattern = _pattern(sentence)
        kept = self._kept.get(pattern.text, []) if pattern else []
        return float(np.mean(kept)) if len(kept) >= _HABIT else 1.0

    def _said(self, sentence: str) -> str:
        pattern = _pattern(sentence)
        if pattern is None or pattern.text not in self._swaps:
            return sentence
        text, often = self._swaps[pattern.text].most_common(1)[0]
        return _filled(text, pattern.words) if often >= _HABIT else sentence

    def _place(self, sentence: str, otherwise: float) -> float:
        pattern = _pattern(sentence)
        names = (
            [pattern.text]
            if pattern and pattern.text in self._places
            else sorted(_concepts(sentence, self.profile))
        )
        seen = [np.mean(self._places[name]) for name in names if name in self._places]
        return float(np.mean(seen)) if seen else otherwise
