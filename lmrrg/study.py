"""A study as it travels between the rooms: its radiographs, why and how they were made, and what came before.

Does not know a model, a file format or a database, nor whose name stands on the examination. Boxes are
``(x, y, width, height)`` in the original image's pixels, x to the right and y down, the origin at the outer corner of
the top left pixel. *Left* is the patient's left, which lies on the image's right.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lmrrg.notices import Notice

BoxXYWH = tuple[float, float, float, float]
View = str  # one of the profile's, of a chest "PA", "AP" or "LATERAL"
SpacingPlane = Literal["patient", "detector"]
Sex = Literal["F", "M", "O"]


@dataclass(frozen=True, slots=True)
class NamedWindow:
    """A grey window of the file: (centre, width) in pixel units; ``name`` is empty where it gives no known one."""

    name: str
    window: tuple[float, float]


@dataclass(frozen=True, slots=True, eq=False)
class RadiographImage:
    """One radiograph, ready for display: larger is brighter, bone is bright, air is dark.

    Attributes:
        pixels: uint16 ``[rows, columns]``, of a colour image ``[rows, columns, 3]`` (RGB), within ``0 … 2**bits − 1``.
        bits: significant bits of a pixel.
        window: (centre, width) of the grey window to show first, in pixel units.
        kind: modality of a DICOM object (``"DX"``, ``"CR"``) or the raster format (``"PNG"``, ``"JPEG"``).
        photometric: the interpretation written in the file, before any inversion of ours.
        view: projection where the file says so.
        pixel_spacing_mm: (row, column) distance between pixel centres, where the file says so.
        spacing_plane: where that distance holds: ``"patient"``, or ``"detector"``, at whose face everything is
            drawn larger than it is, by 5 to 20 %; None without a spacing.
        windows: where the file offers several grey windows: all of them, ``window`` first.
        notices: what a reader should know of this image.
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
    notices: tuple[Notice, ...] = ()

    @property
    def rows(self) -> int:
        return int(self.pixels.shape[0])

    @property
    def columns(self) -> int:
        return int(self.pixels.shape[1])

    def windowed(self) -> NDArray[np.float32]:
        """The image as first shown: float32 of the pixels' shape, in 0 … 1 through ``window``."""
        centre, width = self.window
        low = centre - width / 2
        shown: NDArray[np.float32] = (self.pixels.astype(np.float32) - low) / max(width, 1.0)
        return shown.clip(0.0, 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Prior:
    """An earlier examination of the same patient.

    Attributes:
        report: what was signed of it, whole; empty where nothing was.
        images: its radiographs; empty where they are not at hand.
        days_before: days between the two examinations; None where a file does not say its day.
    """

    report: str = ""
    images: tuple[RadiographImage, ...] = ()
    days_before: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Study:
    """One examination: what every reporter is given.

    Attributes:
        images: one or more, in the order in which they are shown; an image is named by its index.
        indication: why the examination was made, in the referrer's words.
        comparison: what the referrer says it is to be compared with.
        technique: how it was made, in words.
        age: in years.
        priors: the newest first; never another image of this examination.

    Raises:
        ValueError: no image.
    """

    images: tuple[RadiographImage, ...]
    indication: str = ""
    comparison: str = ""
    technique: str = ""
    age: int | None = None
    sex: Sex | None = None
    priors: tuple[Prior, ...] = ()

    def __post_init__(self) -> None:
        if not self.images:
            raise ValueError("a study has at least one image")

    def of_views(self, views: Collection[View]) -> tuple[int, ...]:
        """Indices of the images that are of one of ``views``, or of a view that no file names, in order."""
        return tuple(
            index for index, image in enumerate(self.images) if image.view is None or image.view in views
        )

    @property
    def prior_report(self) -> str:
        """The newest prior's report; empty where there is none."""
        return self.priors[0].report if self.priors else ""
