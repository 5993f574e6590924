"""The way of an image of any shape into the model's square, and of boxes back.

Knows nothing about file formats or models: only two rectangles and the map between them. The image is padded
to a square about its centre and the square is resized; nothing is cropped and nothing is stretched, so
every box and every map can be laid back on the original image.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from lmrrg.study import BoxXYWH

PAD_VALUE = 0.0


@dataclass(frozen=True, slots=True)
class SquareFrame:
    """Where an image of ``rows × columns`` lies in the model's square of ``size × size`` pixels.

    The padding is whole pixels; of an odd difference the larger half goes to the right or the bottom.

    Raises:
        ValueError: if a side is not positive.
    """

    rows: int
    columns: int
    size: int

    def __post_init__(self) -> None:
        if min(self.rows, self.columns, self.size) < 1:
            raise ValueError(f"sides must be positive: {self.rows} × {self.columns} into {self.size}")

    @property
    def side(self) -> int:
        """Side of the padded square, in pixels of the original image."""
        return max(self.rows, self.columns)

    @property
    def left(self) -> int:
        """Columns of padding left of the image, in pixels of the original image."""
        return (self.side - self.columns) // 2

    @property
    def top(self) -> int:
        """Rows of padding above the image, in pixels of the original image."""
        return (self.side - self.rows) // 2

    @property
    def extent_xywh(self) -> BoxXYWH:
        """The square in pixels of the original image; reaches outside unless the image is square."""
        return (float(-self.left), float(-self.top), float(self.side), float(self.side))

    def to_image_boxes(self, boxes_xywh: ArrayLike) -> NDArray[np.float64]:
        """Boxes in 0 … 1 of the square, ``[N, 4]`` → the same in pixels of the original image, ``[N, 4]``."""
        boxes = np.asarray(boxes_xywh, dtype=np.float64).reshape(-1, 4)
        moved: NDArray[np.float64] = boxes * self.side - np.array([self.left, self.top, 0.0, 0.0])
        return moved

    def apply(self, windowed: NDArray[np.float32]) -> NDArray[np.float32]:
        """The image ``[rows, columns]`` as the model's square, float32 ``[size, size]``, padded with 0.

        Shrinks by area averaging, grows linearly.

        Raises:
            ValueError: if the image has another shape than this frame was made for.
        """
        if windowed.shape != (self.rows, self.columns):
            raise ValueError(f"a frame for {(self.rows, self.columns)} cannot take an image {windowed.shape}")
        square = np.full((self.side, self.side), PAD_VALUE, dtype=np.float32)
        square[self.top : self.top + self.rows, self.left : self.left + self.columns] = windowed
        if self.side == self.size:
            return square
        how = cv2.INTER_AREA if self.side > self.size else cv2.INTER_LINEAR
        resized: NDArray[np.float32] = cv2.resize(square, (self.size, self.size), interpolation=how)
        return resized
