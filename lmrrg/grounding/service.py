"""Regions, maps, flags and findings for sentences that somebody else wrote: a reporter that only writes, or a reader.

For each sentence the regions that it names or implies, weighted by what a region extractor sees there, and a map over
their boxes; every map is of the kind ``named``. A sentence that names no place has neither. Knows nothing about
reporters or tensors: what an extractor sees of a study comes as ``Seen``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from lmrrg.grounding.named_regions import NamedRegion, named_regions
from lmrrg.grounding.second_opinion import flag
from lmrrg.notices import Notice
from lmrrg.profiles import DEFAULT_PROFILE, Profile
from lmrrg.report import EvidenceMap, RegionEvidence, RegionWeight, Sentence
from lmrrg.study import BoxXYWH, Study

# As for sentences that are grounded by attention: a region is told beside a sentence from this share on.
NAMED_SHARE = 0.12
NAMED_AT_MOST = 4
# What a named region counts where the extractor sees nothing of what is said to be there.
LEAST = 0.1
GRID = 32  # cells a side of a map
_VISIBLE = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What a region extractor sees of a study, in the one image that it looked at.

    Attributes:
        image: index into ``Study.images``.
        extent_xywh: the square that it looked at, in that image's pixels.
        regions: each once.
        findings: probability of each finding in the image.
        by_region: region → probability of each finding there.
        notices: what the extractor says of the image, beside what its file says.
        novelty: as in ``Report``, for the extractor.
    """

    image: int
    extent_xywh: BoxXYWH
    regions: tuple[RegionEvidence, ...]
    findings: Mapping[str, float]
    by_region: Mapping[str, Mapping[str, float]]
    notices: tuple[Notice, ...] = ()
    novelty: float | None = None
    profile: Profile = DEFAULT_PROFILE


@runtime_checkable
class SeesRegions(Protocol):
    """What has a region extractor. Raises NoDraftPossible where a study has no image that it knows."""

    def see(self, study: Study) -> Seen: ...


def ground(sentence: Sentence, seen: Seen) -> Sentence:
    """The sentence with regions, map and flag, as far as it has none of its own; its confidence stays as it is."""
    weights = weights_of(sentence.text, seen)
    regions = tuple(RegionWeight(name, share) for name, share in weights.items())
    return replace(
        sentence,
        regions=sentence.regions or regions,
        flag=sentence.flag or flag(sentence.text, seen.findings, seen.profile),
        map=sentence.map or _map_of(weights, seen),
    )


def weights_of(sentence: str, seen: Seen) -> dict[str, float]:
    """Region → its share of the sentence, the largest first, summing to at most 1; empty where it names no place."""
    visible = {one.name for one in seen.regions if one.visible >= _VISIBLE}
    shares: dict[str, float] = {}
    for named in named_regions(sentence, seen.profile):
        if named.region in visible:
            shares[named.region] = shares.get(named.region, 0.0) + _seen_there(named, seen)
    total = sum(shares.values())
    ordered = sorted(shares.items(), key=lambda one: -one[1])[:NAMED_AT_MOST]
    told = [(name, share / total) for name, share in ordered if share / total >= NAMED_SHARE]
    return dict(told or [(name, share / total) for name, share in ordered[:1]])


def _seen_there(named: NamedRegion, seen: Seen) -> float:
    """How likely the extractor sees there what is said to be there; where nothing is, all regions count alike."""
    if not named.present or named.finding is None:
        return 1.0
    return LEAST + seen.by_region[named.region].get(named.finding, 0.0)


def _map_of(weights: Mapping[str, float], seen: Seen) -> EvidenceMap | None:
    if not weights:
        return None
    boxes = {one.name: one.box_xywh for one in seen.regions}
    hills = [share * _box_on_grid(boxes[name], seen.extent_xywh) for name, share in weights.items()]
    heat = np.sum(hills, axis=0)
    return EvidenceMap((heat / heat.max()).astype(np.float32), seen.extent_xywh, seen.image, "named")


def _box_on_grid(box: BoxXYWH, extent: BoxXYWH) -> NDArray[np.float64]:
    """A box as a soft hill ``[GRID, GRID]`` over the extent: 1 at its centre, about a third at its edges."""
    x, y, width, height = box
    left, top, wide, high = extent
    cells = (np.arange(GRID) + 0.5) / GRID

    def hill(start: float, length: float, origin: float, side: float) -> NDArray[np.float64]:
        middle, half = (start + length / 2 - origin) / side, max(length / 2 / side, 0.5 / GRID)
        return np.exp(-(((cells - middle) / half) ** 2))

    return hill(y, height, top, high)[:, None] * hill(x, width, left, wide)[None, :]
