"""A radiograph at rest: what goes in comes out, nothing else is kept, and half-written is noticed."""

import dataclasses
import json

import numpy as np
import pytest

from lmrrg.errors import UnreadableFile
from lmrrg.imaging.door.archive import content_hash, load, load_header, save
from lmrrg.notices import Notice
from lmrrg.study import NamedWindow, RadiographImage

IMAGE = RadiographImage(
    pixels=np.array([[0, 1, 2], [3, 4, 4095]], dtype=np.uint16),
    bits=12,
    window=(2047.5, 4095.0),
    kind="DX",
    photometric="MONOCHROME1",
    view="PA",
    pixel_spacing_mm=(0.14, 0.15),
    spacing_plane="patient",
    windows=(NamedWindow("normal", (2047.5, 4095.0)), NamedWindow("", (1000.0, 10.0))),
    notices=(
        Notice("colour"),
        Notice("cut_off", {"edges": ("upper", "lower")}),
        Notice("text", {"sentence": "Two – with a dash."}),
    ),
)


def test_what_goes_in_comes_out(tmp_path):
    save(tmp_path / "new" / "folder", IMAGE)
    back = load(tmp_path / "new" / "folder")
    assert np.array_equal(back.pixels, IMAGE.pixels)
    assert back.pixels.dtype == np.uint16
    for field in dataclasses.fields(IMAGE):
        if field.name != "pixels":
            assert getattr(back, field.name) == getattr(IMAGE, field.name)
    assert sorted(path.name for path in (tmp_path / "new" / "folder").iterdir()) == [
        "image.json",
        "pixels.npy",
    ]


def test_a_header_lies_beside_the_image(tmp_path):
    save(tmp_path, IMAGE, {"kept": {"KVP": 120}})
    assert load_header(tmp_path) == {"kept": {"KVP": 120}}
    save(tmp_path / "other", IMAGE)
    assert load_header(tmp_path / "other") is None


def test_an_image_of_before_there_were_planes_and_windows_loads(tmp_path):
    save(tmp_path, IMAGE)
    words = json.loads((tmp_path / "image.json").read_text("utf-8"))
    del words["spacing_plane"], words["windows"]
    (tmp_path / "image.json").write_text(json.dumps(words), "utf-8")
    assert (load(tmp_path).spacing_plane, load(tmp_path).windows) == (None, ())


def test_an_image_of_before_there_were_codes_loads(tmp_path):
    save(tmp_path, IMAGE)
    words = json.loads((tmp_path / "image.json").read_text("utf-8"))
    words["notices"] = ["Colour image converted to grey.", "What no release ever said."]
    (tmp_path / "image.json").write_text(json.dumps(words), "utf-8")
    assert load(tmp_path).notices == (
        Notice("colour"),
        Notice("text", {"sentence": "What no release ever said."}),
    )


def test_the_hash_is_of_pixels_and_shape():
    turned = dataclasses.replace(IMAGE, pixels=IMAGE.pixels.reshape(3, 2))
    renamed = dataclasses.replace(IMAGE, notices=(), kind="PNG")
    assert content_hash(IMAGE) == content_hash(renamed)
    assert content_hash(IMAGE) != content_hash(turned)
    one = dataclasses.replace(IMAGE, pixels=np.array([[258]], dtype=np.uint16))
    # printf '1x1:\002\001' | sha256sum
    assert content_hash(one) == "d3d59e4b2249e2273fb711cd1824b2679ffc7971b5db42f60e9bc8f748ffe399"


def test_a_view_of_other_strides_has_the_same_hash():
    wide = np.repeat(IMAGE.pixels, 2, axis=1)
    assert content_hash(dataclasses.replace(IMAGE, pixels=wide[:, ::2])) == content_hash(IMAGE)


def test_an_image_is_replaced(tmp_path):
    save(tmp_path, IMAGE)
    save(tmp_path, dataclasses.replace(IMAGE, pixels=IMAGE.pixels[::-1].copy()))
    assert load(tmp_path).pixels[0, 0] == 3


def test_halves_of_two_images_are_noticed(tmp_path):
    save(tmp_path, IMAGE)
    np.save(tmp_path / "pixels.npy", IMAGE.pixels[::-1])
    with pytest.raises(UnreadableFile, match="does not match"):
        load(tmp_path)


@pytest.mark.parametrize("name", ["pixels.npy", "image.json"])
def test_missing_or_cut_files_are_noticed(tmp_path, name):
    save(tmp_path, IMAGE)
    (tmp_path / name).write_bytes((tmp_path / name).read_bytes()[:-5])
    with pytest.raises(UnreadableFile):
        load(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(UnreadableFile):
        load(tmp_path)


def test_nothing_is_unpickled(tmp_path):
    save(tmp_path, IMAGE)
    np.save(tmp_path / "pixels.npy", np.array([{"a": 1}], dtype=object), allow_pickle=True)
    with pytest.raises(UnreadableFile):
        load(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        {"bits": 11},
        {"bits": 40},
        {"rows": 3},
        {"view": "UP"},
        {"window": [1]},
        {"notices": [{"code": "no such"}]},
    ],
)
def test_a_description_that_does_not_fit_is_noticed(tmp_path, change):
    save(tmp_path, IMAGE)
    words = json.loads((tmp_path / "image.json").read_text("utf-8"))
    (tmp_path / "image.json").write_text(json.dumps({**words, **change}), "utf-8")
    with pytest.raises(UnreadableFile):
        load(tmp_path)
