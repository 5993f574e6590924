"""Small files that would become huge are refused for what their headers say; nothing is decoded."""

import struct
import time
import zlib

import numpy as np
import pytest
from PIL import Image
from pydicom.encaps import encapsulate
from pydicom.uid import RLELossless

from lmrrg.errors import FileTooLarge
from lmrrg.imaging import open_radiograph
from lmrrg.imaging.door.bounds import check_expansion

SIDE = 7000


def blank_png() -> bytes:
    machine = zlib.compressobj(9)
    body = b"".join(machine.compress(bytes(1 + SIDE)) for _ in range(SIDE)) + machine.flush()
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 0, 0, 0, 0)
    chunks = (b"IHDR" + header, b"IDAT" + body, b"IEND")
    packed = (struct.pack(">I", len(one) - 4) + one + struct.pack(">I", zlib.crc32(one)) for one in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def blank_tiff(tmp_path, compression: str) -> bytes:
    Image.new("L", (SIDE, SIDE)).save(tmp_path / "blank", "TIFF", compression=compression)
    return (tmp_path / "blank").read_bytes()


def blank_run_lengths(dicom) -> bytes:
    segment = b"\x81\x00" * (SIDE * SIDE // 128)
    frame = struct.pack("<16I", 2, 64, 64 + len(segment), *[0] * 13) + 2 * segment
    grey = np.zeros((2, 2), dtype=np.uint16)
    return dicom(grey, RLELossless, encapsulate([frame]), Rows=SIDE, Columns=SIDE)


@pytest.mark.parametrize("kind", ["PNG", "TIFF, deflated", "TIFF, LZW", "run lengths"])
def test_a_blank_image_of_a_few_bytes_is_refused_at_once(kind, dicom, tmp_path):
    made = {
        "PNG": blank_png,
        "TIFF, deflated": lambda: blank_tiff(tmp_path, "tiff_adobe_deflate"),
        "TIFF, LZW": lambda: blank_tiff(tmp_path, "tiff_lzw"),
        "run lengths": lambda: blank_run_lengths(dicom),
    }
    data = made[kind]()
    began = time.process_time()
    with pytest.raises(FileTooLarge, match="times its size"):
        open_radiograph(data)
    assert time.process_time() - began < 2


@pytest.mark.parametrize(
    ("packed", "unpacked", "refused"),
    [(1, 32 << 20, False), (1 << 20, 33 << 20, False), (600_000, 33 << 20, True), (1 << 20, 50 << 20, False)],
    ids=["harmless", "a radiograph", "too small", "just so"],
)
def test_how_far_a_large_image_may_have_shrunk(packed, unpacked, refused):
    if refused:
        with pytest.raises(FileTooLarge):
            check_expansion(packed, unpacked)
    else:
        check_expansion(packed, unpacked)
