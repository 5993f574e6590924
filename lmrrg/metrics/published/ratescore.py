"""RaTEScore's formula over entities and vectors that others find.

Zhao et al., EMNLP 2024 (arXiv 2406.16845). Matrices and penalties: MAGIC-AI4Med/RaTEScore@649a814
affinity_matrix/{long,short}_weight.json. Each entity finds its most similar partner by cosine; the pair counts by
the affinity of the two types, and less where one is negated and the other not. The *long* penalty (.87)
hardly punishes a flipped negation; the published package uses the long matrix with the short penalty (.36).
``rate_models`` finds both by the published weights, ``lite.ratescore_lite`` by our rules. Needs no torch.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from lmrrg.metrics.interface import Direction, Kind, paired

EntityType = Literal["ANATOMY", "ABNORMALITY", "DISEASE", "NON-ABNORMALITY", "NON-DISEASE"]
TYPES: tuple[EntityType, ...] = ("ABNORMALITY", "ANATOMY", "DISEASE", "NON-ABNORMALITY", "NON-DISEASE")


class TypedEntity(NamedTuple):
    """An entity's words and its type in RaTE-NER's scheme."""

    text: str
    type: EntityType


# Reports → the entities of each.
Recogniser = Callable[[Sequence[str]], Sequence[Sequence[TypedEntity]]]
Embedder = Callable[[Sequence[str]], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Affinity:
    """Weights float ``[5, 5]`` (row: the entity's own type, column: its partner's; order ``TYPES``) and penalty."""

    weights: tuple[tuple[float, ...], ...]
    negation_penalty: float


LONG = Affinity(
    (
        (
            0.4276119164393705,
            0.6240929990607657,
            0.0034478181112993847,
            0.5431049700217344,
            0.27005425386213877,
        ),
        (
            0.7487824274337533,
            0.2856134859160784,
            0.4592143222158069,
            0.02097055139911715,
            0.00013736314126696204,
        ),
        (0.8396510075734789, 0.9950209388542061, 0.8460555030578727, 0.9820689020512646, 0.3789136708096537),
        (
            0.16546764653692908,
            0.018670610691852826,
            0.719397354576018,
            0.0009357166071730684,
            0.0927333564267591,
        ),
        (
            0.7759420231214385,
            0.1839139293714062,
            0.10073046076318157,
            0.03860183811876373,
            0.34065681486566446,
        ),
    ),
    0.8716553966489615,
)
SHORT = Affinity(
    (
        (
            0.4070293318365468,
            0.6952639610605605,
            0.28342529466226446,
            0.9479148658006686,
            0.23875064111146294,
        ),
        (
            0.5829759950441763,
            0.7709590751917746,
            0.0006059634829551632,
            0.794672584951181,
            0.27982942400798977,
        ),
        (0.8840397619834857, 0.9637659445696822, 0.19018958438059513, 0.6962283914800402, 0.943727057946997),
        (
            0.1712744286898638,
            0.4485149671497294,
            0.00045065329822896076,
            0.0007887930317199857,
            0.8555432840895761,
        ),
        (
            0.9555801066212176,
            0.13122106162635216,
            0.6072996585919443,
            0.05650711141169969,
            0.3214769399791204,
        ),
    ),
    0.3611577852354489,
)
# What the published package scores with when nothing else is asked for.
PACKAGE = Affinity(LONG.weights, 0.3612)
NOTHING_TO_COMPARE = 0.5


def _flipped(one: EntityType, other: EntityType) -> bool:
    if "ANATOMY" in (one, other):
        return False
    return one.startswith("NON-") != other.startswith("NON-")


def _one_way(
    vectors: NDArray[np.float64],
    types: Sequence[EntityType],
    others: NDArray[np.float64],
    other_types: Sequence[EntityType],
    affinity: Affinity,
) -> float:
    likeness = vectors @ others.T
    total = weights = 0.0
    for row, own in enumerate(types):
        partner = int(likeness[row].argmax())
        weight = affinity.weights[TYPES.index(own)][TYPES.index(other_types[partner])]
        penalty = affinity.negation_penalty if _flipped(own, other_types[partner]) else 1.0
        total += float(likeness[row, partner]) * weight * penalty
        weights += weight
    return total / weights if weights else 0.0


def rate_score(
    candidate: Sequence[TypedEntity],
    reference: Sequence[TypedEntity],
    embed: Embedder,
    affinity: Affinity = PACKAGE,
) -> float:
    """RaTEScore of two lists of entities; ½ where either is empty, as published. ``embed``: texts → ``[n, d]``."""
    if not candidate or not reference:
        return NOTHING_TO_COMPARE
    said, meant = (_unit_rows(embed([entity.text for entity in side])) for side in (candidate, reference))
    said_types, meant_types = ([entity.type for entity in side] for side in (candidate, reference))
    precision = _one_way(meant, meant_types, said, said_types, affinity)
    recall = _one_way(said, said_types, meant, meant_types, affinity)
    return 2 * precision * recall / (precision + recall) if precision + recall > 0 else 0.0


def _unit_rows(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    lengths = np.sqrt((vectors**2).sum(axis=1, keepdims=True))
    unit: NDArray[np.float64] = vectors / np.maximum(lengths, 1e-12)
    return unit


class RateScore:
    """RaTEScore with the recogniser and embedder it is given (``rate_models`` loads the published ones)."""

    name = "ratescore"
    direction: Direction = "higher"
    kind: Kind = "reference"

    def __init__(self, recognise: Recogniser, embed: Embedder, affinity: Affinity = PACKAGE) -> None:
        self._recognise, self._embed, self._affinity = recognise, embed, affinity

    def score(self, candidates: Sequence[str], references: Sequence[str]) -> list[float]:
        pairs = paired(candidates, references)
        reports = sorted({*candidates, *references}, key=len)  # alike in length: little padding
        entities = dict(zip(reports, self._recognise(reports), strict=True))
        texts = sorted({entity.text for found in entities.values() for entity in found}, key=len)
        vectors = dict(zip(texts, self._embed(texts), strict=True)) if texts else {}

        def embed(asked: Sequence[str]) -> NDArray[np.float64]:
            return np.stack([vectors[text] for text in asked])

        return [rate_score(entities[said], entities[meant], embed, self._affinity) for said, meant in pairs]
