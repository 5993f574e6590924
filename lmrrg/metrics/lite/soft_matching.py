"""``bertscore_lite``: greedy soft matching of what two reports say, with a similarity from the lexicon.

Takes BERTScore's form (Zhang et al., ICLR 2020: each unit finds its most similar partner; precision, recall,
F1) but no encoder: a unit is an observation with its label, a modifier, or a word, and the lexicon says how
alike two are. Opposites (present and absent, left and right, worse and better) are kept apart. No weights.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmrrg.metrics.interface import Direction, Kind, paired
from lmrrg.metrics.lite.measures import measures_of
from lmrrg.metrics.lite.parsing import parse_sentence
from lmrrg.metrics.lite.remembering import remembered
from lmrrg.metrics.lite.report_sentences import split_sentences
from lmrrg.metrics.lite.scope import label_of
from lmrrg.profiles import DEFAULT_PROFILE, Profile
from lmrrg.profiles.lexicon import Lexicon

_EMPTY_WORDS = frozenset(
    """
    a an the of in on at to is are and or with there this that these it as by for from has have had do
    does which also seen noted identified appear remain demonstrate show visualized evidence within any
    evident present again sign area view image patient since than prior
    , : ( ) / ?
    """.split()  # noqa: SIM905
)
_LABEL_LIKENESS = {
    frozenset({"positive", "uncertain"}): 0.6,
    frozenset({"negative", "uncertain"}): 0.3,
    frozenset({"positive", "negative"}): 0.0,
}
_WEIGHT = {
    "observation": 2.0,
    "side": 1.5,
    "zone": 1.5,
    "severity": 1.5,
    "change": 1.0,
    "anatomy": 0.5,
    "state": 0.5,
    "detail": 1.5,
    "measure": 1.5,
}
_WORD_WEIGHT = 0.2
_SILENT = ("cue", "observation", "ratio", "known")

Unit = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Bag:
    """A report as units: ids into the similarity table, their weights, plain words, and the weight of all."""

    ids: NDArray[np.intp]
    weights: NDArray[np.float64]
    words: frozenset[str]
    total: float


class _Table:
    """Similarity of every pair of units met so far, float32 ``[units, units]``, grown by doubling."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.ids: dict[Unit, int] = {}
        self.units: list[Unit] = []
        self.likeness = np.zeros((256, 256), np.float32)
        self.weights = np.zeros(256)

    def id_of(self, unit: Unit) -> int:
        known = self.ids.get(unit)
        if known is not None:
            return known
        number = len(self.units)
        if number == len(self.likeness):
            grown = np.zeros((2 * number, 2 * number), np.float32)
            grown[:number, :number] = self.likeness
            self.likeness = grown
            self.weights = np.concatenate([self.weights, np.zeros(number)])
        self.weights[number] = _WEIGHT[unit[0]]
        self.units.append(unit)
        for other, one in enumerate(self.units):
            self.likeness[number, other] = self.likeness[other, number] = _likeness(unit, one, self.lexicon)
        self.ids[unit] = number
        return number


def _likeness(one: Unit, other: Unit, lexicon: Lexicon) -> float:
    """0 … 1: how alike two units of the lexicon are."""
    if one == other:
        return 1.0
    if one[0] != other[0]:
        return 0.0
    kind, name, label = one
    if kind == "observation":
        label_part = 1.0 if label == other[2] else _LABEL_LIKENESS[frozenset({label, other[2]})]
        if name == other[1]:
            return label_part
        family = lexicon.families.get(name)
        return 0.4 * label_part if family is not None and family == lexicon.families.get(other[1]) else 0.0
    if label != other[2]:
        return 0.0
    if kind == "severity":
        return max(0.0, 1.0 - abs(int(name) - int(other[1])) / 2)
    if kind == "measure":
        return max(0.0, 1.0 - abs(math.log2(max(float(name), 1.0) / max(float(other[1]), 1.0))))
    if kind == "side":
        return 0.5 if "bilateral" in (name, other[1]) else 0.0
    if kind == "anatomy":
        return 0.5 if lexicon.anatomy_region[name] == lexicon.anatomy_region[other[1]] else 0.0
    if kind == "zone":
        return 0.5 if {name, other[1]} in lexicon.near_zones else 0.0
    return 0.0


_TABLES: dict[Lexicon, _Table] = {}  # kept for good: cached units are places in them


def _table(lexicon: Lexicon) -> _Table:
    if lexicon not in _TABLES:
        _TABLES[lexicon] = _Table(lexicon)
    return _TABLES[lexicon]


@remembered(1 << 16)
def _sentence_units(text: str, profile: Profile) -> tuple[frozenset[int], frozenset[str]]:
    """The sentence's units by their place in the table, and its plain words."""
    parsed = parse_sentence(text, profile)
    concepts, table = profile.lexicon.concepts, _table(profile.lexicon)
    tokens = parsed.tokens
    units: list[Unit] = []
    covered: set[int] = set()
    polarity: str = "positive"
    for seen in parsed.observations:
        label: str = seen.label or "uncertain"
        if seen.label is None and concepts[seen.concept].generic:
            continue
        units.append(("observation", seen.concept, label))
        polarity = label
        covered.update([index for index, token in enumerate(tokens) if seen.start <= token.start < seen.end])
    for match in parsed.matches:
        inside = match.first in covered
        covered.update(range(match.first, match.last + 1))
        for kind, name in match.kinds.items():
            if kind in _SILENT or (inside and kind in ("anatomy", "state")):
                continue
            label = polarity if kind in ("severity", "side", "zone") else ""
            if kind == "state":
                label = label_of(tokens, parsed.matches, parsed.clause_of, match.first, match.last) or ""
            units.append((kind, name, label))
            if kind in ("anatomy", "state"):
                break
    for measure in measures_of(tokens) if any(map(str.isdigit, text)) else ():
        covered.add(measure.at)
        units.append(("measure", f"{measure.millimetres:.0f}", ""))
    silent = profile.lexicon.known
    words = {
        token.lemma
        for index, token in enumerate(tokens)
        if index not in covered and token.lemma not in _EMPTY_WORDS and token.lemma not in silent
    }
    return frozenset(map(table.id_of, units)), frozenset(words)


@remembered(1 << 14)
def _bag(report: str, profile: Profile) -> Bag:
    found = [_sentence_units(sentence.text, profile) for sentence in split_sentences(report, profile)]
    units = sorted(frozenset().union(*(ids for ids, _ in found)))
    words: frozenset[str] = frozenset().union(*(loose for _, loose in found))
    ids = np.array(units, np.intp)
    weights = _table(profile.lexicon).weights[ids]
    return Bag(ids, weights, words, float(weights.sum()) + _WORD_WEIGHT * len(words))


def soft_f1(candidate: str, reference: str, profile: Profile = DEFAULT_PROFILE) -> float:
    """0 … 1: F1 of weighted greedy soft matching. Two reports that say nothing at all are alike."""
    one, other = _bag(candidate, profile), _bag(reference, profile)
    if not one.total or not other.total:
        return 1.0 if one.total == other.total else 0.0
    shared = _WORD_WEIGHT * len(one.words & other.words)
    found_one = found_other = shared
    if len(one.ids) and len(other.ids):
        likeness = _table(profile.lexicon).likeness[one.ids[:, None], other.ids]
        found_one += float(likeness.max(axis=1) @ one.weights)
        found_other += float(likeness.max(axis=0) @ other.weights)
    precision, recall = found_one / one.total, found_other / other.total
    return min(1.0, 2 * precision * recall / (precision + recall)) if precision + recall else 0.0


class BertScoreLite:
    """The embedded soft-matching score, 0 … 1."""

    name = "bertscore_lite"
    direction: Direction = "higher"
    kind: Kind = "embedded"

    def __init__(self, profile: Profile = DEFAULT_PROFILE) -> None:
        self.profile = profile

    def score(self, candidates: Sequence[str], references: Sequence[str]) -> list[float]:
        return [soft_f1(said, meant, self.profile) for said, meant in paired(candidates, references)]
