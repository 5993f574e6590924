"""The small picture of a radiograph for the worklist. Knows nothing about studies."""

import cv2
import numpy as np

from lmrrg.study import RadiographImage

THUMBNAIL = "thumbnail.png"
THUMBNAIL_SIDE = 96


def thumbnail_of(image: RadiographImage) -> bytes:
    """A square PNG, 96 pixels a side, of the image's middle as first shown."""
    side = min(image.rows, image.columns)
    top, left = (image.rows - side) // 2, (image.columns - side) // 2
    square = image.windowed()[top : top + side, left : left + side]
    small = cv2.resize(square, (THUMBNAIL_SIDE, THUMBNAIL_SIDE), interpolation=cv2.INTER_AREA)
    _, encoded = cv2.imencode(".png", np.round(small * 255).astype(np.uint8))
    return bytes(encoded.tobytes())
