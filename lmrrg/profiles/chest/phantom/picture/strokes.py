"""Brushes: filled shapes, strokes and smooth noise in body coordinates, as float32 layers of 0 … 1.

Knows nothing about anatomy or diseases. Layers are ``[size, size]``; widths and blurs are in body units, so that a
phantom looks the same at every size.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from lmrrg.profiles.chest.phantom.picture.framing import Framing

Layer = NDArray[np.float32]
Stroke = tuple[
    NDArray[np.float64], float, float
]  # curve or batch of curves, width in body units, grey of 0 … 1
_PER_GREY = np.float32(1 / 255)
_SHIFT = 4  # fractional bits of OpenCV's coordinates
_FAR = 30_000.0  # pixels; beyond, OpenCV's fixed-point coordinates overflow


class Painter:
    """Draws layers for one framing."""

    def __init__(self, framing: Framing) -> None:
        self.framing = framing
        self.size = framing.size
        self.unit = framing.unit

    def _fixed(self, points: NDArray[np.float64]) -> NDArray[np.int32]:
        placed = np.clip(self.framing.place(points) - 0.5, -_FAR, _FAR)
        return np.round(placed * (1 << _SHIFT)).astype(np.int32)

    def fill(self, *polygons: NDArray[np.float64], blur: float = 0.0) -> Layer:
        """1 inside any of the closed polygons; a batch ``[n, points, 2]`` must hold polygons that do not meet."""
        canvas = np.zeros((self.size, self.size), np.uint8)
        for polygon in polygons:
            placed = self._fixed(polygon)
            cv2.fillPoly(canvas, list(placed) if placed.ndim == 3 else [placed], 255, cv2.LINE_AA, _SHIFT)
        return self.blurred(canvas.astype(np.float32) * _PER_GREY, blur)

    def strokes(self, lines: list[Stroke], blur: float = 0.0) -> Layer:
        """Open curves; where they cross, the later is on top.

        A stroke thinner than a pixel is drawn one pixel wide and fainter.
        """
        canvas = np.zeros((self.size, self.size), np.uint8)
        for points, width, grey in lines:
            pixels = width * self.unit
            thick = max(1, round(pixels))
            value = round(255 * grey * min(1.0, pixels / thick + 0.15))
            placed = self._fixed(points)
            # Antialiasing a wide stroke costs six times the stroke, and a blur does as well.
            edge = cv2.LINE_AA if thick == 1 or blur * self.unit < 0.4 else cv2.LINE_8
            curves = list(placed) if placed.ndim == 3 else [placed]
            cv2.polylines(canvas, curves, False, value, thick, edge, _SHIFT)
        return self.blurred(canvas.astype(np.float32) * _PER_GREY, blur)

    def blurred(self, layer: Layer, blur: float) -> Layer:
        """Gaussian blur by ``blur`` body units; wide ones on a smaller copy, for speed."""
        sigma = blur * self.unit
        if sigma < 0.4:
            return layer
        step = int(min(16, 2 ** np.floor(np.log2(max(sigma / 1.5, 1.0)))))
        if step == 1:
            return _gaussian(layer, sigma)
        small = cv2.resize(layer, (self.size // step, self.size // step), interpolation=cv2.INTER_AREA)
        small = _gaussian(small, sigma / step)
        return np.asarray(cv2.resize(small, (self.size, self.size), interpolation=cv2.INTER_LINEAR))

    def clouds(self, rng: np.random.Generator, grain: float) -> Layer:
        """Smooth noise of mean 0 and deviation about 1 with features ``grain`` body units wide."""
        coarse = self.size // (2 if grain < 0.06 else 4)
        total = np.zeros((coarse, coarse), np.float32)
        for octave, weight in ((1.0, 0.8), (2.3, 0.6)):
            cells = int(np.clip(octave / (self.framing.scale * grain), 3, coarse))
            noise = rng.standard_normal((cells, cells), dtype=np.float32)
            total += cv2.resize(noise, (coarse, coarse), interpolation=cv2.INTER_CUBIC) * np.float32(weight)
        return np.asarray(cv2.resize(total, (self.size, self.size), interpolation=cv2.INTER_LINEAR))


def _gaussian(layer: Layer, sigma: float) -> Layer:
    side = 2 * int(np.ceil(2.1 * sigma)) + 1
    return np.asarray(cv2.GaussianBlur(layer, (side, side), sigma, borderType=cv2.BORDER_REPLICATE))
