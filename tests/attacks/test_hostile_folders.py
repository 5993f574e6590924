"""Folders that were made to harm: each bad file is one refused line, and the rest go on."""

import os
import zipfile
from pathlib import Path

import pytest

from lmrrg.errors import IntakeError
from lmrrg.imaging.door.inspection import inspect_json
from lmrrg.imaging.door.names import shown
from lmrrg.imaging.door.sources import sources_of


def outcomes(folder: Path) -> list[bytes | str]:
    found: list[bytes | str] = []
    for source in sources_of([folder]):
        try:
            found.append(source.read())
        except IntakeError as refusal:
            found.append(f"refused: {refusal}")
    return found


def test_a_pipe_is_refused_and_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a")
    (tmp_path / "b").write_bytes(b"good")
    assert outcomes(tmp_path) == ["refused: This is not a file. Give an image file.", b"good"]
    assert outcomes(tmp_path / "a") == ["refused: This is not a file. Give an image file."]


def test_a_device_is_refused() -> None:
    assert outcomes(Path("/dev/zero")) == ["refused: This is not a file. Give an image file."]


def test_a_link_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").symlink_to(tmp_path / "gone")
    (found,) = outcomes(tmp_path)
    assert "There is no such file" in str(found)


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2, zipfile.ZIP_DEFLATED])
def test_a_damaged_member_is_refused_whatever_packed_it(tmp_path: Path, method: int) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", method) as file:
        file.writestr("1", bytes(range(256)) * 40)
        file.writestr("2", b"good")
    data = bytearray(path.read_bytes())
    for place in range(60, 90):
        data[place] ^= 0xFF
    path.write_bytes(bytes(data))
    first, second = outcomes(path)
    assert "damaged" in str(first)
    assert second == b"good"


def test_a_name_that_is_no_utf_8_can_be_shown(tmp_path: Path) -> None:
    name = os.fsdecode(b"film\xff.dcm")
    (tmp_path / name).write_bytes(b"good")
    (source,) = sources_of([tmp_path])
    assert source.read() == b"good"
    assert source.name.endswith(r"film\xff.dcm")
    assert source.name.encode("utf-8")


@pytest.mark.parametrize(
    ("name", "harmless"),
    [
        ("a\x1b[2Jb", r"a\x1b[2Jb"),
        ("a\nAll files were added.", r"a\x0aAll files were added."),
        ("a\u202egpj.exe", r"a\u202egpj.exe"),
        ("a\u2028b", r"a\u2028b"),
        ("Thorax Übersicht 1 – müller.dcm", "Thorax Übersicht 1 – müller.dcm"),
        ("胸部.dcm", "胸部.dcm"),
    ],
)
def test_a_name_cannot_steer_the_terminal(name: str, harmless: str) -> None:
    assert shown(name) == harmless


def test_inspect_shows_names_harmless(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[31mb"
    path.write_bytes(b"Dear colleague")
    assert inspect_json(path)["image"].endswith(r"a\x1b[31mb")
