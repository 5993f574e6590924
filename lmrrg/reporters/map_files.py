"""Writes a report's maps as 8-bit PNG files of the original image's size. Knows files and grids, no model.

A map lies over the padded square that the model saw (``SquareFrame``): it is enlarged to that square's size in
original pixels, bilinearly, and the padding is cut off, so that a pixel of the file lies on the same pixel of the
radiograph. 255 is the map's own peak: brightness compares places within one file, not between files.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from lmrrg.errors import MapsNotWritten
from lmrrg.imaging.transforms import SquareFrame
from lmrrg.report import Report

# The maps are smooth: stronger compression takes several times as long and saves next to nothing.
_PNG = (cv2.IMWRITE_PNG_COMPRESSION, 2)


@dataclass(frozen=True)
class MapFiles:
    """The files of one report, in the order of its regions and sentences; None where there is no map."""

    regions: tuple[Path | None, ...]
    sentences: tuple[Path | None, ...]
    gradcams: tuple[Path | None, ...]


def laid_on_image(grid: NDArray[np.float32], rows: int, columns: int) -> NDArray[np.uint8]:
    """A map ``[grid rows, grid columns]`` in 0 … 1 over the padded square → uint8 ``[rows, columns]``."""
    frame = SquareFrame(rows, columns, max(grid.shape))
    square = cv2.resize(
        np.asarray(grid, np.float32), (frame.side, frame.side), interpolation=cv2.INTER_LINEAR
    )
    image = square[frame.top : frame.top + rows, frame.left : frame.left + columns]
    laid: NDArray[np.uint8] = np.round(image.clip(0, 1) * 255).astype(np.uint8)
    return laid


def prepare(folder: Path) -> None:
    """Make the folder, so that a wrong one is told before anything is drafted.

    Raises:
        MapsNotWritten: it cannot be made, or is a file.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _refusal(folder, error) from error


def write_maps(
    report: Report,
    folder: Path,
    *,
    rows: int,
    columns: int,
    number: int,
    source: Path,
    gradcams: Sequence[NDArray[np.float32]] = (),
) -> MapFiles:
    """Write the maps of image ``number`` (from 1) of a command, named after it and its ``source``.

    The number keeps files of one command apart where two sources bear the same name.

    Raises:
        MapsNotWritten: a file cannot be written.
    """
    stem = f"{number:03d}-{_plain(source.stem)}"

    def write(name: str, grid: NDArray[np.float32] | None) -> Path | None:
        if grid is None:
            return None
        path = folder / f"{stem}-{name}.png"
        _, encoded = cv2.imencode(".png", laid_on_image(grid, rows, columns), _PNG)
        unfinished = path.with_suffix(".partial")
        try:
            unfinished.write_bytes(encoded.tobytes())
            unfinished.replace(path)
        except OSError as error:
            unfinished.unlink(missing_ok=True)
            raise _refusal(folder, error) from error
        return path

    return MapFiles(
        regions=tuple(write(f"region-{_plain(r.name)}", r.map) for r in report.regions),
        sentences=tuple(write(f"sentence-{k:02d}", s.map) for k, s in enumerate(report.sentences, 1)),
        gradcams=tuple(write(f"gradcam-{k:02d}", grid) for k, grid in enumerate(gradcams, 1)),
    )


def _plain(name: str) -> str:
    """Letters, digits, dots and dashes that every file system takes; at most 60."""
    return re.sub(r"[^A-Za-z0-9.]+", "-", name).strip("-.")[:60] or "image"


def _refusal(folder: Path, error: OSError) -> MapsNotWritten:
    reason = error.strerror or str(error)
    return MapsNotWritten(
        f"The maps cannot be written to “{folder}” ({reason}). Choose a folder that you may write to, with room left."
    )
