"""What travels between the rooms: a radiograph, a report, and the evidence for each sentence.

Knows no model, no file format and no database. Boxes are ``(x, y, width, height)`` in the original image's
pixels, x to the right and y down, the origin at the outer corner of the top left pixel. *Left* is the
patient's left, which lies on the image's right.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import NDArray

BoxXYWH = tuple[float, float, float, float]
View = Literal["PA", "AP", "LATERAL"]
SpacingPlane = Literal["patient", "detector"]


@dataclass(frozen=True, slots=True)
class NamedWindow:
    """A grey window of the file: (centre, width) in pixel units; ``name`` is empty where it gives no known one."""

    name: str
    window: tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class RadiographImage:
    """One radiograph, ready for display: larger is brighter, bone is bright, air is dark.

    Attributes:
        pixels: uint16 ``[rows, columns]``, within ``0 … 2**bits − 1``.
        bits: significant bits of a pixel.
        window: (centre, width) of the grey window to show first, in pixel units.
        kind: modality of a DICOM object (``"DX"``, ``"CR"``) or the raster format (``"PNG"``, ``"JPEG"``).
        photometric: the interpretation written in the file, before any inversion of ours.
        view: projection where the file says so.
        pixel_spacing_mm: (row, column) distance between pixel centres, where the file says so.
        spacing_plane: where that distance holds: ``"patient"``, or ``"detector"``, at whose face everything is
            drawn larger than it is, by 5 to 20 %; None without a spacing.
        windows: where the file offers several grey windows: all of them, ``window`` first.
        notices: what a reader should know of this image, in sentences.
    """

    pixels: NDArray[np.uint16]
    bits: int
    window: tuple[float, float]
    kind: str
    photometric: str
    view: View | None = None
    pixel_spacing_mm: tuple[float, float] | None = None
    spacing_plane: SpacingPlane | None = None
    windows: tuple[NamedWindow, ...] = ()
    notices: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        return int(self.pixels.shape[0])

    @property
    def columns(self) -> int:
        return int(self.pixels.shape[1])

    def windowed(self) -> NDArray[np.float32]:
        """The image as first shown: float32 ``[rows, columns]`` in 0 … 1 through ``window``."""
        centre, width = self.window
        low = centre - width / 2
        shown: NDArray[np.float32] = (self.pixels.astype(np.float32) - low) / max(width, 1.0)
        return shown.clip(0.0, 1.0)


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
        notices: what a reader should know of the image and of the draft, in sentences.
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
    notices: tuple[str, ...] = ()
    disagreements: tuple[Disagreement, ...] = ()
    needs_eye: float | None = None
    novelty: float | None = None

    @property
    def text(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)
