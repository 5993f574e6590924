"""A drafted report and the evidence for each of its sentences, as they travel between the rooms.

Does not know a model, a page or a database. Boxes are those of ``lmrrg.study``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lmrrg.notices import Notice
from lmrrg.study import BoxXYWH


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
            (``explain.confidence``), else the geometric mean of the probabilities of its tokens; None while it
            is still being streamed.
        regions: the regions that it was written from, the heaviest first.
        flag: what the image suggests instead, where the two opinions differ; else None.
        map: float32 ``[grid rows, grid columns]`` in 0 … 1 over the report's ``extent_xywh``; None while the
            sentence is still being streamed.
    """

    text: str
    confidence: float | None
    regions: tuple[RegionWeight, ...] = ()
    flag: str | None = None
    map: NDArray[np.float32] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class RegionEvidence:
    """One anatomical region as the model sees it in this image.

    Attributes:
        box_xywh: in the original image's pixels.
        visible: probability that the region lies within the image.
        significance: 0 … 1, how much of it the decoder got to see.
        map: float32 ``[grid rows, grid columns]`` in 0 … 1 over the report's ``extent_xywh``.
    """

    name: str
    box_xywh: BoxXYWH
    visible: float
    significance: float
    map: NDArray[np.float32] | None = None


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
    """A drafted report with its evidence.

    Attributes:
        regions: all 29, in the order of ``anatomy.REGIONS``.
        findings: probability of each of the 14 findings by the region extractor, in ``findings.FINDINGS`` order.
        extent_xywh: where the maps' grid lies, in the original image's pixels; may reach beyond the image.
        timing_ms: ``decode``, ``encode``, ``first_sentence`` and ``total``.
        notices: what a reader should know of the image and of the draft.
        disagreements: where the two opinions of the image differ, the strongest first.
        needs_eye: 0 … 1, how much the study needs a human eye: high where the draft is likely to err, where
            image and text differ, or where the image is unlike those that the model was trained on.
        novelty: how unlike the training images this one is; over 1 is outside of what the model was trained
            on. None where the model's folder does not say.
    """

    sentences: tuple[Sentence, ...]
    regions: tuple[RegionEvidence, ...]
    findings: Mapping[str, float]
    model: ModelName
    extent_xywh: BoxXYWH
    timing_ms: Mapping[str, float] = field(default_factory=dict)
    notices: tuple[Notice, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    needs_eye: float | None = None
    novelty: float | None = None

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)
