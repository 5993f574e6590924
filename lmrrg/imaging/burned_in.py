"""Whether text seems to be burned into an image near its border, where names and dates stand.

Looks for small marks of one height side by side that stand out sharply from what is around them. Finds rows of
print, not handwriting, and nothing lower than six pixels once the longer side is 1024; a side marker, one or two
letters, is no text. It reads nothing, and a miss proves nothing: ``benchmarks/imaging/appearance.txt`` says how
often it is right.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

BORDER = 0.2
"""Of the shorter side: how far in text is looked for."""
CONTRAST = 0.25
"""Of black to white: how far a letter stands out from its surroundings."""
LETTERS = 4
MOST_MARKS = 600
"""Of more marks than this, a pattern and no print, only the topmost are looked at."""
_LOWEST, _TALLEST = 6, 44
_WIDEST = 1.8
_NEIGHBOURHOOD = 49


def has_burned_in_text(shown: NDArray[np.float32]) -> bool:
    """Whether an image seems to hold a word near its border.

    Takes the image as first shown, float32 ``[rows, columns]`` in 0 … 1, the longer side 1024 or less.
    """
    grey = (255 * shown).astype(np.uint8)
    kernel = np.ones((_NEIGHBOURHOOD, _NEIGHBOURHOOD), np.uint8)
    for operation in (cv2.MORPH_TOPHAT, cv2.MORPH_BLACKHAT):
        standing_out = cv2.morphologyEx(grey, operation, kernel)
        marks = _letters((standing_out > 255 * CONTRAST).astype(np.uint8))
        if _longest_row(marks) >= LETTERS:
            return True
    return False


def _letters(mask: NDArray[np.uint8]) -> NDArray[np.int64]:
    """Connected marks near the border that are shaped like letters: ``[N, 4]`` of left, top, width, height."""
    _, _, found, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    left, top, width, height, area = found[1:].T.astype(np.int64)
    rows, columns = mask.shape
    margin = BORDER * min(rows, columns)
    x, y = left + width / 2, top + height / 2
    near = np.minimum.reduce([x, y, columns - x, rows - y]) < margin
    inside = (left > 0) & (top > 0) & (left + width < columns) & (top + height < rows)
    shaped = (height >= _LOWEST) & (height <= _TALLEST) & (width <= _WIDEST * height)
    filled = area >= 0.2 * width * height
    keep = near & inside & shaped & filled
    kept: NDArray[np.int64] = np.stack([left, top, width, height], axis=1)[keep]
    return kept


def _longest_row(marks: NDArray[np.int64]) -> int:
    """How many marks of like height stand side by side at most, no further apart than they are high."""
    marks = marks[:MOST_MARKS]
    marks = marks[np.argsort(marks[:, 0])]
    length = np.ones(len(marks), dtype=int)
    for second in range(1, len(marks)):
        left, top, _, height = marks[second]
        for first in range(second):
            other_left, other_top, other_width, other_height = marks[first]
            gap = left - other_left - other_width
            alike = max(height, other_height) <= 1.5 * min(height, other_height)
            overlap = min(top + height, other_top + other_height) - max(top, other_top)
            if (
                alike
                and -1 <= gap <= max(height, other_height)
                and overlap >= 0.5 * min(height, other_height)
            ):
                length[second] = max(length[second], length[first] + 1)
    return int(length.max(initial=0))
