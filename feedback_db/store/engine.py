"""Connections: the settings without which an acknowledged edit could be lost.

SQLite runs in WAL with ``synchronous=NORMAL``, which outlives a killed process but may forget the last commits when
the power fails. A saved edit is a promise: ``feedback_db.store.write_queue`` flushes the log before a commit returns,
as ``FULL`` would, but once for all who are waiting. Does not know a table.
"""

import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url

from feedback_db.store.write_queue import BUSY_SECONDS, READ_ONLY, WriteQueue

__all__ = ["READ_ONLY", "make_engine"]

# One for each thread that a web server answers with (40 as Starlette has it) and for those that work behind it: who
# waits for a turn to write holds one, and must not keep readers from theirs. PostgreSQL grants 100 by default.
CONNECTIONS = 48


def make_engine(url: str, *, foreign_keys: bool = True) -> Engine:
    """An engine for ``url``; on SQLite with WAL, a queue of writers, a busy timeout and foreign keys."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(address, pool_pre_ping=True, pool_size=CONNECTIONS, max_overflow=0)
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        address, connect_args={"timeout": BUSY_SECONDS}, pool_size=CONNECTIONS, max_overflow=0
    )
    event.listen(engine, "connect", _configure_sqlite(foreign_keys=foreign_keys))
    on_disk = address.database not in (None, "", ":memory:")
    queue = WriteQueue(Path(f"{address.database}-wal") if on_disk else None)
    event.listen(engine, "begin", queue.begin)
    event.listen(engine, "checkin", queue.end)
    return engine


def _configure_sqlite(*, foreign_keys: bool) -> Any:
    def configure(connection: sqlite3.Connection, record: object) -> None:
        # The driver must not begin transactions by itself: the queue of writers does.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
        _use_wal(connection)
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")

    return configure


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch to the write-ahead log. Where others open the same new file, SQLite refuses at once instead of waiting."""
    give_up = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > give_up:
                raise
            time.sleep(0.01)
        else:
            return
