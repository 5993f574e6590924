"""Folders are walked and ZIP archives read; what cannot be read says so when it is its turn."""

import zipfile

import pytest

from lmrrg.errors import FileTooLarge, IntakeError, UnreadableFile
from lmrrg.imaging.door.sources import sources_of


@pytest.fixture
def archive(tmp_path):
    with zipfile.ZipFile(tmp_path / "any.name", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("p1/b", b"second")
        file.writestr("p1/a", b"first")
        file.writestr("../../etc/c", b"third")
        file.writestr("__MACOSX/d", b"litter")
    return tmp_path / "any.name"


def test_a_folder_is_walked_in_the_order_of_names(tmp_path):
    for name in ("b/2", "a/1", ".hidden/3", "a/Thumbs.db"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    sources = list(sources_of([tmp_path]))
    assert [one.read() for one in sources] == [b"a/1", b"b/2"]
    assert [one.folder for one in sources] == [str(tmp_path / "a"), str(tmp_path / "b")]


def test_an_archive_is_known_by_its_bytes_and_read_in_memory(archive):
    before = sorted(archive.parent.rglob("*"))
    sources = list(sources_of([archive]))
    assert [one.read() for one in sources] == [b"third", b"first", b"second"]
    assert sources[1].folder == sources[2].folder != sources[0].folder
    assert sorted(archive.parent.rglob("*")) == before


def test_an_archive_that_explodes(tmp_path):
    with zipfile.ZipFile(tmp_path / "a", "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("zeros", bytes(40 << 20))
    (source,) = sources_of([tmp_path / "a"])
    with pytest.raises(FileTooLarge, match="times its size"):
        source.read()


def test_a_damaged_member_and_a_damaged_archive(archive):
    data = bytearray(archive.read_bytes())
    data[data.index(b"p1/b") + 6] ^= 0xFF
    archive.write_bytes(bytes(data))
    outcomes = []
    for source in sources_of([archive]):
        try:
            outcomes.append(source.read())
        except UnreadableFile:
            outcomes.append(None)
    assert outcomes.count(None) == 1
    archive.write_bytes(bytes(data[:40]))
    (source,) = sources_of([archive])
    with pytest.raises(UnreadableFile, match="ZIP archive is damaged"):
        source.read()


def test_a_path_that_is_not_there(tmp_path):
    (source,) = sources_of([tmp_path / "none"])
    with pytest.raises(IntakeError, match="no such file"):
        source.read()
