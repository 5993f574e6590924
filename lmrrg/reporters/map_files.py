"""Writes a report's maps as 8-bit PNG files of their images' size. Knows files and grids, no model.

A map lies over an extent of its image: it is enlarged to that extent's size in the image's pixels, bilinearly, and what
lies beyond the image is cut off, so that a pixel of the file lies on the same pixel of the radiograph. 255 is the map's
own peak: brightness compares places within one file, not between files.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from lmrrg.errors import MapsNotWritten
from lmrrg.report import EvidenceMap, Report
from lmrrg.study import Study

# The maps are smooth: stronger compression takes several times as long and saves next to nothing.
_PNG = (cv2.IMWRITE_PNG_COMPRESSION, 2)


@dataclass(frozen=True)
class MapFiles:
    """The files of one report, in the order of its regions and sentences; None where there is no map."""

    regions: tuple[Path | None, ...]
    sentences: tuple[Path | None, ...]
    gradcams: tuple[Path | None, ...]


def laid_on_image(shown: EvidenceMap, rows: int, columns: int) -> NDArray[np.uint8]:
    """A map over its image of ``rows × columns``, as uint8 of that size; 0 where it does not reach."""
    x, y, width, height = shown.extent_xywh
    grid_rows, grid_columns = shown.grid.shape
    down = _between_cells(rows, y, height, grid_rows)
    across = _between_cells(columns, x, width, grid_columns)
    image = down @ shown.grid.astype(np.float32) @ across.T
    laid: NDArray[np.uint8] = np.round(image.clip(0, 1) * 255).astype(np.uint8)
    return laid


def _between_cells(pixels: int, start: float, length: float, cells: int) -> NDArray[np.float32]:
    """Weights ``[pixels, cells]`` of linear interpolation between the cells' centres, along one side of an image.

    ``cells`` lie side by side from ``start`` over ``length`` pixels; a pixel outside of them has no weight.
    """
    along = (np.arange(pixels) + 0.5 - start) / length
    place = (along * cells - 0.5).clip(0, cells - 1)
    weights = (1 - np.abs(place[:, None] - np.arange(cells))).clip(0, None)
    weights[(along < 0) | (along > 1)] = 0
    return weights.astype(np.float32)


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
    study: Study,
    folder: Path,
    *,
    number: int,
    sources: Sequence[Path],
    gradcams: Sequence[EvidenceMap] = (),
) -> MapFiles:
    """Write the maps of study ``number`` (from 1) of a command, named after it and the file of their image.

    ``sources`` are the files of the study's images. Numbers keep apart what is of sources that bear the same name.

    Raises:
        MapsNotWritten: a file cannot be written.
    """
    stems = [f"{number:03d}-{_plain(source.stem)}" for source in sources]
    if len(stems) > 1:
        stems = [f"{stem}-{image}" for image, stem in enumerate(stems, 1)]

    def write(name: str, shown: EvidenceMap | None) -> Path | None:
        if shown is None:
            return None
        image = study.images[shown.image]
        path = folder / f"{stems[shown.image]}-{name}.png"
        _, encoded = cv2.imencode(".png", laid_on_image(shown, image.rows, image.columns), _PNG)
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
        gradcams=tuple(write(f"gradcam-{k:02d}", one) for k, one in enumerate(gradcams, 1)),
    )


def _plain(name: str) -> str:
    """Letters, digits, dots and dashes that every file system takes; at most 60."""
    return re.sub(r"[^A-Za-z0-9.]+", "-", name).strip("-.")[:60] or "image"


def _refusal(folder: Path, error: OSError) -> MapsNotWritten:
    reason = error.strerror or str(error)
    return MapsNotWritten(
        f"The maps cannot be written to “{folder}” ({reason}). Choose a folder that you may write to, with room left."
    )
