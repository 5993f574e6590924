"""How much a file may ask for, checked before a single pixel is decoded.

Knows sizes only, no file format.
"""

import stat
import zlib
from pathlib import Path

from lmrrg.errors import FileTooLarge, UnreadableFile, UnsupportedFile

MAX_BYTES = 256 * 1024 * 1024
MAX_SAMPLES = 100_000_000
"""Rows × columns × samples. The largest detectors give 20 million, scanned film 40 million."""
_INFLATE_STEP = 16 * 1024 * 1024


def read_bounded(source: Path | bytes) -> bytes:
    """All bytes of ``source``, which is not followed if it is a device, a pipe or a folder.

    Raises:
        FileTooLarge: over ``MAX_BYTES``.
        UnreadableFile: no such file, no right to read it, or empty.
        UnsupportedFile: a folder or something else that is not a file.
    """
    if isinstance(source, bytes):
        data = source
    else:
        try:
            mode = source.stat().st_mode
            if stat.S_ISDIR(mode):
                raise UnsupportedFile("This is a folder. Give the image files in it, one by one.")
            if not stat.S_ISREG(mode):
                raise UnsupportedFile("This is not a file. Give an image file.")
            with source.open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except FileNotFoundError:
            raise UnreadableFile("There is no such file. Check its name and folder.") from None
        except OSError:
            raise UnreadableFile(
                "The file cannot be read. Check that you have the right to open it."
            ) from None
    if not data:
        raise UnreadableFile("The file is empty. Export or send it again.")
    if len(data) > MAX_BYTES:
        raise FileTooLarge(
            f"The file is larger than {MAX_BYTES // 2**20} MB, more than a radiograph needs. "
            "Export a single image."
        )
    return data


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


def inflate(data: bytes) -> bytes:
    """Undo raw deflate, as DICOM's deflated transfer syntax uses it, within ``MAX_BYTES``.

    Raises:
        FileTooLarge: it unpacks to more.
        UnreadableFile: it is damaged or cut off.
    """
    machine = zlib.decompressobj(-zlib.MAX_WBITS)
    parts, total = [], 0
    while not machine.eof:
        try:
            part = machine.decompress(data, _INFLATE_STEP)
        except zlib.error:
            raise UnreadableFile("The compressed part of the file is damaged. Send it again.") from None
        data = machine.unconsumed_tail
        if not part and not data and not machine.eof:
            raise UnreadableFile("The file has been cut off. Send it again.")
        parts.append(part)
        total += len(part)
        if total > MAX_BYTES:
            raise FileTooLarge(
                f"The file unpacks to more than {MAX_BYTES // 2**20} MB. "
                "Export it uncompressed if it is genuine."
            )
    return b"".join(parts)
