"""A restore that is killed at any moment is finished or forgotten; a damaged database is no backup."""

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from feedback_db.__main__ import main
from feedback_db.errors import BackupRefused
from feedback_db.people import accounts
from feedback_db.store import backup, restoring
from feedback_db.store.database import Database
from feedback_db.store.in_use import InUse


def url_of(folder: Path) -> str:
    return f"sqlite:///{folder / 'feedback.sqlite3'}"


def installation(folder: Path, *, administrator: str, secret: bytes) -> Path:
    (folder / "images").mkdir(parents=True)
    (folder / "secret.key").write_bytes(secret)
    database = Database.open(url_of(folder), folder)
    with database.session() as session:
        accounts.create_reader(session, name=administrator, password="a long enough one", role="admin")
    database.close()
    return folder


@pytest.fixture
def here(tmp_path: Path) -> Path:
    return installation(tmp_path / "here", administrator="Anna", secret=b"h" * 32)


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    there = installation(tmp_path / "there", administrator="Berta", secret=b"t" * 32)
    return backup.back_up(url=url_of(there), data_folder=there, to=tmp_path / "saved.tar").path


def after_the_next_start(folder: Path) -> tuple[str, bytes]:
    """Whose database it is, and which secret lies beside it."""
    database = Database.open(url_of(folder), folder)
    with database.reading_session() as session:
        (name,) = [reader.name for reader in accounts.everyone(session)]
    database.close()
    return name, (folder / "secret.key").read_bytes()


def killed(restore: Callable[[], object]) -> int:
    """The signal that ended a process of its own in which this ran."""
    child = os.fork()
    if child == 0:
        restore()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    return os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0


@pytest.mark.parametrize(
    ("moment", "whose"),
    [
        ("begin", ("Anna", b"h" * 32)),
        ("copy_in", ("Berta", b"t" * 32)),
        ("_replace", ("Berta", b"t" * 32)),
        ("_flush", ("Berta", b"t" * 32)),
    ],
)
def test_killed_just_before(
    here: Path, saved: Path, monkeypatch: pytest.MonkeyPatch, moment: str, whose: tuple[str, bytes]
) -> None:
    def die(*given: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def restore() -> None:
        monkeypatch.setattr(restoring, moment, die)
        backup.restore(url=url_of(here), data_folder=here, source=saved, replace=True)

    assert killed(restore) == signal.SIGKILL
    assert after_the_next_start(here) == whose
    assert not (here / restoring.PENDING).exists()


def test_a_restore_that_nothing_interrupts(here: Path, saved: Path) -> None:
    done = backup.restore(url=url_of(here), data_folder=here, source=saved, replace=True)
    assert done.secret_changed
    assert after_the_next_start(here) == ("Berta", b"t" * 32)


def test_a_running_server_must_be_stopped_first(
    here: Path, saved: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LMRRG_DATA_FOLDER", str(here))
    command = ["--database-url", url_of(here), "restore", str(saved), "--replace"]
    with InUse(here), InUse(here):
        assert main(command) == 1
        assert "Stop it first" in capsys.readouterr().err
    assert main(command) == 0


def test_no_server_starts_while_a_backup_is_restored(here: Path) -> None:
    with InUse(here, alone=True), pytest.raises(BackupRefused, match="being restored"):
        InUse(here)


def test_a_damaged_database_is_not_saved_as_a_backup(
    here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = here / "feedback.sqlite3"
    content = bytearray(file.read_bytes())
    for start in range(8192, len(content) - 4096, 4096):
        content[start : start + 64] = b"\xff" * 64
    file.write_bytes(content)
    monkeypatch.setenv("LMRRG_DATA_FOLDER", str(here))
    assert main(["--database-url", url_of(here), "backup", str(tmp_path / "b.tar")]) == 1
    assert "is damaged" in capsys.readouterr().err
    assert not (tmp_path / "b.tar").exists()
