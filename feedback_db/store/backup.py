"""Backups of an installation while it runs, and the way back: one tar file.

    manifest.json     kind of database, schema revision, time, SHA-256 of the database's copy
    database          the copy (``feedback_db.store.database_copies``)
    secret.key        what patients' pseudonyms hang on
    images/…          as in the data folder; versions/… the trained models

The database is copied first and the files after it: files are added before their rows and never changed, so every
study of the copy has its image. Knows only those tables that say whether an installation is empty.
"""

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from feedback_db.errors import BackupRefused
from feedback_db.store import migration, restoring
from feedback_db.store.database import Database
from feedback_db.store.database_copies import copy_out, kind_of
from feedback_db.store.restoring import DATABASE, SECRET
from feedback_db.store.room import was_full
from feedback_db.studies import studies

FOLDERS = ("images", "versions")
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: its file, how many files beside the database, and its size in bytes."""

    path: Path
    files: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored: files added, and where the database that was there before is kept (None: it was empty)."""

    files: int
    before: Path | None
    secret_changed: bool


def back_up(*, url: str, data_folder: Path, to: Path) -> Backup:
    """Write a backup to the file ``to``, which appears whole or not at all.

    Raises:
        BackupRefused: ``to`` exists already, the database cannot be copied, or the disk has no room.
    """
    if to.exists():
        raise BackupRefused(f"{to} exists already. Give another name, or move it away.")
    try:
        return _back_up(url, data_folder, to)
    except OSError as error:
        why = "there is no room on its disk" if was_full(error) else str(error)
        raise BackupRefused(f"{to} could not be written: {why}. Nothing half-written was left.") from error


def _back_up(url: str, data_folder: Path, to: Path) -> Backup:
    to.parent.mkdir(parents=True, exist_ok=True)
    with _scratch(to.parent) as scratch:
        copy = scratch / DATABASE
        copy_out(url, copy)
        manifest = {
            "kind": kind_of(url),
            "revision": migration.current(url),
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "database_sha256": _sha256(copy),
        }
        half = scratch / "backup.tar"
        files = 0
        with tarfile.open(half, "w") as tar:
            _add_bytes(tar, MANIFEST, json.dumps(manifest, indent=1).encode())
            tar.add(copy, DATABASE)
            for path in _files(data_folder):
                tar.add(path, path.relative_to(data_folder).as_posix(), recursive=False)
                files += 1
        with half.open("rb") as written:
            os.fsync(written.fileno())
        half.chmod(0o600)
        half.rename(to)
    return Backup(to, files, to.stat().st_size)


def restore(*, url: str, data_folder: Path, source: Path, replace: bool = False) -> Restored:
    """Bring an installation back from a backup. Where it is interrupted, the next start finishes or forgets it.

    Whoever calls it sees to it that no server runs (``in_use``). Images that are there already stay: they are named
    by their content. With ``replace`` the database that is there is replaced; its content is first kept in
    ``before-restore-….tar`` in the data folder.

    Raises:
        BackupRefused: no or a damaged backup, one of another kind of database or a newer release, or studies are
            here and ``replace`` was not given. Nothing was changed then.
    """
    if not source.is_file():
        raise BackupRefused(f"There is no backup at {source}.")
    data_folder.mkdir(parents=True, exist_ok=True)
    try:
        with tarfile.open(source, "r:*") as tar, _scratch(data_folder) as scratch:
            manifest = _manifest(tar)
            _check(manifest, url)
            tar.extract(DATABASE, scratch, filter="data")
            if _sha256(scratch / DATABASE) != manifest["database_sha256"]:
                raise BackupRefused(
                    f"{source} is damaged: the database in it is not the one that was put in."
                )
            before = _keep_what_is_here(url, data_folder, replace=replace)
            files = _extract_missing(tar, data_folder)
            changed = _prepare_secret(tar, scratch, data_folder)
            restoring.begin(scratch, data_folder)
            restoring.finish(url, data_folder)
    except (tarfile.TarError, KeyError, OSError) as error:
        raise BackupRefused(f"{source} cannot be restored: {error}") from error
    migration.upgrade(url, data_folder)
    return Restored(files, before, changed)


def _files(data_folder: Path) -> Iterator[Path]:
    if (data_folder / SECRET).exists():
        yield data_folder / SECRET
    for name in FOLDERS:
        for path in sorted((data_folder / name).rglob("*")):
            if path.is_file() and not path.is_symlink():
                yield path


def _manifest(tar: tarfile.TarFile) -> dict[str, Any]:
    member = tar.extractfile(MANIFEST)
    if member is None:
        raise BackupRefused("This is no backup of this program: its manifest is missing.")
    try:
        manifest: dict[str, Any] = json.load(member)
    except ValueError as error:
        raise BackupRefused("The backup is damaged: its manifest cannot be read.") from error
    return manifest


def _check(manifest: dict[str, Any], url: str) -> None:
    if manifest["kind"] != kind_of(url):
        raise BackupRefused(
            f"This is a backup of a {manifest['kind']} database, and the one here is {kind_of(url)}. "
            "Set LMRRG_DATABASE_URL to a database of the same kind."
        )
    if not migration.knows(manifest["revision"]):
        raise BackupRefused("This backup is of a newer release. Update this program, then restore it.")


def _keep_what_is_here(url: str, data_folder: Path, *, replace: bool) -> Path | None:
    if _is_empty(url, data_folder):
        return None
    if not replace:
        raise BackupRefused(
            "There are studies here already. To replace them by the backup's, say --replace; "
            "what is here is kept beside."
        )
    at = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    before = data_folder / f"before-restore-{at}.tar"
    back_up(url=url, data_folder=data_folder, to=before)
    return before


def _is_empty(url: str, data_folder: Path) -> bool:
    database = Database.open(url, data_folder)
    try:
        with database.reading_session() as session:
            return studies.count(session) == 0
    finally:
        database.close()


def _extract_missing(tar: tarfile.TarFile, data_folder: Path) -> int:
    added = 0
    for member in tar:
        parts = Path(member.name).parts
        if not member.isfile() or len(parts) < 2 or parts[0] not in FOLDERS:
            continue
        if not (data_folder / member.name).exists():
            tar.extract(member.replace(mode=0o600), data_folder, filter="data")
            added += 1
    return added


def _prepare_secret(tar: tarfile.TarFile, prepared: Path, data_folder: Path) -> bool:
    """Lay the backup's secret beside its database; whether it is another than the one that is here."""
    if SECRET not in tar.getnames():
        return False
    member = tar.extractfile(SECRET)
    content = member.read() if member else b""
    with os.fdopen(os.open(prepared / SECRET, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
        file.write(content)
    here = data_folder / SECRET
    return here.exists() and here.read_bytes() != content


def _add_bytes(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size = len(content)
    member.mode = 0o600
    tar.addfile(member, io.BytesIO(content))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """A folder on the same disk that nobody else may read, gone afterwards."""
    with tempfile.TemporaryDirectory(dir=folder, prefix=".backup-", ignore_cleanup_errors=True) as name:
        yield Path(name)
