"""Pictures that are not DICOM: modes, depth, orientation."""

import struct
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from lmrrg.errors import UnsupportedFile
from lmrrg.imaging import open_radiograph
from lmrrg.notices import Notice


def encoded(picture: Image.Image, kind: str = "PNG", **options) -> bytes:
    file = BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


GREY = np.array([[0, 50, 100], [150, 200, 255]], dtype=np.uint8)


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "BMP"])
def test_8_bit_grey_is_ready_for_display(kind):
    image = open_radiograph(encoded(Image.fromarray(GREY), kind))
    assert image.pixels.tolist() == GREY.tolist()
    assert (image.kind, image.bits, image.window, image.notices) == (kind, 8, (127.5, 255.0), ())
    assert (image.photometric, image.view, image.pixel_spacing_mm) == ("MONOCHROME2", None, None)


def test_jpeg_and_lossless_webp():
    flat = Image.new("L", (16, 8), 77)
    assert (open_radiograph(encoded(flat, "JPEG")).pixels == 77).all()
    image = open_radiograph(encoded(Image.fromarray(GREY), "WEBP", lossless=True))
    assert (image.pixels.tolist(), image.kind, image.notices) == (GREY.tolist(), "WEBP", ())


@pytest.mark.parametrize("kind", ["PNG", "TIFF"])
def test_16_bit_grey_keeps_every_level_and_gets_a_window(kind):
    deep = np.array([[0, 1000], [1001, 65535]], dtype=np.uint16)
    image = open_radiograph(encoded(Image.fromarray(deep), kind))
    assert image.pixels.tolist() == deep.tolist()
    assert image.bits == 16
    assert image.notices == (Notice("no_window"),)


def white_is_zero_tiff(values: np.ndarray) -> bytes:
    """An uncompressed TIFF, written by hand: header, one directory of eight tags, the pixels."""
    rows, columns = values.shape
    bits, start = 8 * values.dtype.itemsize, 8 + 2 + 8 * 12 + 4
    tags = [(256, columns), (257, rows), (258, bits), (259, 1), (262, 0), (273, start), (278, rows)]
    tags.append((279, values.nbytes))
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4) + values.tobytes()


@pytest.mark.parametrize("depth", [np.uint8, np.uint16])
def test_a_tiff_in_which_white_is_zero_is_turned_round(depth):
    top = np.iinfo(depth).max
    image = open_radiograph(white_is_zero_tiff(np.array([[0, 1], [100, top]], dtype=depth)))
    assert image.pixels.tolist() == [[top, top - 1], [top - 100, 0]]
    assert image.photometric == "MONOCHROME1"


def test_colour_becomes_luma_with_a_notice():
    colour = np.array([[[255, 0, 0], [0, 255, 0], [0, 0, 255]]], dtype=np.uint8)
    image = open_radiograph(encoded(Image.fromarray(colour)))
    assert image.pixels.tolist() == [[76, 150, 29]]
    assert image.notices == (Notice("colour"),)


def test_a_palette_of_greys_is_looked_up():
    picture = Image.new("P", (3, 1))
    picture.putpalette([0, 0, 0, 9, 9, 9, 200, 200, 200])
    picture.putdata([2, 0, 1])
    image = open_radiograph(encoded(picture))
    assert (image.pixels.tolist(), image.photometric, image.notices) == ([[200, 0, 9]], "PALETTE COLOR", ())


def test_transparent_parts_are_black():
    picture = Image.fromarray(np.array([[[90, 90, 90, 255], [90, 90, 90, 0]]], dtype=np.uint8))
    image = open_radiograph(encoded(picture))
    assert image.pixels.tolist() == [[90, 0]]
    assert image.notices == (Notice("transparent"),)


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_the_orientation_tag_is_obeyed_and_said(kind):
    exif = Image.Exif()
    exif[0x0112] = 6  # the top of the scene is the right edge of what is stored
    data = encoded(Image.fromarray(GREY), kind, exif=exif, **({"lossless": True} if kind == "WEBP" else {}))
    image = open_radiograph(data)
    assert image.pixels.tolist() == [[150, 0], [200, 50], [255, 100]]
    assert image.notices == (Notice("turned"),)


def test_several_pictures_in_one_file_are_refused():
    pages = [Image.fromarray(GREY), Image.fromarray(GREY)]
    with pytest.raises(UnsupportedFile, match="several pictures"):
        open_radiograph(encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:]))


@pytest.mark.parametrize("mode", ["1", "F"])
def test_black_and_white_and_fractions_are_refused(mode):
    with pytest.raises(UnsupportedFile, match="Export"):
        open_radiograph(encoded(Image.fromarray(GREY).convert(mode), "TIFF"))


def test_text_of_the_file_is_dropped():
    from PIL.PngImagePlugin import PngInfo

    info = PngInfo()
    info.add_text("Patient", "MARKERXYZ")
    assert "MARKERXYZ" not in repr(open_radiograph(encoded(Image.fromarray(GREY), pnginfo=info)))
