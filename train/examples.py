"""A study as the training stages see it: a picture, what was asked, and the report it should get.

Knows how an archived image becomes the model's square picture; knows no database and no model.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from lmrrg import phantom
from lmrrg.imaging import archive
from lmrrg.imaging.transforms import SquareFrame
from lmrrg.types import RadiographImage

# Phantoms for replay and for the base set come from seeds that neither the default model's training nor the
# demonstration studies use; the two sets never meet.
REPLAY_SEEDS = 700_000_000
BASE_SET_SEEDS = 800_000_000


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One study.

    Attributes:
        key: ``"study 12"`` or ``"phantom 800000003"``.
        picture: 8-bit grey square at the model's size.
        reference: the signed report (a phantom's own report); None where nobody has signed.
        draft: what the reader started from, where there was a draft.
    """

    key: str
    picture: Image.Image
    indication: str = ""
    reference: str | None = None
    draft: str | None = None


def picture_of(image: RadiographImage, size: int) -> Image.Image:
    """The radiograph through its first window, letterboxed to ``size × size``, 8-bit grey."""
    square = SquareFrame(image.rows, image.columns, size).apply(image.windowed())
    return Image.fromarray(np.clip(np.rint(square * 255), 0, 255).astype(np.uint8))


def load_picture(folder: Path, size: int) -> Image.Image:
    """The archived radiograph in ``folder`` as a picture."""
    return picture_of(archive.load(folder), size)


def phantom_examples(seeds: Sequence[int], size: int, site: str = "A") -> list[Example]:
    """Phantoms of one site, each with its own report in the site's style."""
    examples = []
    for seed in seeds:
        drawn = phantom.draw(seed, size=size, site=site)
        examples.append(Example(f"phantom {seed}", Image.fromarray(drawn.pixels), "", drawn.report))
    return examples
