"""The size and depth that a compressed picture inside a DICOM file claims for itself, read without decoding it.

A decoder believes the picture and not the DICOM header around it, so both must agree before it runs. Knows
the headers of JPEG, JPEG-LS and JPEG 2000 only.
"""

import struct
from dataclasses import dataclass

_J2K_START = b"\xff\x4f\xff\x51"
_NOT_A_FRAME = (0xC4, 0xC8, 0xCC)  # Huffman table, reserved, arithmetic conditioning
_LONGEST_SIZ = 42 + 3 * 16384
_WITHOUT_LENGTH = (0x01, *range(0xD0, 0xD9))


@dataclass(frozen=True, slots=True)
class Claim:
    """What a compressed picture says of itself. ``bits`` is the largest precision of its components."""

    rows: int
    columns: int
    components: int
    bits: int


def claim_of(frame: bytes) -> Claim | None:
    """The claim of a JPEG, JPEG-LS or JPEG 2000 picture; None where it is none of them."""
    try:
        if frame.startswith(b"\xff\xd8"):
            return _of_jpeg(frame)
        start = frame.find(_J2K_START, 0, 4096)
        return _of_j2k(frame[start : start + _LONGEST_SIZ]) if start >= 0 else None
    except (struct.error, IndexError):
        return None


def _of_jpeg(frame: bytes) -> Claim | None:
    """Walks the marker segments up to the frame header (SOF0…15, or SOF55 of JPEG-LS)."""
    position = 2
    while position < len(frame):
        if frame[position] != 0xFF:
            return None
        marker = frame[position + 1]
        if marker == 0xFF:  # fill byte
            position += 1
        elif marker in _WITHOUT_LENGTH:
            position += 2
        elif marker == 0xF7 or (0xC0 <= marker <= 0xCF and marker not in _NOT_A_FRAME):
            bits, rows, columns, components = struct.unpack_from(">BHHB", frame, position + 4)
            return Claim(rows, columns, components, bits)
        elif marker in (0xD9, 0xDA):  # the picture's data, or its end, before any header
            return None
        else:
            position += 2 + struct.unpack_from(">H", frame, position + 2)[0]
    return None


def _of_j2k(codestream: bytes) -> Claim:
    """From the SIZ segment, ISO/IEC 15444-1 A.5.1: the reference grid less its offset."""
    right, bottom, left, top = struct.unpack_from(">4I", codestream, 8)
    (components,) = struct.unpack_from(">H", codestream, 40)
    precisions = codestream[42 : 42 + 3 * components : 3]
    if not 1 <= components == len(precisions):
        raise IndexError("the segment is cut off")
    return Claim(bottom - top, right - left, components, max(byte & 0x7F for byte in precisions) + 1)
