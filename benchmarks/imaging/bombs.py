"""Small files that become huge: each must be refused within 2 seconds and 512 MB.

    python -m benchmarks.imaging.bombs

Every format that can is given twice: with a header that claims more than the bounds, and with a blank image just
within them, whose few bytes would become a hundred megabytes. Each file is decoded in a child that is limited as the
decoder's children are; time is the child's own (CPU), memory its greatest resident size, libraries included. Prints
a table, and exits with 1 if one was let through the bounds or went over them.
"""

import json
import os
import resource
import struct
import sys
import zlib
from io import BytesIO

import jpeg_ls
import numpy as np
from PIL import Image
from pydicom.uid import (
    JPEG2000,
    DeflatedExplicitVRLittleEndian,
    JPEGBaseline8Bit,
    JPEGLSLossless,
    RLELossless,
)

from benchmarks.imaging.sample_files import as_bytes, dicom, wrapped
from lmrrg.imaging.door import decoder
from lmrrg.imaging.door.bounds import MAX_SAMPLES

SECONDS, MEGABYTES = 2.0, 512
SIDE = int(MAX_SAMPLES**0.5)


def png(rows: int, columns: int, bits: int) -> bytes:
    """A blank PNG, deflated row by row, so that making it takes no memory."""
    machine = zlib.compressobj(9)
    row = bytes(1 + columns * bits // 8)
    body = b"".join(machine.compress(row) for _ in range(rows)) + machine.flush()
    header = struct.pack(">IIBBBBB", columns, rows, bits, 0, 0, 0, 0)
    chunks = (b"IHDR" + header, b"IDAT" + body, b"IEND")
    packed = (struct.pack(">I", len(one) - 4) + one + struct.pack(">I", zlib.crc32(one)) for one in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def picture(kind: str, rows: int, columns: int, mode: str = "L", **options) -> bytes:
    file = BytesIO()
    Image.new(mode, (columns, rows)).save(file, kind, **options)
    return file.getvalue()


def run_length_bmp(rows: int, columns: int) -> bytes:
    body = bytes((255, 0)) * (rows * columns // 255) + b"\0\1"
    start = 14 + 40 + 1024
    header = struct.pack("<IiiHHIIiiII", 40, columns, rows, 1, 8, 1, len(body), 0, 0, 256, 0)
    return b"BM" + struct.pack("<IHHI", start + len(body), 0, 0, start) + header + bytes(1024) + body


def blank(side: int = 4):
    return dicom(np.zeros((side, side), dtype=np.uint16))


def in_dicom(frame: bytes, syntax: str, rows: int, columns: int, bits: int) -> bytes:
    dataset = blank()
    dataset.Rows, dataset.Columns = rows, columns
    return wrapped(dataset, frame, syntax, bits)


def run_lengths(rows: int, columns: int) -> bytes:
    segment = b"\x81\x00" * (rows * columns // 128)
    return struct.pack("<16I", 2, 64, 64 + len(segment), *[0] * 13) + 2 * segment


def deflated_dicom(megabytes: int) -> bytes:
    """A data set of one element of zeros, deflated; the element claims no more than it holds."""
    whole = as_bytes(dicom(np.zeros((4, 4), dtype=np.uint16), DeflatedExplicitVRLittleEndian))
    start = 144 + struct.unpack_from("<I", whole, 140)[0]  # by the length of the file meta information
    plain = zlib.decompress(whole[start:], -15)
    head = plain[: plain.index(b"\xe0\x7f\x10\x00")]
    machine = zlib.compressobj(9, zlib.DEFLATED, -15)
    body = machine.compress(head + b"\xe0\x7f\x10\x00OW\0\0" + struct.pack("<I", megabytes << 20))
    body += b"".join(machine.compress(bytes(1 << 20)) for _ in range(megabytes)) + machine.flush()
    return whole[:start] + body


def bombs() -> dict[str, bytes]:
    side, wide = SIDE, int((MAX_SAMPLES / 3) ** 0.5)
    blank_ls = jpeg_ls.encode_array(np.zeros((side, side), dtype=np.uint8))
    return {
        "PNG, 8 bit, blank": png(side, side, 8),
        "PNG, 16 bit, blank": png(side, side, 16),
        "PNG claiming 60000 × 60000": png(4, 4, 8)[:16] + _png_size(60000, 60000) + png(4, 4, 8)[33:],
        "TIFF, deflated, blank": picture("TIFF", side, side, compression="tiff_adobe_deflate"),
        "TIFF, LZW, blank": picture("TIFF", side, side, compression="tiff_lzw"),
        "TIFF, PackBits, blank": picture("TIFF", side, side, compression="packbits"),
        "WebP, lossless, blank": picture("WEBP", wide, wide, "RGB", lossless=True),
        "WebP, lossless, 16383 × 16383": picture("WEBP", 16383, 2048, "RGB", lossless=True),
        "BMP, run lengths, blank": run_length_bmp(side, side),
        "JPEG, blank": picture("JPEG", side, side),
        "JPEG, progressive, blank": picture("JPEG", side, side, progressive=True),
        "DICOM, run lengths, blank": in_dicom(run_lengths(side, side), RLELossless, side, side, 16),
        "DICOM, run lengths, 10000 × 10000": in_dicom(
            run_lengths(10000, 10000), RLELossless, 10000, 10000, 16
        ),
        "DICOM, JPEG 2000, blank": in_dicom(picture("JPEG2000", side, side), JPEG2000, side, side, 8),
        "DICOM, JPEG-LS, blank": in_dicom(blank_ls, JPEGLSLossless, side, side, 8),
        "DICOM, JPEG, blank": in_dicom(picture("JPEG", side, side), JPEGBaseline8Bit, side, side, 8),
        "DICOM, deflated, 1 GB": deflated_dicom(1024),
    }


def _png_size(rows: int, columns: int) -> bytes:
    header = struct.pack(">IIBBBBB", columns, rows, 8, 0, 0, 0, 0)
    return header + struct.pack(">I", zlib.crc32(b"IHDR" + header))


def outcome_of(data: bytes) -> tuple[str, float, float]:
    """(answer, CPU seconds, megabytes) of a limited child that decodes ``data``."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        decoder.limit_this_process()
        answer = BytesIO()
        decoder.answer(BytesIO(data), answer)
        os.write(writing, answer.getvalue()[:65536].split(b"\n")[0])
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as told:
        words = told.read().decode("utf-8", "replace")
    _, _, used = os.wait4(child, 0)
    return words, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024


def main() -> int:
    decoder._load_libraries()
    files = bombs()
    print(f"{'file':38s} {'kB':>7s} {'CPU s':>6s} {'MB':>5s}  outcome")
    bad = 0
    for name, data in files.items():
        words, seconds, megabytes = outcome_of(data)
        told = json.loads(words)
        good = seconds <= SECONDS and megabytes <= MEGABYTES
        bad += not good
        outcome = told["message"].split(" Export")[0] if "error" in told else "opened"
        print(
            f"{name:38s} {len(data) / 1000:7.0f} {seconds:6.2f} {megabytes:5.0f}  {'' if good else 'OVER: '}{outcome}"
        )
    print(f"{len(files)} files, {bad} over {SECONDS} s or {MEGABYTES} MB")
    return 1 if bad else 0


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.exit(main())
