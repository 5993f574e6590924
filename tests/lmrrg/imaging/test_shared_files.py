"""Files of other people: real radiographs, and a test collection of all that DICOM can be."""

import numpy as np
import pytest
from PIL import Image
from pydicom import dcmread

from lmrrg.errors import IntakeError
from lmrrg.imaging import open_radiograph
from lmrrg.imaging.dicom.pixels import decode_stored


def test_the_tag_alone_turns_the_scale_round(shared_data):
    folder = shared_data / "dicom/txrv"
    fake = open_radiograph(folder / "Fake_MONOHR1.dcm")
    (original,) = (open_radiograph(path) for path in folder.iterdir() if not path.name.startswith("Fake"))
    assert np.array_equal(fake.pixels, 255 - original.pixels)
    np.testing.assert_allclose(fake.windowed(), 1 - original.windowed(), atol=1e-6)


def test_every_dicom_file_opens_or_says_why_not(shared_data):
    opened, reasons = 0, []
    for path in (shared_data / "dicom").rglob("*"):
        if not path.is_file() or path.suffix == ".csv":
            continue
        try:
            open_radiograph(path)
            opened += 1
        except IntakeError as error:
            reasons.append(str(error))
    assert all(reason.endswith(".") for reason in reasons)
    assert (opened, len(reasons)) == (36, 144)


@pytest.mark.parametrize(
    "name",
    ["MR_small_RLE", "MR_small_bigendian", "MR_small_jp2klossless", "MR_small_jpeg_ls_lossless"],
)
def test_lossless_variants_are_one_image(shared_data, name):
    folder = shared_data / "dicom/pydicom/test_files"
    plain, variant = (decode_stored(dcmread(folder / f"{each}.dcm")) for each in ("MR_small", name))
    assert np.array_equal(plain, variant)


def test_real_rasters_open_as_they_are(shared_data):
    for path in sorted((shared_data / "cxr").rglob("*.*g"))[::10]:
        image = open_radiograph(path)
        with Image.open(path) as picture:
            assert np.array_equal(image.pixels, np.asarray(picture.convert("L")))
