"""A radiograph as it travels between the rooms: pixels, window, view, spacing, and what a reader should know of it.

Does not know a model, a file format or a database. Boxes are ``(x, y, width, height)`` in the original image's pixels,
x to the right and y down, the origin at the outer corner of the top left pixel. *Left* is the patient's left, which
lies on the image's right.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lmrrg.notices import Notice

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
        """The image as first shown: float32 ``[rows, columns]`` in 0 … 1 through ``window``."""
        centre, width = self.window
        low = centre - width / 2
        shown: NDArray[np.float32] = (self.pixels.astype(np.float32) - low) / max(width, 1.0)
        return shown.clip(0.0, 1.0)
