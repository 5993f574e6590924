"""The size that a compressed picture inside a DICOM file claims for itself, read without decoding it.

A decoder believes the picture and not the DICOM header around it, so both must agree before it runs. Knows
the headers of JPEG, JPEG-LS and JPEG 2000 only.
"""

import struct

_J2K_START = b"\xff\x4f\xff\x51"
_NOT_A_FRAME = (0xC4, 0xC8, 0xCC)  # Huffman table, reserved, arithmetic conditioning
_WITHOUT_LENGTH = (0x01, *range(0xD0, 0xD9))


def claimed_size(frame: bytes) -> tuple[int, int, int] | None:
    """(rows, columns, components) of a JPEG, JPEG-LS or JPEG 2000 picture; None where it is none of them."""
    try:
        if frame.startswith(b"\xff\xd8"):
            return _jpeg_size(frame)
        start = frame.find(_J2K_START, 0, 4096)
        return _j2k_size(frame[start:]) if start >= 0 else None
    except (struct.error, IndexError):
        return None


def _jpeg_size(frame: bytes) -> tuple[int, int, int] | None:
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
            rows, columns, components = struct.unpack_from(">HHB", frame, position + 5)
            return (rows, columns, components)
        elif marker in (0xD9, 0xDA):  # the picture's data, or its end, before any header
            return None
        else:
            position += 2 + struct.unpack_from(">H", frame, position + 2)[0]
    return None


def _j2k_size(codestream: bytes) -> tuple[int, int, int]:
    """From the SIZ segment, ISO/IEC 15444-1 A.5.1: the reference grid less its offset."""
    right, bottom, left, top = struct.unpack_from(">4I", codestream, 8)
    (components,) = struct.unpack_from(">H", codestream, 40)
    return (bottom - top, right - left, components)
