"""DICOM → radiograph, with the grey values in the order that the standard asks for.

Modality LUT or rescale, then VOI LUT or window, then MONOCHROME1 turned round. The stored values are kept
exactly wherever the first two are straight lines: the file's window is carried back through the rescale to
the unit of the pixels, so that the viewer can window on its own; a negative slope turns the grey scale
round; signed values are shifted up by half of their range. Tables (modality LUT, VOI LUT without a window)
are applied. A sigmoid window is approximated by the straight one of the same centre and slope. Several
windows: the first one that shows anything counts, and all such are offered.

Knows nothing about networks or DICOM beyond one image: no presentation states, overlays or ICC profiles.
"""

from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import dcmread
from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset
from pydicom.pixels.processing import apply_color_lut
from pydicom.uid import DeflatedExplicitVRLittleEndian

from lmrrg.errors import UnreadableFile
from lmrrg.imaging.dicom import tags
from lmrrg.imaging.dicom.deidentify import header_of
from lmrrg.imaging.dicom.objects import require_radiograph
from lmrrg.imaging.dicom.pixels import decode_stored
from lmrrg.imaging.dicom.tables import table_of
from lmrrg.imaging.door.bounds import inflate
from lmrrg.imaging.door.header import Header
from lmrrg.imaging.grey import (
    Window,
    estimated_window,
    full_window,
    grey_of_colour,
    invert,
    shows_something,
)
from lmrrg.notices import Notice
from lmrrg.study import NamedWindow, RadiographImage

# What makers call their windows; any other words of a file are not passed on.
WINDOW_NAMES = (
    *("NORMAL", "HARDER", "SOFTER", "HARD", "SOFT", "DEFAULT", "STANDARD", "WIDE", "NARROW", "FULL"),
    *("OPTIMAL", "CHEST", "LUNG", "LUNGS", "MEDIASTINUM", "BONE", "SPINE", "RIBS", "HEART", "LINES"),
)
MOST_WINDOWS = 8
# Preamble and the one element of file meta information that says: explicit VR, little endian.
_PLAIN_HEADER = bytes(128) + b"DICM" + b"\x02\x00\x10\x00UI\x14\x00" + b"1.2.840.10008.1.2.1\x00"
_GREY = ("MONOCHROME1", "MONOCHROME2")
_COLOUR = ("RGB", "YBR_FULL", "YBR_FULL_422", "YBR_PARTIAL_422", "YBR_PARTIAL_420", "YBR_ICT", "YBR_RCT")
_PALETTE = "PALETTE COLOR"


def decode_dicom(data: bytes) -> tuple[RadiographImage, Header]:
    """Decode one DICOM file: its picture, and what else it says as far as anyone may know it.

    Raises:
        FileTooLarge, UnreadableFile, UnsupportedFile: see ``errors``. Damage that nothing here foresaw
            surfaces as whatever pydicom or its decoders raise.
    """
    dataset = _read(data)
    kind = require_radiograph(dataset)
    photometric = tags.word(dataset, "PhotometricInterpretation")
    view = tags.view_of(dataset)
    spacing, plane = tags.spacing_of(dataset) or (None, None)
    notices = tags.notices_of(dataset, view, spacing)
    if kind not in ("CR", "DX", "RG"):
        notices.insert(0, Notice("kind_unsaid"))
    stored = decode_stored(dataset)
    windows: tuple[NamedWindow, ...] = ()
    if photometric in _GREY and stored.ndim == 2:
        pixels, bits, windows = _grey(dataset, stored, photometric == "MONOCHROME1", notices)
        window = windows[0].window
    elif photometric == _PALETTE and stored.ndim == 2:
        pixels, bits = _from_colour(apply_color_lut(stored, dataset), None, notices)
        window = full_window(bits)
    elif photometric in _COLOUR and stored.ndim == 3:
        pixels, bits = _from_colour(stored, tags.whole(dataset, "BitsStored", 0), notices)
        window = full_window(bits)
    else:
        raise UnreadableFile(
            "The file contradicts itself on whether its image is grey or coloured. Send it again."
        )
    image = RadiographImage(
        pixels=pixels,
        bits=bits,
        window=window,
        kind=kind,
        photometric=photometric,
        view=view,
        pixel_spacing_mm=spacing,
        spacing_plane=plane,
        windows=windows if len(windows) > 1 else (),
        notices=tuple(notices),
    )
    return image, header_of(dataset)


def _read(data: bytes) -> Dataset:
    """Parse the file; the deflated transfer syntax is inflated here, within bounds, and not by pydicom."""
    has_preamble = data[128:132] == b"DICM"
    if has_preamble:
        file = BytesIO(data)
        file.seek(132)
        meta = read_dataset(file, False, True, stop_when=lambda tag, _vr, _length: tag.group != 2)
        if str(meta.get("TransferSyntaxUID", "")) == DeflatedExplicitVRLittleEndian:
            data = _PLAIN_HEADER + inflate(data[file.tell() :])
    return dcmread(BytesIO(data), force=not has_preamble)


def _from_colour(
    colour: NDArray[Any], bits_stored: int | None, notices: list[Notice]
) -> tuple[NDArray[np.uint16], int]:
    """``[rows, columns, 3]`` of any unsigned type → grey ``[rows, columns]`` and its bits."""
    allocated = 8 * colour.dtype.itemsize
    bits = bits_stored if bits_stored and bits_stored <= allocated else allocated
    if bits > 16:
        colour, bits = colour >> (bits - 16), 16
        notices.append(Notice("lowest_bits_dropped"))
    grey, coloured = grey_of_colour(colour.astype(np.uint16))
    if coloured:
        notices.append(Notice("colour"))
    return grey, _enough_bits(int(grey.max()), bits, notices)


def _grey(
    dataset: Dataset, stored: NDArray[Any], bone_is_dark: bool, notices: list[Notice]
) -> tuple[NDArray[np.uint16], int, tuple[NamedWindow, ...]]:
    """Stored values ``[rows, columns]`` → pixels, bits and windows, by the order in this module's first lines.

    The windows are at least one.
    """
    signed = bool(stored.dtype.kind == "i")
    pixels, bits, step, base = _unsigned(stored, tags.whole(dataset, "BitsStored", 0), notices)
    padding = _padding(dataset, stored)
    slope, intercept = tags.number(dataset, "RescaleSlope"), tags.number(dataset, "RescaleIntercept")
    slope, intercept = slope or 1.0, intercept or 0.0
    slope, intercept = (
        slope * step,
        slope * base + intercept,
    )  # now from our pixels, no longer from stored values

    modality_table = table_of(dataset, "ModalityLUTSequence", signed)
    if modality_table is not None:
        values = np.arange(2**bits, dtype=np.int64) * step + base
        pixels, bits = modality_table.lookup(values)[pixels], modality_table.bits
        slope, intercept = 1.0, 0.0

    named = _file_windows(dataset, slope, intercept)
    voi_table = None if named else table_of(dataset, "VOILUTSequence", signed)
    if voi_table is not None:
        values = np.rint(np.arange(2**bits) * slope + intercept).astype(np.int64)
        pixels, bits = voi_table.lookup(values)[pixels], voi_table.bits
        slope, named = 1.0, [NamedWindow("", full_window(bits))]
    windows = [one for one in named if shows_something(one.window, pixels)]
    if not windows:
        notices.append(Notice("window_misses" if named else "no_window"))
        windows = [NamedWindow("", estimated_window(pixels, padding))]

    if (slope < 0) != bone_is_dark:
        top = 2**bits - 1
        windows = [NamedWindow(one.name, (top - one.window[0], one.window[1])) for one in windows]
        invert(pixels, bits)
    return pixels, bits, tuple(windows)


def _unsigned(
    stored: NDArray[Any], bits_stored: int, notices: list[Notice]
) -> tuple[NDArray[np.uint16], int, int, int]:
    """(pixels, bits, step, base) with stored value = pixel · step + base, pixels in 0 … 2**bits − 1."""
    allocated = 8 * stored.dtype.itemsize
    bits = bits_stored if 0 < bits_stored <= allocated else allocated
    low, high = int(stored.min()), int(stored.max())
    if stored.dtype.kind == "i":
        bits = _enough_bits(max(high, -low - 1), bits - 1, notices) + 1
        base = -(2 ** (bits - 1))
    else:
        bits = _enough_bits(high, bits, notices)
        base = 0
    if bits <= 16:
        pixels = stored.astype(np.uint16)  # two's complement wraps: adding half the range brings it back
        pixels -= np.uint16(base % 2**16)
        return pixels, bits, 1, base
    notices.append(Notice("lowest_bits_dropped"))
    return ((stored.astype(np.int64) - base) >> (bits - 16)).astype(np.uint16), 16, 2 ** (bits - 16), base


def _enough_bits(highest: int, bits: int, notices: list[Notice]) -> int:
    if highest < 2**bits:
        return bits
    notices.append(Notice("bits_exceeded"))
    return highest.bit_length()


def _padding(dataset: Dataset, stored: NDArray[Any]) -> NDArray[np.bool_] | None:
    """Where the file says that there is no image: bool ``[rows, columns]``, or None where it says nothing."""
    first = tags.number(dataset, "PixelPaddingValue")
    if first is None:
        return None
    last = tags.number(dataset, "PixelPaddingRangeLimit")
    low, high = sorted((first, first if last is None else last))
    marked: NDArray[np.bool_] = (stored >= low) & (stored <= high)
    return marked


def _file_windows(dataset: Dataset, slope: float, intercept: float) -> list[NamedWindow]:
    """The file's windows in the unit of our pixels, as (centre, width) of an exact straight line, each once.

    PS3.3 C.11.2.1.2: the function LINEAR is the straight line about centre − ½ of the width − 1; LINEAR_EXACT
    is meant as written, and so is a SIGMOID's slope at its centre.
    """
    centres, widths = tags.numbers(dataset, "WindowCenter"), tags.numbers(dataset, "WindowWidth")
    names = tags.words(dataset, "WindowCenterWidthExplanation")
    linear = tags.word(dataset, "VOILUTFunction") in ("", "LINEAR")
    found: dict[Window, str] = {}
    for number, (centre, width) in enumerate(zip(centres, widths, strict=False)):
        if width <= 0:
            continue
        if linear and width >= 1:
            centre, width = centre - 0.5, max(width - 1, 1.0)
        name = names[number] if number < len(names) and names[number] in WINDOW_NAMES else ""
        found.setdefault(((centre - intercept) / slope, width / abs(slope)), name.lower())
    return [NamedWindow(name, window) for window, name in list(found.items())[:MOST_WINDOWS]]
