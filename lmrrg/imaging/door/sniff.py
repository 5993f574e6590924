"""What a file is, by its first bytes and never by its name.

Knows signatures only; what it calls ``"DICOM"`` may still turn out damaged.
"""

import re

from lmrrg.errors import UnreadableFile, UnsupportedFile

HEAD_BYTES = 256

_OTHERS = (
    (b"PK\x03\x04", "a ZIP archive", "Unpack it and give the images one by one"),
    (b"\x1f\x8b", "a gzip archive", "Unpack it and give the images one by one"),
    (b"Rar!", "a RAR archive", "Unpack it and give the images one by one"),
    (b"7z\xbc\xaf\x27\x1c", "a 7-Zip archive", "Unpack it and give the images one by one"),
    (b"%PDF", "a PDF document", "Export the radiograph itself, as DICOM or PNG"),
    (b"GIF8", "a GIF picture", "Export the radiograph as DICOM or PNG"),
    (b"\x00\x00\x00\x0cjP  ", "a JPEG 2000 picture without its DICOM file", "Give the DICOM file"),
    (b"\xff\x4f\xff\x51", "a JPEG 2000 picture without its DICOM file", "Give the DICOM file"),
)

# A DICOM data set without the preamble opens with a low group of even number: (0002,…) or (0008,…), then an
# explicit value representation (two capitals) or a 32-bit length, of which the highest byte is zero here.
_BARE_LITTLE = re.compile(rb"[\x02\x08]\x00..(?:[A-Z]{2}|..\x00\x00)", re.DOTALL)
_BARE_BIG = re.compile(rb"\x00[\x02\x08]..[A-Z]{2}", re.DOTALL)


def format_of(data: bytes) -> str:
    """``"DICOM"``, ``"PNG"``, ``"JPEG"``, ``"TIFF"``, ``"BMP"`` or ``"WEBP"``.

    Raises:
        UnsupportedFile: another format that we recognise; the message says which.
        UnreadableFile: none that we know.
    """
    head = data[:HEAD_BYTES]
    if head[128:132] == b"DICM":
        return "DICOM"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head[:4] in (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"):
        return "TIFF"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "WEBP"
    for signature, what, advice in _OTHERS:
        if head.startswith(signature):
            raise UnsupportedFile(f"This is {what}, not a radiograph. {advice}.")
    if head[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif"):
        raise UnsupportedFile(
            "This is a telephone's photograph (HEIC or AVIF). Export the radiograph as DICOM."
        )
    if head.startswith(b"BM") and head[6:10] == b"\x00\x00\x00\x00":
        return "BMP"
    if _BARE_LITTLE.match(head) or _BARE_BIG.match(head):
        return "DICOM"
    raise UnreadableFile(
        "The file is in no image format that is known here. Give a DICOM, PNG, JPEG, TIFF, BMP or WebP file."
    )
