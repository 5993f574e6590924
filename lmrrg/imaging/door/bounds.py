"""How much a file may ask for, checked before a single pixel is decoded.

Knows sizes only, no file format. Two rules: no image of more samples than any radiograph has, and no large
image out of next to nothing; the second one is what a decompression bomb breaks.
"""

import stat
import zlib
from pathlib import Path

from lmrrg.errors import FileTooLarge, UnreadableFile, UnsupportedFile

MAX_BYTES = 256 * 1024 * 1024
MAX_SAMPLES = 64_000_000
"""Rows × columns × samples. The largest detectors give 20 million, scanned film 40 million."""
HARMLESS_BYTES = 32 * 1024 * 1024
"""An image that unpacks to less than this is let in however small its file is."""
LOSSLESS_RATIO, LOSSY_RATIO = 50, 1000
"""How far a large image may have shrunk. Radiographs shrink to a fifth without loss and to a hundredth with."""
MAX_INFLATED = 2 * MAX_SAMPLES + 16 * 1024 * 1024
_INFLATE_STEP = 4 * 1024 * 1024


def read_bounded(source: Path | bytes) -> bytes:
    """All bytes of ``source``, which is not followed if it is a device, a pipe or a folder.

    Raises:
        FileTooLarge: over ``MAX_BYTES``.
        UnreadableFile: no such file, no right to read it, or empty.
        UnsupportedFile: a folder or something else that is not a file.
    """
    data = source if isinstance(source, bytes) else read_head(source, MAX_BYTES + 1)
    if not data:
        raise UnreadableFile("The file is empty. Export or send it again.")
    if len(data) > MAX_BYTES:
        raise FileTooLarge(
            f"The file is larger than {MAX_BYTES // 2**20} MB, more than a radiograph needs. "
            "Export a single image."
        )
    return data


def read_head(path: Path, size: int) -> bytes:
    """The first ``size`` bytes of a file, or all where it has fewer; raises as ``read_bounded``, but for its size."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            raise UnsupportedFile("This is a folder. Give the image files in it, one by one.")
        if not stat.S_ISREG(mode):
            raise UnsupportedFile("This is not a file. Give an image file.")
        with path.open("rb") as file:
            return file.read(size)
    except FileNotFoundError:
        raise UnreadableFile("There is no such file. Check its name and folder.") from None
    except OSError:
        raise UnreadableFile("The file cannot be read. Check that you have the right to open it.") from None


def check_extent(rows: int, columns: int, samples: int = 1) -> None:
    """Refuse what the header claims before anything is allocated for it.

    Raises:
        UnreadableFile: a side is not positive.
        FileTooLarge: over ``MAX_SAMPLES``.
    """
    if min(rows, columns, samples) < 1:
        raise UnreadableFile("The file says that its image has no pixels. Export or send it again.")
    if rows * columns * samples > MAX_SAMPLES:
        raise FileTooLarge(
            f"The file claims an image of {columns} × {rows} pixels, more than any radiograph has. "
            "Export it at its own resolution."
        )


def check_expansion(packed: int, unpacked: int, ratio: int = LOSSLESS_RATIO) -> None:
    """Refuse ``packed`` bytes that claim to become ``unpacked`` ones, more than ``ratio`` times as many.

    Raises:
        FileTooLarge: so, and ``unpacked`` is over ``HARMLESS_BYTES``.
    """
    if unpacked > HARMLESS_BYTES and unpacked > ratio * packed:
        raise FileTooLarge(
            f"The file would unpack to {unpacked // max(packed, 1)} times its size, as no radiograph does. "
            "Export it uncompressed if it is genuine."
        )


def inflate(data: bytes) -> bytes:
    """Undo raw deflate, as DICOM's deflated transfer syntax uses it, within ``MAX_INFLATED``.

    Raises:
        FileTooLarge: it unpacks to more, or to more than a radiograph can.
        UnreadableFile: it is damaged or cut off.
    """
    machine = zlib.decompressobj(-zlib.MAX_WBITS)
    given, inflated = len(data), bytearray()
    while not machine.eof:
        try:
            part = machine.decompress(data, _INFLATE_STEP)
        except zlib.error:
            raise UnreadableFile("The compressed part of the file is damaged. Send it again.") from None
        data = machine.unconsumed_tail
        if not part and not data and not machine.eof:
            raise UnreadableFile("The file has been cut off. Send it again.")
        inflated += part
        check_expansion(given - len(data), len(inflated))
        if len(inflated) > MAX_INFLATED:
            raise FileTooLarge(
                f"The file unpacks to more than {MAX_INFLATED // 2**20} MB. "
                "Export it uncompressed if it is genuine."
            )
    return bytes(inflated)
