"""Arithmetic on grey values: from colour to grey, the estimate of a window, inversion.

Knows arrays only.
"""

import numpy as np
from numpy.typing import NDArray

from lmrrg.errors import UnreadableFile

Window = tuple[float, float]

# ITU-R BT.601 luma in 1/65536, the weights that Pillow's conversion to "L" uses; their sum is exactly 65536.
_RED, _GREEN, _BLUE = 19595, 38470, 7471
_ENOUGH_PIXELS = 4_000_000
_OUTERMOST = 2.0**24  # grey values up to here are exact in float32


def full_window(bits: int) -> Window:
    """The window that shows every value as it is: 0 is black, ``2**bits − 1`` is white."""
    top = 2**bits - 1
    return (top / 2, float(top))


def estimated_window(pixels: NDArray[np.uint16], ignore: NDArray[np.bool_] | None = None) -> Window:
    """(centre, width) from the 1st to the 99th percentile of ``pixels``, leaving out what ``ignore`` marks.

    Of very large images every n-th row and column is looked at.
    """
    step = max(1, int((pixels.size / _ENOUGH_PIXELS) ** 0.5))
    seen = pixels[::step, ::step]
    if ignore is not None:
        kept = seen[~ignore[::step, ::step]]
        seen = kept if kept.size else seen
    low, high = (float(value) for value in np.percentile(seen, (1, 99)))
    if high <= low:
        low, high = float(seen.min()), float(seen.max())
    return ((low + high) / 2, max(high - low, 1.0))


def shows_something(window: Window, pixels: NDArray[np.uint16]) -> bool:
    """Whether the window is of a sane size and leaves any of the image between black and white."""
    centre, width = window
    if not (abs(centre) < _OUTERMOST and width < _OUTERMOST):  # so written, NaN is refused too
        return False
    low, high = int(pixels.min()), int(pixels.max())
    return low == high or (centre + width / 2 > low and centre - width / 2 < high)


def invert(pixels: NDArray[np.uint16], bits: int) -> None:
    """Turn the grey scale round in place; a window's centre then lies at ``2**bits − 1`` less itself."""
    np.subtract(np.uint16(2**bits - 1), pixels, out=pixels)


def grey_of_colour(colour: NDArray[np.uint16]) -> tuple[NDArray[np.uint16], bool]:
    """uint16 ``[rows, columns, 3]`` in red, green, blue → luma ``[rows, columns]``, and if there was colour."""
    if colour.ndim != 3 or colour.shape[2] < 3:
        raise UnreadableFile("The file calls its image a colour image, and it is none. Send it again.")
    grey = np.empty(colour.shape[:2], dtype=np.uint16)
    coloured = False
    for start in range(0, colour.shape[0], 256):  # in strips, to keep the intermediate values small
        red, green, blue = (colour[start : start + 256, :, channel].astype(np.uint32) for channel in range(3))
        coloured = coloured or bool((red != green).any() or (green != blue).any())
        grey[start : start + 256] = (_RED * red + _GREEN * green + _BLUE * blue + 32768) >> 16
    return grey, coloured
