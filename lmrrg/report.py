"""A drafted report and what evidence there is for its sentences, as they travel between the rooms.

A text alone is a whole report: regions, findings, maps and confidence are there where the reporter has them. Does not
know a model, a page or a database. Boxes are those of ``lmrrg.study``; an image is named by its index in the study.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lmrrg.notices import Notice
from lmrrg.study import BoxXYWH

MapKind = Literal["attended", "named", "gradient"]
"""Where a map comes from: the attention of the model that wrote the sentence; the regions that its words name or imply;
or Grad-CAM of its words' probability."""


@dataclass(frozen=True, slots=True, eq=False)
class EvidenceMap:
    """A map over one image of the study.

    Attributes:
        grid: float32 ``[rows, columns]`` in 0 … 1.
        extent_xywh: where the grid lies, in that image's pixels; may reach beyond the image.
        image: index into ``Study.images``.
    """

    grid: NDArray[np.float32]
    extent_xywh: BoxXYWH
    image: int
    kind: MapKind


@dataclass(frozen=True, slots=True)
class RegionWeight:
    """How much one region counts for a sentence; the weights of a sentence sum to at most 1."""

    name: str
    weight: float


@dataclass(frozen=True, slots=True, eq=False)
class Sentence:
    """One sentence of a drafted report and what it was written from.

    Attributes:
        confidence: 0 … 1, the probability that the sentence is right where the model is calibrated
            (``grounding.confidence``), else the geometric mean of the probabilities of its tokens; None where the
            model tells neither, and while it is still being streamed.
        regions: the regions that it was written from or that it speaks of, the heaviest first; empty where neither
            is known.
        flag: what the image suggests instead, where the two opinions differ; else None.
        map: what it was written from or speaks of; None where that is not known, and while it is being streamed.
    """

    text: str
    confidence: float | None = None
    regions: tuple[RegionWeight, ...] = ()
    flag: str | None = None
    map: EvidenceMap | None = None


@dataclass(frozen=True, slots=True, eq=False)
class RegionEvidence:
    """One anatomical region as the model sees it in one image.

    Attributes:
        box_xywh: in that image's pixels.
        visible: probability that the region lies within the image.
        significance: 0 … 1, how much of it the decoder got to see.
        map: where the model looked for it; None where it does not tell.
        image: index into ``Study.images``.
    """

    name: str
    box_xywh: BoxXYWH
    visible: float
    significance: float
    map: EvidenceMap | None = None
    image: int = 0


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A finding on which the image and the text of a report differ; neither is taken to be right.

    Attributes:
        finding: one of ``findings.FINDINGS``.
        probability: what the region extractor gives it in the image, 0 … 1.
        stated: what the text says of it; None where no sentence mentions it.
        sentence: index of the sentence that says so; None where none mentions it.
    """

    finding: str
    probability: float
    stated: Literal["positive", "negative"] | None
    sentence: int | None


@dataclass(frozen=True, slots=True)
class ModelName:
    """Who wrote a draft. ``demonstration`` models must be announced as such wherever their text is shown."""

    name: str
    version: str
    demonstration: bool


@dataclass(frozen=True, slots=True, eq=False)
class Report:
    """A drafted report. Sentences and the model's name are a whole report; all else is there where it is known.

    Attributes:
        regions: each once, in the profile's order; empty where the reporter sees none.
        findings: probability of each finding in the images, in the profile's order.
        timing_ms: ``decode``, ``encode``, ``first_sentence`` and ``total``, as far as they were taken.
        notices: what a reader should know of the image and of the draft.
        disagreements: where the two opinions of the image differ, the strongest first.
        needs_eye: 0 … 1, how much the study needs a human eye: high where the draft is likely to err, where
            image and text differ, or where the image is unlike those that the model was trained on.
        novelty: how unlike the training images this one is; over 1 is outside of what the model was trained
            on. None where the model's folder does not say.
        looked_at: indices into ``Study.images`` of those that the draft was written from; empty where that is not told.
    """

    sentences: tuple[Sentence, ...]
    model: ModelName
    regions: tuple[RegionEvidence, ...] = ()
    findings: Mapping[str, float] = field(default_factory=dict)
    timing_ms: Mapping[str, float] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    needs_eye: float | None = None
    novelty: float | None = None
    looked_at: tuple[int, ...] = ()

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)
