"""Damaged, lying and cut files, made from good ones by a seeded generator. Knows layouts, opens nothing.

``mutated(seed files, number)`` gives the same bytes for the same number. Six ways, one to three of them at once:
flipped bytes, cuts, runs overwritten or moved, surgery on DICOM elements, huge dimensions, lying lengths.
"""

import struct
import zlib
from collections.abc import Sequence

import numpy as np

# group, element of what decides how pixels are read, with the values that a hostile file would give them
_NUMBERS = {
    (0x0028, 0x0002): (0, 1, 2, 3, 4, 65535),  # SamplesPerPixel
    (0x0028, 0x0010): (0, 1, 7, 8000, 65535),  # Rows
    (0x0028, 0x0011): (0, 1, 7, 8000, 65535),  # Columns
    (0x0028, 0x0100): (0, 1, 8, 12, 16, 32, 64, 65535),  # BitsAllocated
    (0x0028, 0x0101): (0, 1, 7, 13, 16, 33, 65535),  # BitsStored
    (0x0028, 0x0102): (0, 15, 31, 65535),  # HighBit
    (0x0028, 0x0103): (0, 1, 2, 65535),  # PixelRepresentation
    (0x0028, 0x0006): (0, 1, 9),  # PlanarConfiguration
}
_WORDS = (b"MONOCHROME1", b"MONOCHROME2", b"PALETTE COLOR", b"RGB", b"YBR_FULL_422", b"YBR_ICT")
_JPEG_FAMILY = (50, 51, 57, 70, 80, 81, 90, 91, 92, 201, 203)
_SYNTAXES = ("1.2", "1.2.1", "1.2.1.99", "1.2.2", "1.2.5", *(f"1.2.4.{number}" for number in _JPEG_FAMILY))
_LENGTHS = (0, 1, 0x7FFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF)


def mutated(files: Sequence[bytes], number: int, seed: int = 0) -> bytes:
    """File ``number`` of the series ``seed``: one of ``files``, damaged."""
    rng = np.random.default_rng((seed, number))
    data = bytearray(files[rng.integers(len(files))])
    ways = (_flip, _cut, _overwrite, _surgery, _enlarge, _lie)
    for _ in range(rng.integers(1, 4)):
        if len(data) > 1:
            data = ways[rng.integers(len(ways))](data, rng)
    return bytes(data)


def _place(data: bytearray, rng: np.random.Generator) -> int:
    """Anywhere, but in the first two kilobytes half of the time: that is where the structure is."""
    end = min(len(data), 2048) if rng.random() < 0.5 else len(data)
    return int(rng.integers(end))


def _flip(data: bytearray, rng: np.random.Generator) -> bytearray:
    for _ in range(rng.integers(1, 12)):
        data[_place(data, rng)] = rng.integers(256)
    return data


def _cut(data: bytearray, rng: np.random.Generator) -> bytearray:
    start = _place(data, rng)
    return data[:start] if rng.random() < 0.5 else data[:start] + data[start + int(rng.integers(1, 64)) :]


def _overwrite(data: bytearray, rng: np.random.Generator) -> bytearray:
    start, length = _place(data, rng), int(rng.integers(1, 2000))
    run = bytes([rng.choice([0, 255, rng.integers(256)])]) * length
    if rng.random() < 0.3:
        source = _place(data, rng)
        run = bytes(data[source : source + length])
    if rng.random() < 0.3:
        return data[:start] + run + data[start:]
    data[start : start + length] = run
    return data


def _surgery(data: bytearray, rng: np.random.Generator) -> bytearray:
    """Another value for an element that decides how pixels are read; other files are flipped instead."""
    if data[128:132] != b"DICM":
        return _flip(data, rng)
    kind = rng.integers(4)
    if kind == 0:
        old = _WORDS[rng.integers(len(_WORDS))]
        return data.replace(old, _WORDS[rng.integers(len(_WORDS))][: len(old)].ljust(len(old)), 1)
    if kind == 1:
        start = data.find(b"1.2.840.10008.1.2", 132)
        syntax = f"1.2.840.10008.{_SYNTAXES[rng.integers(len(_SYNTAXES))]}".encode()
        end = start
        while start >= 0 and end < len(data) and data[end] in b"0123456789.":
            end += 1
        data[start:end] = syntax[: end - start].ljust(end - start, b"\0")
        return data
    (group, element), values = list(_NUMBERS.items())[rng.integers(len(_NUMBERS))]
    start = data.find(struct.pack("<HH", group, element), 132)
    if start >= 0 and start + 10 <= len(data):
        struct.pack_into("<H", data, start + 8, values[rng.integers(len(values))])
    return data


def _enlarge(data: bytearray, rng: np.random.Generator) -> bytearray:
    """A side of the picture as large as its field can hold."""
    rows, columns = (int(rng.choice([1, 9999, 16383, 40000, 65535, 2**31 - 1])) for _ in range(2))
    if data.startswith(b"\x89PNG") and len(data) > 33:
        struct.pack_into(">II", data, 16, columns, rows)
        struct.pack_into(">I", data, 29, zlib.crc32(data[12:29]))
    elif data.startswith(b"BM") and len(data) > 26:
        struct.pack_into("<ii", data, 18, columns, rows)
    elif data[:4] in (b"II*\0", b"MM\0*"):
        order = "<" if data[:2] == b"II" else ">"
        for tag, value in ((256, columns), (257, rows)):
            start = data.find(struct.pack(order + "HH", tag, 4))
            start = start if start >= 0 else data.find(struct.pack(order + "HH", tag, 3))
            if 0 <= start <= len(data) - 12:
                struct.pack_into(order + "HII", data, start + 2, 4, 1, value)
    else:
        for marker in (b"\xff\xc0", b"\xff\xc1", b"\xff\xc3", b"\xff\xf7"):
            start = data.find(marker)
            if 0 <= start <= len(data) - 9:
                struct.pack_into(">HH", data, start + 5, rows & 0xFFFF, columns & 0xFFFF)
        start = data.find(b"\xff\x4f\xff\x51")
        if 0 <= start <= len(data) - 16:
            struct.pack_into(">II", data, start + 8, columns, rows)
        for tag, value in ((0x0010, rows), (0x0011, columns)):
            start = data.find(struct.pack("<HH", 0x0028, tag))
            if 0 <= start <= len(data) - 10:
                struct.pack_into("<H", data, start + 8, value & 0xFFFF)
    return data


def _lie(data: bytearray, rng: np.random.Generator) -> bytearray:
    """A false length: of an element, a sequence, a chunk, or of whatever is there."""
    known = [data.find(mark) for mark in (b"\xe0\x7f\x10\x00", b"\xfe\xff\x00\xe0", b"IDAT", b"RIFF", b"VP8")]
    found = [place for place in known if place >= 0]
    start = (
        (found[rng.integers(len(found))] + int(rng.choice([4, 8, -4])))
        if found and rng.random() < 0.6
        else _place(data, rng)
    )
    start = max(0, min(start, len(data) - 4))
    lie = int(_LENGTHS[rng.integers(len(_LENGTHS))] if rng.random() < 0.7 else rng.integers(2**32))
    if len(data) >= 4:
        struct.pack_into("<I" if rng.random() < 0.7 else ">I", data, start, lie)
    return data
