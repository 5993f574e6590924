"""A radiograph at rest: a folder with ``pixels.npy``, ``image.json`` and, of a DICOM file, ``header.json``.

Of the file that it came from there is nothing but what ``header.replaced`` lets through. Knows nothing about databases
or studies. The files are written one after the other, each atomically, ``image.json`` last; a hash in it tells whether
the pixels belong to it.
"""

import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lmrrg import profiles
from lmrrg.errors import UnreadableFile
from lmrrg.notices import as_json, from_json
from lmrrg.study import NamedWindow, RadiographImage

PIXELS, HEADER, DESCRIPTION = "pixels.npy", "header.json", "image.json"


def content_hash(image: RadiographImage) -> str:
    """SHA-256, in hexadecimal, over the shape and the pixels: the same picture has the same hash."""
    digest = hashlib.sha256(f"{image.rows}x{image.columns}:".encode())
    digest.update(np.ascontiguousarray(image.pixels, dtype="<u2").data)
    return digest.hexdigest()


def save(folder: Path, image: RadiographImage, header: dict[str, Any] | None = None) -> None:
    """Write ``image`` into ``folder``, which is made where it is missing; an image already there is replaced.

    ``header`` is what ``header.replaced`` gave, or None for nothing. A reader meets the old image, the new one, or
    ``UnreadableFile``, never a mixture.
    """
    folder.mkdir(parents=True, exist_ok=True)
    words = {**describe(image), "content_hash": content_hash(image)}
    _replace(folder / PIXELS, lambda file: np.save(file, image.pixels, allow_pickle=False))
    if header is not None:
        _replace(folder / HEADER, lambda file: file.write(_as_json(header)))
    _replace(folder / DESCRIPTION, lambda file: file.write(_as_json(words)))


def load(folder: Path) -> RadiographImage:
    """The image that ``save`` wrote into ``folder``.

    Raises:
        UnreadableFile: nothing there, damaged, or half of another image.
    """
    try:
        words = json.loads((folder / DESCRIPTION).read_bytes())
        pixels = np.load(BytesIO((folder / PIXELS).read_bytes()), allow_pickle=False)
        image = restore(words, pixels)
    except (OSError, ValueError, KeyError, TypeError, EOFError):
        raise UnreadableFile("The stored image is missing or damaged. Add the study again.") from None
    if content_hash(image) != words.get("content_hash"):
        raise UnreadableFile("The stored image does not match its description. Add the study again.")
    return image


def load_description(folder: Path) -> dict[str, Any]:
    """What ``describe`` said of the image in ``folder``, without reading its pixels.

    Descriptions of before there was a plane of the spacing or a choice of windows say nothing of either.

    Raises:
        UnreadableFile: nothing there, or damaged.
    """
    try:
        words = json.loads((folder / DESCRIPTION).read_bytes())
        return {"spacing_plane": None, "windows": [], **words}
    except (OSError, ValueError, TypeError):
        raise UnreadableFile("The stored image is missing or damaged. Add the study again.") from None


def load_header(folder: Path) -> dict[str, Any] | None:
    """What is kept of the header of the DICOM file that the image came in; None where there is nothing."""
    try:
        words = json.loads((folder / HEADER).read_bytes())
    except (OSError, ValueError):
        return None
    return words if isinstance(words, dict) else None


def describe(image: RadiographImage) -> dict[str, Any]:
    """Everything of the image but its pixels, in JSON's types."""
    return {
        "rows": image.rows,
        "columns": image.columns,
        "bits": image.bits,
        "window": list(image.window),
        "kind": image.kind,
        "photometric": image.photometric,
        "view": image.view,
        "pixel_spacing_mm": None if image.pixel_spacing_mm is None else list(image.pixel_spacing_mm),
        "spacing_plane": image.spacing_plane,
        "windows": [{"name": one.name, "window": list(one.window)} for one in image.windows],
        "notices": [as_json(notice) for notice in image.notices],
    }


def restore(words: dict[str, Any], pixels: NDArray[Any]) -> RadiographImage:
    """The inverse of ``describe``.

    Raises:
        ValueError, KeyError, TypeError: words and pixels are not what ``describe`` gave for them.
    """
    bits = int(words["bits"])
    if pixels.dtype != np.uint16 or pixels.shape != (words["rows"], words["columns"]) or not pixels.size:
        raise ValueError("the pixels have another shape or type than the description says")
    if not 1 <= bits <= 16 or int(pixels.max()) >= 2**bits:
        raise ValueError("the pixels exceed their bits")
    if words["view"] not in {
        None,
        *(view for name in profiles.names() for view in profiles.load(name).views),
    }:
        raise ValueError("unknown view")
    if words.get("spacing_plane") not in (None, "patient", "detector"):
        raise ValueError("unknown plane of the spacing")
    spacing = words["pixel_spacing_mm"]
    return RadiographImage(
        pixels=pixels,
        bits=bits,
        window=_window(words["window"]),
        kind=str(words["kind"]),
        photometric=str(words["photometric"]),
        view=words["view"],
        pixel_spacing_mm=None if spacing is None else (float(spacing[0]), float(spacing[1])),
        # Images of before there was a plane or a choice of windows say nothing of either.
        spacing_plane=words.get("spacing_plane"),
        windows=tuple(
            NamedWindow(str(one["name"]), _window(one["window"])) for one in words.get("windows", ())
        ),
        notices=tuple(from_json(notice) for notice in words["notices"]),
    )


def _window(numbers: Any) -> tuple[float, float]:
    centre, width = (float(number) for number in numbers)
    return (centre, width)


def _as_json(words: dict[str, Any]) -> bytes:
    return json.dumps(words, ensure_ascii=False, indent=1).encode()


def _replace(path: Path, write: Callable[[Any], object]) -> None:
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        try:
            write(file)
            file.flush()
            os.fsync(file.fileno())
            Path(file.name).replace(path)
        except BaseException:
            Path(file.name).unlink(missing_ok=True)
            raise
