"""PNG, JPEG, TIFF, BMP and WebP → radiograph.

Such a file says nothing of view, spacing or window, and what it says of anything else (text chunks, EXIF,
GPS) is dropped. Of the EXIF only the orientation is used. 8-bit pictures are taken as ready for display;
of deeper ones a window is estimated.
"""

from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from lmrrg.errors import FileTooLarge, UnsupportedFile
from lmrrg.imaging.door.bounds import LOSSLESS_RATIO, LOSSY_RATIO, check_expansion, check_extent
from lmrrg.imaging.grey import estimated_window, full_window, invert
from lmrrg.notices import Notice
from lmrrg.study import RadiographImage

_ORIENTATION = 0x0112
_TIFF_BITS, _TIFF_PHOTOMETRIC, _WHITE_IS_ZERO = 258, 262, 0
_PLUGINS = {"JPEG": ("JPEG", "MPO")}  # a telephone's JPEG may carry a second picture; the first one counts


def decode_raster(data: bytes, kind: str) -> RadiographImage:
    """Decode ``data``, of the format ``kind`` as ``sniff.format_of`` names it.

    Raises:
        FileTooLarge, UnsupportedFile: see ``errors``. Damage surfaces as whatever Pillow raises.
    """
    if kind == "WEBP":  # Pillow's plugin makes room for the whole canvas as soon as it opens the file
        _check(data, kind, *_webp_canvas(data), 3)
    try:
        picture: Image.Image = Image.open(BytesIO(data), formats=_PLUGINS.get(kind, (kind,)))
    except Image.DecompressionBombError:
        raise FileTooLarge(
            "The file claims an image with more pixels than any radiograph has. Export it at its own resolution."
        ) from None
    depth = {"I": 4, "I;16": 2, "F": 4}.get(picture.mode[:4], 1)
    _check(data, kind, picture.height, picture.width, len(picture.getbands()), depth)
    if kind != "JPEG" and getattr(picture, "n_frames", 1) > 1:
        raise UnsupportedFile(
            f"This {kind} file holds several pictures. Export the radiograph as a single image."
        )
    photometric = _photometric(picture)
    notices: list[Notice] = []
    turned = _is_turned(picture)
    bits = _bits(picture)
    picture.load()
    if turned:
        notices.append(Notice("turned"))
        picture = ImageOps.exif_transpose(picture)
    if bits <= 8:
        pixels = _eight_bit_grey(picture, notices)
        window = full_window(bits)
    else:
        pixels = _deep_grey(picture)
        window = estimated_window(pixels)
        notices.append(Notice("no_window"))
        if (
            photometric == "MONOCHROME1"
        ):  # Pillow turns the scale of 8-bit pictures itself, not of deeper ones
            invert(pixels, bits)
            window = (2**bits - 1 - window[0], window[1])
    return RadiographImage(
        pixels=pixels,
        bits=bits,
        window=window,
        kind=kind,
        photometric=photometric,
        notices=tuple(notices),
    )


def _check(data: bytes, kind: str, rows: int, columns: int, samples: int, depth: int = 1) -> None:
    """Both bounds on what the header claims; ``depth`` is the bytes of a sample."""
    check_extent(rows, columns, samples)
    ratio = LOSSY_RATIO if kind in ("JPEG", "WEBP") else LOSSLESS_RATIO
    check_expansion(len(data), rows * columns * samples * depth, ratio)


def _webp_canvas(data: bytes) -> tuple[int, int]:
    """(rows, columns) from the first chunk of a WebP file, RFC 9649; (1, 1) where it is of no known kind."""

    def little(start: int, end: int) -> int:
        return int.from_bytes(data[start:end], "little")

    if data[12:16] == b"VP8X":
        return little(27, 30) + 1, little(24, 27) + 1
    if data[12:16] == b"VP8L":
        sides = little(21, 25)
        return (sides >> 14 & 0x3FFF) + 1, (sides & 0x3FFF) + 1
    if data[12:16] == b"VP8 ":
        return little(28, 30) & 0x3FFF, little(26, 28) & 0x3FFF
    return 1, 1


def _is_turned(picture: Image.Image) -> bool:
    try:
        return picture.getexif().get(_ORIENTATION, 1) in range(2, 9)
    except Exception:  # damaged EXIF says nothing of the pixels
        return False


def _photometric(picture: Image.Image) -> str:
    """DICOM's word for how the file stores its grey or colour values."""
    tags = getattr(picture, "tag_v2", None)
    if tags is not None and tags.get(_TIFF_PHOTOMETRIC) == _WHITE_IS_ZERO:
        return "MONOCHROME1"
    if picture.mode in ("P", "PA"):
        return "PALETTE COLOR"
    return "MONOCHROME2" if picture.mode[0] in "LI1F" and picture.mode != "LAB" else "RGB"


def _bits(picture: Image.Image) -> int:
    """Significant bits of a grey value.

    Raises:
        UnsupportedFile: pictures of one bit, or of floating-point numbers.
    """
    if picture.mode == "1":
        raise UnsupportedFile(
            "This picture has only black and white, no grey. Export the radiograph with its grey values."
        )
    if picture.mode == "F":
        raise UnsupportedFile(
            "The grey values of this picture are fractions without a known scale. "
            "Export the radiograph as DICOM or as a 16-bit PNG."
        )
    if not picture.mode.startswith("I"):
        return 8
    tags = getattr(picture, "tag_v2", None)
    stored = tags.get(_TIFF_BITS, (16,))[0] if tags is not None else 16
    return stored if 8 < stored <= 16 else 16


def _eight_bit_grey(picture: Image.Image, notices: list[Notice]) -> NDArray[np.uint16]:
    if picture.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in picture.info:
        picture = picture.convert("RGBA")
        lowest_alpha = picture.getchannel("A").getextrema()[0]
        if lowest_alpha != 255:
            notices.append(Notice("transparent"))
            picture = Image.alpha_composite(Image.new("RGBA", picture.size, (0, 0, 0, 255)), picture)
        picture = picture.convert("RGB")
    if picture.mode != "L":
        colours = np.asarray(picture.convert("RGB"))
        if (colours[..., 0] != colours[..., 1]).any() or (colours[..., 1] != colours[..., 2]).any():
            notices.append(Notice("colour"))
        picture = picture.convert("RGB").convert("L")
    return np.asarray(picture).astype(np.uint16)


def _deep_grey(picture: Image.Image) -> NDArray[np.uint16]:
    values = np.asarray(picture)
    if values.min() < 0 or values.max() > 65535:
        raise UnsupportedFile(
            "The grey values of this picture lie outside 0 to 65535. Export the radiograph as a 16-bit image."
        )
    return values.astype(np.uint16)
