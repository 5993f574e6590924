"""What an image itself seems to say against how it is shown: inverted greys, lost greys, burned-in text.

Each is a notice for the reader and changes no pixel. All three are measured on real radiographs, frontal ones of
adults (``benchmarks/imaging``), and are silent on anything else: lateral views, and images below 64 pixels.
Knows nothing about tags or models; mirroring and images of other things are for those who have one.
"""

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from lmrrg.imaging import burned_in
from lmrrg.notices import Notice
from lmrrg.study import RadiographImage

LEAST_SIDE = 64
SIDE = 1024
INVERTED_BELOW = -0.3
"""Of ``polarity``: with it, of 110 radiographs none was called inverted, and of their negatives 106 were."""
LOST_SHARE = 0.15
"""Of the image's middle: how much may be of the lowest or of the highest grey."""


def notices_of(image: RadiographImage) -> list[Notice]:
    """What to tell of this image; nothing where it is too small or a lateral view."""
    if min(image.rows, image.columns) < LEAST_SIDE or image.view == "LATERAL":
        return []
    shown = _shown(image)
    found = []
    if polarity(shown) < INVERTED_BELOW:
        found.append(Notice("seems_inverted"))
    if lost_share(image.pixels) > LOST_SHARE:
        found.append(Notice("greys_lost"))
    if burned_in.has_burned_in_text(shown):
        found.append(Notice("seems_burned_in"))
    return found


def negative(image: RadiographImage) -> RadiographImage:
    """A copy with the grey scale turned round, shown through the same window turned round."""
    top = 2**image.bits - 1
    centre, width = image.window
    return replace(image, pixels=np.uint16(top) - image.pixels, window=(top - centre, width))


def polarity(shown: NDArray[np.float32]) -> float:
    """−3 … 3 for an image in 0 … 1: above 0 where it is light as frontal radiographs are.

    The sum of three differences of median greys: spine less lungs, spine less the upper corners, abdomen less
    lungs, each taken where it lies in an upright frontal image that fills the frame.
    """
    rows, columns = shown.shape
    low, high = np.percentile(shown, (2, 98))
    grey = ((shown - low) / max(high - low, 1e-6)).clip(0, 1)

    def median(top: float, bottom: float, left: float, right: float) -> float:
        part = grey[int(top * rows) : int(bottom * rows), int(left * columns) : int(right * columns)]
        return float(np.median(part))

    corner = int(0.08 * min(rows, columns))
    corners = (float(np.median(grey[:corner, :corner])) + float(np.median(grey[:corner, -corner:]))) / 2
    spine = median(0.3, 0.6, 0.45, 0.55)
    lungs = (median(0.3, 0.6, 0.2, 0.38) + median(0.3, 0.6, 0.62, 0.8)) / 2
    abdomen = median(0.85, 0.97, 0.3, 0.7)
    return (spine - lungs) + (spine - corners) + (abdomen - lungs)


def lost_share(pixels: NDArray[np.uint16]) -> float:
    """How much of the middle of the image, a tenth in from each side, has its lowest or its highest grey: 0 … 1."""
    rows, columns = pixels.shape
    middle = pixels[rows // 10 : rows - rows // 10, columns // 10 : columns - columns // 10]
    low, high = middle.min(), middle.max()
    if low == high:
        return 1.0
    return max(float(np.mean(middle == low)), float(np.mean(middle == high)))


def _shown(image: RadiographImage) -> NDArray[np.float32]:
    """The image through its window, made smaller first: float32, the longer side at most ``SIDE``."""
    scale = SIDE / max(image.rows, image.columns)
    pixels = image.pixels
    if scale < 1:
        size = (max(1, round(image.columns * scale)), max(1, round(image.rows * scale)))
        pixels = cv2.resize(pixels, size, interpolation=cv2.INTER_AREA)
    centre, width = image.window
    shown: NDArray[np.float32] = (pixels.astype(np.float32) - (centre - width / 2)) / max(width, 1.0)
    return shown.clip(0.0, 1.0)
