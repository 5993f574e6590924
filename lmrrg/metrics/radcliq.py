"""RadCliQ: the published affine composite, exact, and ``radcliq_lite``: its formula over embedded components.

Yu et al., Patterns 2023. Constants: rajpurkarlab/CXR-Report-Metric@9c9ecad (MIT),
CXRMetric/{normalizer,composite_metric_model,radcliq-v1}.pkl, read without unpickling. Components in the order
of the formula: RadGraph combined, BERTScore (rescaled), CheXbert cosine, BLEU-2. **Lower is better**: raw v1 is
2.450 − 1.245·RadGraph − 1.651·BERTScore − 0.995·CheXbert, so a perfect report scores −1.4407. A reward is −RadCliQ,
never 1 ÷ RadCliQ, which diverges near 0 and flips its sign below it.

The formula itself does not know any text; the embedded components read texts.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from lmrrg.metrics.interface import Direction, Kind, paired
from lmrrg.metrics.lite.counting.stated import statements
from lmrrg.metrics.lite.error_counts import count_errors
from lmrrg.metrics.lite.remembering import remembered
from lmrrg.metrics.lite.soft_matching import soft_f1
from lmrrg.profiles import DEFAULT_PROFILE, Profile


@dataclass(frozen=True, slots=True)
class RadCliqFormula:
    """Standardise the four components, then a linear model."""

    mean: tuple[float, float, float, float]
    scale: tuple[float, float, float, float]
    coefficients: tuple[float, float, float, float]
    intercept: float

    def __call__(self, radgraph: float, bertscore: float, semb: float, bleu: float) -> float:
        parts = zip((radgraph, bertscore, semb, bleu), self.mean, self.scale, self.coefficients, strict=True)
        return self.intercept + sum((x - mean) / scale * weight for x, mean, scale, weight in parts)


RADCLIQ_V0 = RadCliqFormula(
    mean=(0.5398376019082272, 0.6312549595000001, 0.7716797866672277, 0.4607372064809605),
    scale=(0.3018344440559102, 0.22466950746141123, 0.24750333805236252, 0.30336670936092264),
    coefficients=(-0.4796252644863446, -0.6762170542369337, -0.46366575161751994, 0.2165861905287535),
    intercept=1.641666666666666,
)
RADCLIQ_V1 = RadCliqFormula(
    mean=(0.5379231241355762, 0.6175725628125001, 0.7647942121140658, 0.44738335396242174),
    scale=(0.3028258411486429, 0.22430938459304575, 0.2539439110169773, 0.2989271671041838),
    coefficients=(-0.37708368261038905, -0.37030009974480316, -0.25261621789593225, 4.315048405024756e-12),
    intercept=2.466552561323256e-10,
)
BEST_V1 = RADCLIQ_V1(1.0, 1.0, 1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Calibration:
    """Brings an embedded component to the scale of the one that RadCliQ was fitted on: 1 − (1 − x^a)^b.

    Kumaraswamy's distribution function (J. Hydrology 1980): strictly increasing, 0 to 0 and 1 to 1, so that a perfect
    pair stays perfect and no difference is free.
    """

    a: float
    b: float

    def __call__(self, value: float) -> float:
        return float(1.0 - (1.0 - value**self.a) ** self.b)


# So that mean and spread over real pairs, retrieved as ReXVal's were, are those that RadCliQ-v1's normaliser expects:
# `python -m benchmarks.metrics.calibrate_radcliq_lite` prints these lines.
_RADGRAPH = Calibration(2.198844, 3.29588)
_BERTSCORE = Calibration(2.17582, 1.755698)
_SEMB = Calibration(2.348817, 1.648309)


def leaderboard_value(scores: Sequence[float]) -> float:
    """1 ÷ mean(RadCliQ) as leaderboards print it; print the raw mean beside it. Infinite where the mean is 0."""
    mean = sum(scores) / len(scores)
    return 1.0 / mean if mean else float("inf")


@remembered(1 << 13)
def _facts(report: str, profile: Profile) -> tuple[frozenset[tuple[str, ...]], frozenset[tuple[str, ...]]]:
    """A report's canonical graph: what is observed, and how it is modified or placed."""
    entities: set[tuple[str, ...]] = set()
    relations: set[tuple[str, ...]] = set()
    said = statements(report, profile)
    entities.update(("absent", concept) for concept in said.absent)
    for one in said.present:
        head = "present" if one.certain else "uncertain"
        entities.add((head, one.concept))
        if one.side:
            relations.add((one.concept, "side", one.side))
        relations.update((one.concept, "zone", zone) for zone in one.zones)
        if one.severity:
            relations.add((one.concept, "severity", str(one.severity)))
        if one.change:
            relations.add((one.concept, "change", one.change))
        relations.update((one.concept, *detail) for detail in one.details)
    return frozenset(entities), frozenset(relations)


def radgraph_lite(candidate: str, reference: str, profile: Profile = DEFAULT_PROFILE) -> float:
    """0 … 1: RadCliQ's mean of entity and relation F1, over canonical entities ("enlarged heart" = "cardiomegaly").

    Unlike the original: without any relation on either side entities alone count, so that a perfect report
    scores 1, and two reports that observe nothing are alike.
    """
    one, other = _facts(candidate, profile), _facts(reference, profile)
    entities = _f1(one[0], other[0])
    return (entities + _f1(one[1], other[1])) / 2 if one[1] or other[1] else entities


def _f1(one: frozenset[tuple[str, ...]], other: frozenset[tuple[str, ...]]) -> float:
    return 2 * len(one & other) / (len(one) + len(other)) if one or other else 1.0


def semb_lite(candidate: str, reference: str, profile: Profile = DEFAULT_PROFILE) -> float:
    """0 … 1: the share of what is stated that both agree on, (½ + agreed) ÷ (½ + agreed + errors).

    An insignificant error counts 0.3, a sentence that was not read and that the other report has not 0.5. The ½ keeps
    apart two texts that agree on nothing.
    """
    counted = count_errors(candidate, reference, profile)
    significant = counted.total_significant
    errors = significant + 0.3 * (counted.total - significant) + 0.5 * counted.undecided
    return (0.5 + counted.agreed) / (0.5 + counted.agreed + errors)


@dataclass(frozen=True, slots=True)
class PairwiseMetric:
    """An embedded metric that scores each pair on its own."""

    name: str
    score_pair: Callable[[str, str, Profile], float]
    profile: Profile = DEFAULT_PROFILE
    direction: Direction = "higher"
    kind: Kind = "embedded"

    def score(self, candidates: Sequence[str], references: Sequence[str]) -> list[float]:
        return [self.score_pair(said, meant, self.profile) for said, meant in paired(candidates, references)]


class RadCliqLite:
    """RadCliQ-v1's formula over embedded components. Lower is better; −1.4407 is a perfect report."""

    name = "radcliq_lite"
    direction: Direction = "lower"
    kind: Kind = "embedded"

    def __init__(self, profile: Profile = DEFAULT_PROFILE) -> None:
        self.profile = profile

    def score(self, candidates: Sequence[str], references: Sequence[str]) -> list[float]:
        return [_radcliq_lite(said, meant, self.profile) for said, meant in paired(candidates, references)]


def calibrated_components(
    candidate: str, reference: str, profile: Profile = DEFAULT_PROFILE
) -> tuple[float, float, float]:
    """What goes into ``radcliq_lite``: graph, soft matching and statements, each 0 … 1 on RadCliQ's scale."""
    return (
        _RADGRAPH(radgraph_lite(candidate, reference, profile)),
        _BERTSCORE(soft_f1(candidate, reference, profile)),
        _SEMB(semb_lite(candidate, reference, profile)),
    )


def _radcliq_lite(candidate: str, reference: str, profile: Profile) -> float:
    return RADCLIQ_V1(*calibrated_components(candidate, reference, profile), 0.0)
