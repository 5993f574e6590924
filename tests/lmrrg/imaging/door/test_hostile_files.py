"""Damaged, lying and exploding files: each ends in one of our errors, quickly."""

import struct
import time
import zlib
from io import BytesIO

import numpy as np
import pytest
from PIL import Image
from pydicom.encaps import encapsulate
from pydicom.uid import DeflatedExplicitVRLittleEndian, JPEG2000Lossless, JPEGBaseline8Bit, RLELossless

from benchmarks.imaging.mutations import mutated
from benchmarks.imaging.sample_files import samples
from lmrrg.errors import FileTooLarge, IntakeError, UnreadableFile, UnsupportedFile
from lmrrg.imaging import open_radiograph, receive_untrusted
from lmrrg.imaging.door import bounds

GREY = np.random.default_rng(3).integers(0, 256, (40, 50), dtype=np.uint8)


def encoded(kind: str) -> bytes:
    file = BytesIO()
    Image.fromarray(GREY).save(file, kind)
    return file.getvalue()


def png_claiming(columns: int, rows: int) -> bytes:
    header = b"IHDR" + struct.pack(">IIBBBBB", columns, rows, 8, 0, 0, 0, 0)
    body = b"IDAT" + zlib.compress(bytes(1000))
    chunks = [header, body, b"IEND"]
    packed = (struct.pack(">I", len(c) - 4) + c + struct.pack(">I", zlib.crc32(c)) for c in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(packed)


def test_a_picture_that_claims_too_much_is_refused_before_it_is_decoded():
    start = time.perf_counter()
    with pytest.raises(FileTooLarge, match="more"):
        open_radiograph(png_claiming(60000, 60000))
    with pytest.raises(FileTooLarge, match="10001 × 10000"):
        open_radiograph(png_claiming(10001, 10000))
    assert time.perf_counter() - start < 2


@pytest.mark.parametrize(
    "header",
    [
        b"VP8X" + struct.pack("<II", 10, 0) + (9999).to_bytes(3, "little") + (12344).to_bytes(3, "little"),
        b"VP8L" + struct.pack("<IBI", 99, 0x2F, 12344 << 14 | 9999),
        b"VP8 " + struct.pack("<I", 99) + b"\x30\x01\x00\x9d\x01\x2a" + struct.pack("<HH", 10000, 12345),
    ],
    ids=["extended", "lossless", "lossy"],
)
def test_a_webp_canvas_that_claims_too_much(header):
    with pytest.raises(FileTooLarge, match="10000 × 12345"):
        open_radiograph(b"RIFF\x00\x01\x00\x00WEBP" + header + bytes(200))


def test_a_dicom_header_that_claims_too_much(dicom):
    with pytest.raises(FileTooLarge, match="60000 × 60000"):
        open_radiograph(dicom(GREY, Rows=60000, Columns=60000))


@pytest.mark.parametrize("syntax", [JPEGBaseline8Bit, JPEG2000Lossless])
def test_a_compressed_picture_larger_than_its_header(dicom, syntax):
    kind = "JPEG" if syntax == JPEGBaseline8Bit else "JPEG2000"
    data = dicom(GREY, syntax, encapsulate([encoded(kind)]), Rows=10, Columns=10)
    with pytest.raises(UnreadableFile, match="contradicts itself on the size"):
        open_radiograph(data)


def test_compressed_pictures_as_they_should_be(dicom):
    data = dicom(GREY, JPEG2000Lossless, encapsulate([encoded("JPEG2000")]))
    assert np.array_equal(open_radiograph(data).pixels, GREY)


def test_run_lengths_that_never_end(dicom):
    frame = struct.pack("<16I", 1, 64, *[0] * 14) + b"\x81\x00" * 200_000
    with pytest.raises(UnreadableFile, match="longer than the image"):
        open_radiograph(dicom(GREY, RLELossless, encapsulate([frame])))


def test_a_deflated_data_set_opens(dicom):
    data = dicom(GREY, DeflatedExplicitVRLittleEndian)
    assert b"1.2.840.10008.1.2.1.99" in data
    assert np.array_equal(open_radiograph(data).pixels, GREY)


def test_a_deflated_data_set_that_explodes(dicom):
    data = dicom(np.zeros((6000, 6000), dtype=np.uint8), DeflatedExplicitVRLittleEndian)
    assert len(data) < 40_000
    with pytest.raises(FileTooLarge, match="times its size"):
        open_radiograph(data)


def test_a_deflated_data_set_cut_off(dicom):
    with pytest.raises(UnreadableFile, match="cut off"):
        open_radiograph(dicom(GREY, DeflatedExplicitVRLittleEndian)[:-100])


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF", "BMP", "WEBP"])
def test_a_truncated_picture(kind):
    data = encoded(kind)
    with pytest.raises(UnreadableFile, match=kind):
        open_radiograph(data[: len(data) // 2])


@pytest.mark.parametrize("share", [0.2, 0.5, 0.99])
def test_a_truncated_dicom(dicom, share):
    data = dicom(GREY)
    with pytest.raises(UnreadableFile):
        open_radiograph(data[: int(len(data) * share)])


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (b"", UnreadableFile, "empty"),
        (b"Dear colleague, the chest of Mrs X is clear.", UnreadableFile, "no image format"),
        (b"PK\x03\x04" + bytes(100), UnsupportedFile, "ZIP"),
        (b"%PDF-1.7 " + bytes(100), UnsupportedFile, "PDF"),
        (b"GIF89a" + bytes(100), UnsupportedFile, "GIF"),
        (bytes(128) + b"DICM", UnsupportedFile, "without an image"),
    ],
    ids=["empty", "letter", "zip", "pdf", "gif", "only a preamble"],
)
def test_other_things(data, error, words):
    with pytest.raises(error, match=words):
        open_radiograph(data)


def test_the_name_of_a_file_means_nothing(tmp_path):
    letter, picture = tmp_path / "chest.dcm", tmp_path / "letter.txt"
    letter.write_text("Dear colleague")
    picture.write_bytes(encoded("PNG"))
    with pytest.raises(UnreadableFile, match="no image format"):
        open_radiograph(letter)
    assert open_radiograph(picture).kind == "PNG"


def test_what_is_no_file(tmp_path):
    with pytest.raises(UnsupportedFile, match="folder"):
        open_radiograph(tmp_path)
    with pytest.raises(UnreadableFile, match="no such file"):
        open_radiograph(tmp_path / "none")


def test_too_many_bytes(monkeypatch):
    monkeypatch.setattr(bounds, "MAX_BYTES", 1000)
    with pytest.raises(FileTooLarge, match="larger than"):
        open_radiograph(encoded("BMP"))


def test_mutated_files_open_or_end_in_our_errors():
    """The first of the series of ``benchmarks.imaging.fuzz_intake``, for as many seconds as a test may take."""
    files = list(samples().values())
    opened, reasons, until = 0, [], time.monotonic() + 8
    for number in range(2000):
        try:
            open_radiograph(mutated(files, number))
            opened += 1
        except IntakeError as error:
            reasons.append(str(error))
        if time.monotonic() > until:
            break
    assert opened > 0
    assert len(reasons) > opened
    assert all(reason.endswith(".") for reason in reasons)


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_through_the_door_of_uploads_no_file_of_a_long_series_ends_more_than_its_own_decoder():
    """Where the test above ends the series goes on; file 4660 is one that ends the library that decodes it."""
    files = list(samples().values())
    opened, reasons = 0, []
    for number in range(2_000, 22_000):
        try:
            receive_untrusted(mutated(files, number))
            opened += 1
        except IntakeError as error:
            reasons.append(str(error))
    assert opened > 2_000
    assert len(reasons) > opened
    assert all(reason.endswith(".") for reason in reasons)
