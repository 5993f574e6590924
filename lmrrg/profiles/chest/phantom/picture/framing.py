"""Where a chest lies in the image: scale, turn, shift and the part of the square that holds the radiograph.

Knows nothing about anatomy. Body coordinates in, pixels of a square image out; x to the right, y down, the origin at
the outer corner of the top left pixel. What is independent of the image's size is kept in units of its side.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Framing:
    """The way from body coordinates to pixels.

    Attributes:
        size: side of the square image in pixels.
        scale: share of the image's side per unit of body coordinates (half a thorax).
        angle: turn of the patient in radians, clockwise on the image.
        centre: where the body point (0, ``pivot``) lies, in shares of the side.
        pivot: y of that body point.
        content_share: x0, y0, x1, y1 of the radiograph proper in shares of the side; bars lie outside.
    """

    size: int
    scale: float
    angle: float
    centre: tuple[float, float]
    pivot: float
    content_share: tuple[float, float, float, float] = (0.0, 0.0, 1.0, 1.0)

    @property
    def unit(self) -> float:
        """Pixels per unit of body coordinates."""
        return self.scale * self.size

    @property
    def content(self) -> tuple[float, float, float, float]:
        """x0, y0, x1, y1 of the radiograph proper in pixels."""
        x0, y0, x1, y1 = (share * self.size for share in self.content_share)
        return x0, y0, x1, y1

    def place(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Body coordinates ``[..., 2]`` to pixels."""
        c, s = np.cos(self.angle) * self.unit, np.sin(self.angle) * self.unit
        shift = np.array(self.centre) * self.size - self.pivot * np.array([-s, c])
        return np.asarray(points @ np.array([[c, s], [-s, c]]) + shift)
