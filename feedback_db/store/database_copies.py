"""Copies a whole database out and back in while others use it.

SQLite by its own online backup, PostgreSQL by its own pg_dump and pg_restore; both see one consistent state. Knows
no images and no archive: ``feedback_db.store.backup`` puts those around it.
"""

import errno
import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, make_url

from feedback_db.errors import BackupRefused


def kind_of(url: str) -> str:
    """``"sqlite"`` or ``"postgresql"``."""
    return make_url(url).get_backend_name()


def copy_out(url: str, to: Path) -> None:
    """Write a consistent copy of the database to the file ``to``.

    Raises:
        BackupRefused: there is no database, it is damaged, or PostgreSQL's programs are missing or refuse.
        OSError: there is no room for the copy.
    """
    address = make_url(url)
    if kind_of(url) == "postgresql":
        _run("pg_dump", address, "--format=custom", "--file", str(to))
        return
    source = Path(address.database or "")
    if not source.exists():
        raise BackupRefused(f"There is no database at {source}.")
    with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(to)) as copy:
        try:
            # All in one step: with WAL nobody waits for it, and in several steps every write in between would make
            # it begin anew.
            live.backup(copy, pages=-1)
            (found,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
        except sqlite3.DatabaseError as error:
            if error.sqlite_errorname in ("SQLITE_FULL", "SQLITE_IOERR_WRITE"):  # only the copy is written
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(to)) from error
            found = str(error)
    if found != "ok":
        to.unlink(missing_ok=True)
        raise BackupRefused(
            f"The database {source} is damaged ({found}). Keep the backups that you have; restore the last good one."
        )


def copy_in(url: str, source: Path) -> None:
    """Put a copy in the place of the database's content, in one transaction: others see the old or the new.

    Raises:
        BackupRefused: PostgreSQL's programs are missing or refuse; the database is as it was.
    """
    address = make_url(url)
    if kind_of(url) == "postgresql":
        # Whoever holds a table open is waited for, but not for ever.
        options = ("--clean", "--if-exists", "--no-owner", "--single-transaction", str(source))
        _run("pg_restore", address, *options, timeout_ms=60_000)
        return
    target = Path(address.database or "")
    target.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(source)) as copy, closing(sqlite3.connect(target, timeout=60)) as live:
        # All in one step: the write lock is held from beginning to end.
        copy.backup(live, pages=-1)
        live.execute("PRAGMA journal_mode = WAL")


def _run(program: str, address: URL, *arguments: str, timeout_ms: int | None = None) -> None:
    found = shutil.which(program) or _debian(program)
    if found is None:
        raise BackupRefused(f"{program} is missing. As root: apt-get install postgresql-client")
    environment = dict(os.environ)
    # Not on the command line, where every process of the machine could read it.
    if address.password:
        environment["PGPASSWORD"] = str(address.password)
    if timeout_ms is not None:
        environment["PGOPTIONS"] = f"-c lock_timeout={timeout_ms}"
    plain = URL.create(
        "postgresql", address.username, None, address.host, address.port, address.database, address.query
    )
    dbname = plain.render_as_string(hide_password=False)
    done = subprocess.run(
        [found, "--dbname", dbname, *arguments], env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise BackupRefused(f"{program} refused: {done.stderr.strip()[-500:]}")


def _debian(program: str) -> str | None:
    places = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{program}"), reverse=True)
    return str(places[0]) if places else None
