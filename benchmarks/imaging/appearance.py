"""How often the notices on inverted greys, lost greys and burned-in text are right, on real radiographs.

    python -m benchmarks.imaging.appearance

Inverted: the radiographs of the shared data as they are, and their negatives. Burned in: as they are, against what a
person saw in them at this size (``HOLDING_TEXT``, by their place in the order of names), and with a line of text drawn
into a corner in four sizes. Lost greys: how many are told as they are. The thresholds were chosen on these very
images, so that the figures are what can be hoped for and not what can be promised. Needs the shared data.
"""

import dataclasses

import cv2
import numpy as np

from benchmarks.outside import shared_folder
from lmrrg.imaging.appearance import notices_of
from lmrrg.imaging.door.opening import open_radiograph
from lmrrg.notices import Notice
from lmrrg.study import RadiographImage

HOLDING_TEXT = (7, 9, 16, 34, 38, 42, 49, 56, 58, 68, 69, 70, 77, 83, 85, 95, 98)
HEIGHTS = (0.008, 0.012, 0.02, 0.03)
"""Of a capital letter, against the longer side."""


def smaller(image: RadiographImage) -> RadiographImage:
    """The longer side 1024 at most, so that the notices need not do it again for each variant."""
    scale = min(1.0, 1024 / max(image.rows, image.columns))
    size = (round(image.columns * scale), round(image.rows * scale))
    return dataclasses.replace(image, pixels=cv2.resize(image.pixels, size, interpolation=cv2.INTER_AREA))


def written(image: RadiographImage, height: float) -> RadiographImage:
    """With a name and a date in bright letters in the upper left corner."""
    pixels = height * max(image.rows, image.columns)
    mask = np.zeros(image.pixels.shape, dtype=np.uint8)
    scale, place = (
        pixels / 22,
        (round(2 * pixels), round(3 * pixels)),
    )  # the font's capitals are 22 pixels high
    cv2.putText(
        mask, "DOE JANE 1970-01-01", place, cv2.FONT_HERSHEY_SIMPLEX, scale, 1, max(1, round(2 * scale))
    )
    ink = np.uint16(2**image.bits - 1)
    return dataclasses.replace(image, pixels=np.where(mask, ink, image.pixels))


def main() -> None:
    folder = shared_folder()
    if folder is None:
        raise SystemExit("No data: set LMRRG_SHARED to the folder that holds data/cxr.")
    paths = sorted((folder / "data/cxr/images").iterdir())
    images = [smaller(open_radiograph(path)) for path in paths]
    as_they_are = [notices_of(image) for image in images]
    negatives = [
        notices_of(dataclasses.replace(one, pixels=(2**one.bits - 1 - one.pixels).astype(np.uint16)))
        for one in images
    ]
    total = len(images)
    print(f"{total} frontal radiographs, the longer side brought to 1024 pixels or less")
    print(
        f"inverted: told of {sum(Notice('seems_inverted') in one for one in as_they_are)} as they are,",
        end=" ",
    )
    print(f"of {sum(Notice('seems_inverted') in one for one in negatives)} negatives")
    print(f"lost greys: told of {sum(Notice('greys_lost') in one for one in as_they_are)} as they are")
    told = {number for number, one in enumerate(as_they_are) if Notice("seems_burned_in") in one}
    truth = set(HOLDING_TEXT)
    print(
        f"burned-in text, as they are: {len(truth)} hold some; told of {len(told & truth)} of them,", end=" "
    )
    print(f"and of {len(told - truth)} of the other {total - len(truth)}")
    without = [one for number, one in enumerate(images) if number not in truth]
    for height in HEIGHTS:
        seen = sum(Notice("seems_burned_in") in notices_of(written(one, height)) for one in without)
        print(
            f"  a line of text drawn in, letters {1024 * height:4.1f} of 1024 high: told of {seen} of {len(without)}"
        )


if __name__ == "__main__":
    main()
