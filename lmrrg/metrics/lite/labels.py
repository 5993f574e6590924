"""Rule-based labels: the profile's findings × positive, negative, uncertain, not mentioned. Pure Python.

The lexicon and the scope rules are our own; the classes are CheXpert's (Irvin et al., AAAI 2019). The normal finding
("No Finding") is positive where every sentence was read and none says of anything abnormal that it is there or may be;
it is never negative or uncertain. Knows report texts only; what of them was read, ``coverage`` tells. Text under
*Indication*, *Comparison* and *Technique* headings is not read.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

from lmrrg.metrics.categories import Label
from lmrrg.metrics.lite.coverage import read_whole
from lmrrg.metrics.lite.parsing import Observation, parse_sentence
from lmrrg.metrics.lite.remembering import remembered
from lmrrg.metrics.lite.report_sentences import split_sentences
from lmrrg.profiles import DEFAULT_PROFILE, Profile

_RANK: dict[Label | None, int] = {"positive": 3, "uncertain": 2, "negative": 1, None: 0}


@dataclass(frozen=True, slots=True)
class Mention:
    """One mention of a finding.

    Attributes:
        finding: one of the profile's findings.
        span: (start, end) characters in the report.
        laterality: ``right``, ``left``, ``bilateral``, or None where the text does not say.
        severity: the grade in the text's own word (``small``, ``mild``, ``moderate``, ``severe`` …), or None.
        region: a name of the profile's regions, or None where the side is not known; for a bilateral mention
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


@remembered(1 << 14)
def observations(report: str, profile: Profile) -> tuple[Placed, ...]:
    """Every observation of the report in the order of the text, those of no finding included."""
    return tuple(
        Placed(observation, sentence.start)
        for sentence in split_sentences(report, profile)
        for observation in parse_sentence(sentence.text, profile).observations
    )


def region_of(observation: Observation, profile: Profile = DEFAULT_PROFILE) -> str | None:
    """The region an observation lies in, by its side, zone and structures, else by the finding's home."""
    lexicon, known = profile.lexicon, profile.region_index
    home = lexicon.concepts[observation.concept].home
    of_zone = lexicon.zone_region
    names = [of_zone[zone] for zone in sorted(observation.zones) if zone in of_zone]
    if home != lexicon.anywhere and home not in names:
        names.append(home)
    else:
        names += sorted(lexicon.anatomy_region[structure] for structure in observation.structures)
        names.append(home)
    side = "left" if observation.side == "left" else "right" if observation.side else None
    for name in names:
        if name in known:
            return name
        if side and f"{side} {name}" in known:
            return f"{side} {name}"
    return None


def label_of_finding(seen: Observation, profile: Profile = DEFAULT_PROFILE) -> Label | None:
    """What the observation says of its finding: uncertain where what is certainly there only suggests it."""
    suggests = seen.label == "positive" and profile.lexicon.concepts[seen.concept].doubtful
    return "uncertain" if suggests else seen.label


def mentions(report: str, profile: Profile = DEFAULT_PROFILE) -> list[Mention]:
    """Every mention of one of the findings, in the order of the text."""
    concepts = profile.lexicon.concepts
    found: list[Mention] = []
    for placed in observations(report, profile):
        seen = placed.observation
        finding, label = concepts[seen.concept].finding, label_of_finding(seen, profile)
        if finding is None or label is None or seen.implied:
            continue
        found.append(
            Mention(finding, label, placed.span, seen.side, seen.severity_word, region_of(seen, profile))
        )
    return found


@remembered(1 << 14)
def _labels(report: str, profile: Profile) -> tuple[Label | None, ...]:
    labels: dict[str, Label | None] = dict.fromkeys(profile.findings)
    concepts, not_diseases = profile.lexicon.concepts, profile.not_diseases
    abnormal = False
    for placed in observations(report, profile):
        seen = placed.observation
        concept = concepts[seen.concept]
        if seen.implied:
            continue
        # "Findings are …" introduces what follows; "an abnormality" is one, though nobody says which.
        if seen.label in ("positive", "uncertain") and (concept.minor or not concept.generic):
            abnormal = abnormal or concept.finding not in not_diseases
        label = label_of_finding(seen, profile)
        if concept.finding and _RANK[label] > _RANK[labels[concept.finding]]:
            labels[concept.finding] = label
    if profile.normal_finding and not abnormal and read_whole(report, profile):
        labels[profile.normal_finding] = "positive"
    return tuple(labels.values())


def label_report(report: str, profile: Profile = DEFAULT_PROFILE) -> dict[str, Label | None]:
    """The label of each of the profile's findings, None where the report does not mention it.

    A positive mention outweighs an uncertain one, and that a negative one.
    """
    return dict(zip(profile.findings, _labels(report, profile), strict=True))


def positives(report: str, profile: Profile = DEFAULT_PROFILE) -> frozenset[str]:
    """The findings that the report states as present."""
    read = zip(profile.findings, _labels(report, profile), strict=True)
    return frozenset(name for name, label in read if label == "positive")


@dataclass(frozen=True, slots=True)
class LabelScores:
    """F1 of the positive class: per finding, macro and micro over all and over the profile's leading findings
    (0 where it has none)."""

    per_finding: dict[str, float]
    macro: float
    micro: float
    macro_leading: float
    micro_leading: float


def label_f1(
    candidates: Sequence[str], references: Sequence[str], profile: Profile = DEFAULT_PROFILE
) -> LabelScores:
    """F1 of the candidates' positive labels against the references'. A finding that neither has counts 0."""
    counts = {name: [0, 0, 0] for name in profile.findings}
    for candidate, reference in zip(candidates, references, strict=True):
        said, meant = positives(candidate, profile), positives(reference, profile)
        for name in said | meant:
            counts[name][0 if name in said and name in meant else 1 if name in said else 2] += 1
    per_finding = {name: _f1(*counts[name]) for name in profile.findings}

    def over(names: Sequence[str]) -> tuple[float, float]:
        macro = sum(per_finding[name] for name in names) / max(len(names), 1)
        micro = _f1(*(sum(counts[name][part] for name in names) for part in range(3)))
        return macro, micro

    return LabelScores(per_finding, *over(profile.findings), *over(profile.leading_findings))


def _f1(both: int, only_candidate: int, only_reference: int) -> float:
    return 2 * both / max(2 * both + only_candidate + only_reference, 1)
