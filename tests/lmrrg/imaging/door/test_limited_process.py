"""Files from outside are opened in a process of their own, and its death is only that file's."""

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from pydicom.uid import JPEGLosslessSV1

from benchmarks.imaging.sample_files import RAMP, RAMP_LOSSLESS_JPEG, wrapped
from benchmarks.imaging.sample_files import dicom as sample
from lmrrg.errors import FileTooLarge, UnreadableFile, UnsupportedFile
from lmrrg.imaging import open_radiograph, open_untrusted, receive_untrusted
from lmrrg.imaging.door import untrusted

GREY = np.arange(1200, dtype=np.uint16).reshape(30, 40)


@pytest.fixture
def decoders(monkeypatch):
    """The way to a decoder process of this test's own."""
    own = untrusted.Decoders()
    monkeypatch.setattr(untrusted, "_decoders", own)
    yield own
    own.close()


def test_the_same_image_comes_back(dicom, tmp_path):
    data = dicom(GREY, BitsStored=12, ViewPosition="LL", PixelSpacing=[0.2, 0.2], WindowCenter=[600, 300])
    (tmp_path / "any name").write_bytes(data)
    here = open_radiograph(data)
    for there in (open_untrusted(data), open_untrusted(tmp_path / "any name")):
        assert np.array_equal(there.pixels, here.pixels)
        for attribute in ("bits", "window", "windows", "kind", "photometric", "view", "notices"):
            assert getattr(there, attribute) == getattr(here, attribute)
        assert (there.pixel_spacing_mm, there.spacing_plane) == ((0.2, 0.2), "detector")


def test_the_header_comes_back_and_of_rasters_none(dicom):
    header = receive_untrusted(dicom(GREY, PatientID="4711", KVP=120)).header
    assert header is not None
    assert (header.patient, header.kept["KVP"]) == ("4711", 120)
    assert receive_untrusted(bmp()).header is None


def bmp() -> bytes:
    from io import BytesIO

    from PIL import Image

    file = BytesIO()
    Image.fromarray(GREY.astype(np.uint8)).save(file, "BMP")
    return file.getvalue()


def test_its_refusals_come_back(dicom):
    with pytest.raises(UnsupportedFile, match="a CT image"):
        open_untrusted(dicom(GREY, Modality="CT"))
    with pytest.raises(UnreadableFile, match="no image format"):
        open_untrusted(b"Dear colleague")


def test_several_at_once_do_not_mix(dicom):
    files = [dicom(np.full((10, 10 + size), size, dtype=np.uint8)) for size in range(12)]
    with ThreadPoolExecutor(4) as pool:
        images = list(pool.map(open_untrusted, files))
    assert [image.columns for image in images] == list(range(10, 22))
    assert all((image.pixels == size).all() for size, image in enumerate(images))


def test_who_comes_while_enough_are_decoded_waits(dicom, monkeypatch):
    decoders, decode = untrusted.Decoders(at_once=2), untrusted._decode
    running, lock, seen = [], threading.Lock(), []

    def watched(given, answer):
        with lock:
            running.append(given)
            seen.append(len(running))
        time.sleep(0.05)
        try:
            decode(given, answer)
        finally:
            running.remove(given)

    monkeypatch.setattr(untrusted, "_decoders", decoders)
    monkeypatch.setattr(untrusted, "_decode", watched)
    good = dicom(GREY)
    with ThreadPoolExecutor(6) as pool:
        asked = [pool.submit(open_untrusted, content) for content in (good, good, b"no image") * 3]
    decoders.close()
    assert [one.exception() is None for one in asked] == [True, True, False] * 3  # a failed one gives way too
    assert (len(seen), max(seen)) == (9, 2)


def test_one_that_takes_too_long_is_ended(dicom, monkeypatch):
    open_untrusted(dicom(GREY))
    monkeypatch.setattr(untrusted, "WALL_SECONDS", 0.001)
    with pytest.raises(FileTooLarge, match="too long"):
        open_untrusted(dicom(GREY))


def test_one_that_dies_is_a_file_that_cannot_be_read(dicom, monkeypatch, decoders):
    with monkeypatch.context() as broken:
        broken.setattr(untrusted.sys, "executable", "/bin/false")
        with pytest.raises(UnreadableFile, match="could not be decoded"):
            open_untrusted(dicom(GREY))
    assert np.array_equal(open_untrusted(dicom(GREY)).pixels, GREY)


def test_a_library_that_aborts_ends_its_own_file_and_no_other(dicom, decoders):
    open_untrusted(dicom(GREY))
    serving = decoders._process.pid
    scan = RAMP_LOSSLESS_JPEG.index(b"\xff\xda")
    # Bytes that belong nowhere: GDCM throws where no one catches.
    frame = RAMP_LOSSLESS_JPEG[:scan] + bytes(23) + RAMP_LOSSLESS_JPEG[scan:]
    with pytest.raises(UnreadableFile, match="could not be decoded"):
        open_untrusted(wrapped(sample(RAMP), frame, JPEGLosslessSV1))
    assert np.array_equal(open_untrusted(dicom(GREY)).pixels, GREY)
    assert decoders._process.pid == serving


def test_a_decoder_that_is_gone_is_started_again(dicom, decoders):
    open_untrusted(dicom(GREY))
    decoders._process.kill()
    decoders._process.wait()
    assert open_untrusted(dicom(GREY)).columns == 40


@pytest.mark.parametrize(
    ("excess", "outcome"),
    [("bytearray(3 << 30)", "MemoryError"), ("bytearray(1 << 20)", "")],
    ids=["memory", "within them"],
)
def test_the_limits_hold(excess, outcome):
    script = f"from lmrrg.imaging.door.decoder import limit_this_process as limit; limit(); {excess}"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode != 0) == bool(outcome)
    assert outcome in done.stderr


def test_neither_torch_nor_a_decoder_is_loaded_before_it_is_needed():
    script = "import sys, lmrrg.imaging; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {"torch", "cv2", "pydicom", "PIL"} & set(done.stdout.split())
