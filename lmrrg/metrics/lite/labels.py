"""Rule-based CheXpert labels: 14 findings × positive, negative, uncertain, not mentioned. Pure Python.

The lexicon and the scope rules are our own; the classes are CheXpert's (Irvin et al., AAAI 2019). "No
Finding" is positive when nothing abnormal is positive or uncertain; it is never negative or uncertain.
Knows report texts only. Text under *Indication*, *Comparison* and *Technique* headings is not read.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import NamedTuple

from lmrrg.metrics.lite.lexicon import ANATOMY_REGION, CONCEPTS
from lmrrg.metrics.lite.parsing import Observation, parse_sentence
from lmrrg.metrics.lite.tokens import split_sentences
from lmrrg.profiles.chest.findings import FINDINGS, LEADING_FINDINGS, Label
from lmrrg.profiles.chest.regions import REGION_INDEX

_ZONE_REGION = {
    "upper": "upper lung zone",
    "mid": "mid lung zone",
    "lower": "lower lung zone",
    "apical": "apical zone",
    "perihilar": "hilar structures",
    "angle": "costophrenic angle",
}
_RANK: dict[Label | None, int] = {"positive": 3, "uncertain": 2, "negative": 1, None: 0}


@dataclass(frozen=True, slots=True)
class Mention:
    """One mention of a finding.

    Attributes:
        finding: one of ``FINDINGS``.
        span: (start, end) characters in the report.
        laterality: ``right``, ``left``, ``bilateral``, or None where the text does not say.
        severity: the grade in the text's own word (``small``, ``mild``, ``moderate``, ``severe`` …), or None.
        region: a name of ``anatomy.REGIONS``, or None where the side is not known; for a bilateral mention
            the one on the right.
    """

    finding: str
    label: Label
    span: tuple[int, int]
    laterality: str | None
    severity: str | None
    region: str | None

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "span": list(self.span)}


class Placed(NamedTuple):
    """An observation and where its sentence starts in the report."""

    observation: Observation
    offset: int

    @property
    def span(self) -> tuple[int, int]:
        return self.offset + self.observation.start, self.offset + self.observation.end


@lru_cache(maxsize=1 << 14)
def observations(report: str) -> tuple[Placed, ...]:
    """Every observation of the report in the order of the text, abnormalities outside the 14 included."""
    return tuple(
        Placed(observation, sentence.start)
        for sentence in split_sentences(report)
        for observation in parse_sentence(sentence.text).observations
    )


def region_of(observation: Observation) -> str | None:
    """The region an observation lies in, by its side, zone and structures, else by the finding's home."""
    home = CONCEPTS[observation.concept].home
    names = [_ZONE_REGION[zone] for zone in sorted(observation.zones) if zone in _ZONE_REGION]
    if home != "lung" and home not in names:
        names.append(home)
    else:
        names += sorted(ANATOMY_REGION[structure] for structure in observation.structures)
        names.append(home)
    side = "left" if observation.side == "left" else "right" if observation.side else None
    for name in names:
        if name in REGION_INDEX:
            return name
        if side and f"{side} {name}" in REGION_INDEX:
            return f"{side} {name}"
    return None


def mentions(report: str) -> list[Mention]:
    """Every mention of one of the findings, in the order of the text."""
    found: list[Mention] = []
    for placed in observations(report):
        seen = placed.observation
        finding = CONCEPTS[seen.concept].finding
        if finding is None or seen.label is None or seen.implied:
            continue
        found.append(
            Mention(finding, seen.label, placed.span, seen.side, seen.severity_word, region_of(seen))
        )
    return found


@lru_cache(maxsize=1 << 14)
def _labels(report: str) -> tuple[Label | None, ...]:
    labels: dict[str, Label | None] = dict.fromkeys(FINDINGS)
    abnormal = False
    for placed in observations(report):
        seen = placed.observation
        concept = CONCEPTS[seen.concept]
        if seen.implied:
            continue
        if seen.label in ("positive", "uncertain") and not concept.generic:
            abnormal = abnormal or concept.finding != "Support Devices"
        if concept.finding and _RANK[seen.label] > _RANK[labels[concept.finding]]:
            labels[concept.finding] = seen.label
    if not abnormal and any(map(str.isalpha, report)):
        labels["No Finding"] = "positive"
    return tuple(labels.values())


def label_report(report: str) -> dict[str, Label | None]:
    """The label of each of the 14 findings, None where the report does not mention it.

    A positive mention outweighs an uncertain one, and that a negative one.
    """
    return dict(zip(FINDINGS, _labels(report), strict=True))


def positives(report: str) -> frozenset[str]:
    """The findings that the report states as present."""
    return frozenset(
        name for name, label in zip(FINDINGS, _labels(report), strict=True) if label == "positive"
    )


@dataclass(frozen=True, slots=True)
class LabelScores:
    """F1 of the positive class: per finding, macro and micro over the 14 and over CheXpert's five."""

    per_finding: dict[str, float]
    macro_14: float
    micro_14: float
    macro_5: float
    micro_5: float


def label_f1(candidates: Sequence[str], references: Sequence[str]) -> LabelScores:
    """F1 of the candidates' positive labels against the references'. A finding that neither has counts 0."""
    counts = {name: [0, 0, 0] for name in FINDINGS}
    for candidate, reference in zip(candidates, references, strict=True):
        said, meant = positives(candidate), positives(reference)
        for name in said | meant:
            counts[name][0 if name in said and name in meant else 1 if name in said else 2] += 1
    per_finding = {name: _f1(*counts[name]) for name in FINDINGS}

    def over(names: Sequence[str]) -> tuple[float, float]:
        macro = sum(per_finding[name] for name in names) / len(names)
        micro = _f1(*(sum(counts[name][part] for name in names) for part in range(3)))
        return macro, micro

    return LabelScores(per_finding, *over(FINDINGS), *over(LEADING_FINDINGS))


def _f1(both: int, only_candidate: int, only_reference: int) -> float:
    return 2 * both / max(2 * both + only_candidate + only_reference, 1)
