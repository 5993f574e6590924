"""A restore that was begun is finished, whenever the power fails: database and secret change together or not at all.

What is to be put in place lies whole in ``restore.pending`` within the data folder before anything is replaced, and
goes when all of it stands. The next start finds it there and goes on. Does not know where it came from.
"""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from feedback_db.errors import BackupRefused
from feedback_db.store.database_copies import copy_in

PENDING = "restore.pending"
DATABASE = "database"
SECRET = "secret.key"
_LOCK = ".restore.lock"


def begin(prepared: Path, data_folder: Path) -> None:
    """From here on the restore happens: ``prepared`` holds the database's copy and, where there is one, the secret."""
    for path in prepared.iterdir():
        with path.open("rb") as file:
            os.fsync(file.fileno())
    prepared.rename(data_folder / PENDING)
    _flush(data_folder)


def finish(url: str, data_folder: Path) -> bool:
    """Put in place what a restore has prepared, if there is any; whether there was.

    Raises:
        BackupRefused: the database does not take it; both are as they were then, and the restore is off.
    """
    pending = data_folder / PENDING
    if not pending.exists():
        return False
    with _one_at_a_time(data_folder):
        if not pending.exists():
            return False
        try:
            copy_in(url, pending / DATABASE)
        except BackupRefused:
            shutil.rmtree(pending)
            raise
        if (pending / SECRET).exists():
            _replace(data_folder / SECRET, (pending / SECRET).read_bytes())
        shutil.rmtree(pending)
    return True


def _replace(here: Path, content: bytes) -> None:
    fresh = here.with_name(f".secret.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(content)
        os.fsync(file.fileno())
    fresh.replace(here)
    _flush(here.parent)


def _flush(folder: Path) -> None:
    """Have the disk know the folder's names as they are now."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _one_at_a_time(data_folder: Path) -> Iterator[None]:
    with (data_folder / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
