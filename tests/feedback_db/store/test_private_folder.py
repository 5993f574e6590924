"""The data folder is its owner's alone, whatever makes it first and whatever the umask."""

import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedback_db.store import backup, migration
from feedback_db.store.private_folder import keep_private

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def lax() -> Iterator[None]:
    """What most machines have: others may read what one makes."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def modes(folder: Path) -> set[str]:
    """The modes of the folders, and of the files, that are in it."""
    paths = [folder, *folder.rglob("*")]
    return {("folder " if path.is_dir() else "file ") + oct(path.stat().st_mode & 0o777) for path in paths}


def old_installation(folder: Path) -> Path:
    """As earlier releases left it, with a database in use."""
    (folder / "images/ab").mkdir(parents=True)
    (folder / "images/ab/pixels.npy").write_bytes(b"pixels")
    migration.upgrade(f"sqlite:///{folder / 'feedback.sqlite3'}")
    assert modes(folder) == {"folder 0o755", "file 0o644"}
    return folder


def test_what_is_made_after_it_is_private(tmp_path: Path) -> None:
    data = tmp_path / "data"
    keep_private(data)
    (data / "gradio").mkdir(parents=True)
    migration.upgrade(f"sqlite:///{data / 'feedback.sqlite3'}")
    assert modes(data) == {"folder 0o700", "file 0o600"}


def test_what_was_open_is_closed_and_told_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = old_installation(tmp_path / "data")
    keep_private(data)
    assert modes(data) == {"folder 0o700", "file 0o600"}
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert f"Other users of this machine could read {data}: 5 of its files" in said  # 3 folders, 2 files
    keep_private(data)
    assert capsys.readouterr().err == ""


def test_one_open_file_in_a_closed_folder_is_found(tmp_path: Path) -> None:
    data = old_installation(tmp_path / "data")
    keep_private(data)
    (data / "feedback.sqlite3").chmod(0o644)
    keep_private(data)
    assert modes(data) == {"folder 0o700", "file 0o600"}


def test_what_may_not_be_written_stays_so(tmp_path: Path) -> None:
    frozen = tmp_path / "data" / "readings.jsonl"
    frozen.parent.mkdir()
    frozen.touch(0o444)
    keep_private(frozen.parent)
    assert modes(frozen.parent) == {"folder 0o700", "file 0o400"}


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    elsewhere, data = tmp_path / "elsewhere", tmp_path / "data"
    elsewhere.touch(0o644)
    data.mkdir()
    (data / "link").symlink_to(elsewhere)
    keep_private(data)
    assert elsewhere.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize(
    "command", [["feedback_db", "migrate"], ["train", "worker", "--until-idle"]], ids=" ".join
)
def test_each_command_keeps_the_folder_private(command: list[str], tmp_path: Path) -> None:
    data = old_installation(tmp_path / "data")
    environment = os.environ | {"LMRRG_DATA_FOLDER": str(data), "LMRRG_DATABASE_URL": ""}
    run = [sys.executable, "-m", *command]
    done = subprocess.run(
        run, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, umask=0o022
    )
    assert "could read" in done.stderr
    assert modes(data) == {"folder 0o700", "file 0o600"}


def test_what_is_restored_is_private_even_from_a_backup_that_was_not(tmp_path: Path) -> None:
    data, elsewhere = old_installation(tmp_path / "data"), tmp_path / "elsewhere"
    made = backup.back_up(
        url=f"sqlite:///{data / 'feedback.sqlite3'}", data_folder=data, to=tmp_path / "safe" / "b.tar"
    )
    assert made.path.stat().st_mode & 0o777 == 0o600
    with tarfile.open(made.path) as tar:
        assert tar.getmember("images/ab/pixels.npy").mode == 0o644
    keep_private(elsewhere)
    backup.restore(url=f"sqlite:///{elsewhere / 'feedback.sqlite3'}", data_folder=elsewhere, source=made.path)
    assert modes(elsewhere) == {"folder 0o700", "file 0o600"}
