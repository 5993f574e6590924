"""Files from outside are opened in a process of their own, and its death is only that file's."""

import subprocess
import sys

import numpy as np
import pytest

from lmrrg.errors import FileTooLarge, UnreadableFile, UnsupportedFile
from lmrrg.imaging import open_radiograph, open_untrusted, untrusted

GREY = np.arange(1200, dtype=np.uint16).reshape(30, 40)


def test_the_same_image_comes_back(dicom, tmp_path):
    data = dicom(GREY, BitsStored=12, ViewPosition="LL", PixelSpacing=[0.2, 0.2])
    (tmp_path / "any name").write_bytes(data)
    here = open_radiograph(data)
    for there in (open_untrusted(data), open_untrusted(tmp_path / "any name")):
        assert np.array_equal(there.pixels, here.pixels)
        for attribute in ("bits", "window", "kind", "photometric", "view", "pixel_spacing_mm", "notices"):
            assert getattr(there, attribute) == getattr(here, attribute)


def test_its_refusals_come_back(dicom):
    with pytest.raises(UnsupportedFile, match="a CT image"):
        open_untrusted(dicom(GREY, Modality="CT"))
    with pytest.raises(UnreadableFile, match="no image format"):
        open_untrusted(b"Dear colleague")


def test_one_that_takes_too_long_is_ended(dicom, monkeypatch):
    monkeypatch.setattr(untrusted, "WALL_SECONDS", 0.01)
    with pytest.raises(FileTooLarge, match="too long"):
        open_untrusted(dicom(GREY))


def test_one_that_dies_is_a_file_that_cannot_be_read(dicom, monkeypatch):
    monkeypatch.setattr(untrusted.sys, "executable", "/bin/false")
    with pytest.raises(UnreadableFile, match="could not be decoded"):
        open_untrusted(dicom(GREY))


@pytest.mark.parametrize(
    ("excess", "outcome"),
    [("bytearray(3 << 30)", "MemoryError"), ("bytearray(1 << 20)", "")],
    ids=["memory", "within them"],
)
def test_the_limits_hold(excess, outcome):
    script = f"from lmrrg.imaging.decoder import limit_this_process as limit; limit(); {excess}"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (done.returncode != 0) == bool(outcome)
    assert outcome in done.stderr


def test_neither_torch_nor_a_decoder_is_loaded_before_it_is_needed():
    script = "import sys, lmrrg.imaging; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert not {"torch", "cv2", "pydicom", "PIL"} & set(done.stdout.split())
