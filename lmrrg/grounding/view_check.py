"""What the region extractor says of the view: an upright frontal chest or not, inverted greys, lungs cut off.

*Unlikeness* is the sum of three opinions of the extractor: the distances of look and layout from the training images,
each over its threshold (``image_check``), and the share of the regions that it does not see. An upright frontal
chest has about 1, its negative 2, a chest on its side 3, an ankle 6. Greys are called inverted where the image is
unlike a chest and its negative is less so. Lungs are called cut off where their boxes reach beyond the image: the
extractor goes on where the image ends.

Each is a notice for the reader; the image is shown as it is. The constants were found on phantoms, and
``benchmarks/model/view_check.txt`` says what they are worth on radiographs of patients. Knows nothing about pixels or
files. A lateral view is one of many images that are no frontal chest: which of them it is, is not known here.
"""

import numpy as np

from lmrrg.grounding.image_check import ImageCheck, ImageFeatures
from lmrrg.imaging.transforms import SquareFrame
from lmrrg.model.region_extractor import RegionFeatures
from lmrrg.notices import Notice
from lmrrg.profiles import Profile

NOT_FRONTAL_ABOVE = 2.3
"""Unlikeness that one in a hundred upright phantoms exceeds."""
NEGATIVE_FROM = 1.9
"""Unlikeness that all but one in a hundred negatives of phantoms reach."""
NEGATIVE_MARGIN = 0.5
"""By how much the unlikeness of a phantom's negative nearly always exceeds that of the phantom."""
CUT_BELOW = 0.0
"""Room between lungs and edge, over the lungs' extent. By the default model 1.2 none of 629 edges of phantoms that have
room has less, and one of 347 of patients."""


def unlikeness(check: ImageCheck, features: ImageFeatures, regions: RegionFeatures) -> float:
    """How unlike an upright frontal chest the one image is that ``features`` and ``regions`` are of: 0 or more."""
    look, layout = check.distances(features)
    seen = float(regions.visible_logits[0].sigmoid().mean())
    return look / float(check.thresholds[0]) + layout / float(check.thresholds[1]) + 1 - seen


def seems_inverted(image: float, negative: float) -> bool:
    """From the unlikeness of an image and of its negative: only the negative is a chest, and clearly so."""
    return image >= NEGATIVE_FROM > negative and image - negative > NEGATIVE_MARGIN


def room_around(regions: RegionFeatures, frame: SquareFrame, profile: Profile) -> dict[str, float]:
    """Room between the boxes of both lungs and each edge of the image; below 0 they reach beyond it.

    In units of the lungs' height (upper, lower) or width (left-hand, right-hand, as the image is seen).
    """
    boxes = regions.boxes[0, list(profile.frame_indices)].numpy()
    corners = np.concatenate([boxes[:, :2] - boxes[:, 2:] / 2, boxes[:, 2:]], 1)
    x, y, width, height = frame.to_image_boxes(corners).T
    left, right, top, bottom = x.min(), (x + width).max(), y.min(), (y + height).max()
    wide, high = max(right - left, 1e-6), max(bottom - top, 1e-6)
    return {
        "upper": float(top / high),
        "lower": float((frame.rows - bottom) / high),
        "left-hand": float(left / wide),
        "right-hand": float((frame.columns - right) / wide),
    }


def cut_off(room: dict[str, float]) -> Notice | None:
    """The notice that names the edges where the lungs are cut off, or None."""
    edges = tuple(edge for edge, share in room.items() if share < CUT_BELOW)
    return Notice("cut_off", {"edges": edges}) if edges else None
