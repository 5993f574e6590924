"""A study as the training stages see it: a picture, what was asked, and the report it should get.

Knows how an archived image becomes the model's square picture, and nothing about databases or models.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from lmrrg.imaging.door import archive
from lmrrg.imaging.transforms import SquareFrame
from lmrrg.study import RadiographImage


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One study.

    Attributes:
        key: ``"study 12"`` or ``"phantom 800000003"``.
        picture: 8-bit grey square at the model's size.
        style: asked for by name in the prompt; empty for what is asked plainly, as the web page asks.
        prior_report: the patient's earlier report, where the draft was written with it.
        reference: the signed report (a phantom's own report); None where nobody has signed.
        draft: what the reader started from, where there was a draft.
    """

    key: str
    picture: Image.Image
    indication: str = ""
    reference: str | None = None
    draft: str | None = None
    style: str = ""
    prior_report: str = ""

    @property
    def asked(self) -> dict[str, str]:
        """What the model is told besides the picture, named as ``lmrrg.model.conversation`` takes it."""
        return {"indication": self.indication, "style": self.style, "prior_report": self.prior_report}


def picture_of(image: RadiographImage, size: int) -> Image.Image:
    """The radiograph through its first window, letterboxed to ``size × size``, 8-bit grey."""
    square = SquareFrame(image.rows, image.columns, size).apply(image.windowed())
    return Image.fromarray(np.clip(np.rint(square * 255), 0, 255).astype(np.uint8))


def load_picture(folder: Path, size: int) -> Image.Image:
    """The archived radiograph in ``folder`` as a picture."""
    return picture_of(archive.load(folder), size)
