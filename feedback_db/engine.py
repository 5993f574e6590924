"""Connections: the settings without which an acknowledged edit could be lost.

SQLite runs in WAL with ``synchronous=FULL``. ``NORMAL`` would outlive a killed process but may forget the last
commits when the power fails, and a saved edit is a promise; ``FULL`` costs one flush to disk per commit.
Knows no table.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url

BUSY_SECONDS = 30.0
# Our execution option, by which a connection knows how to begin on SQLite.
READ_ONLY = "feedback_db_read_only"


def make_engine(url: str, *, foreign_keys: bool = True) -> Engine:
    """An engine for ``url``; on SQLite with WAL, full synchronisation, a busy timeout and foreign keys."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        return create_engine(address, pool_pre_ping=True)
    if address.database and address.database != ":memory:":
        Path(address.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(address, connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _configure_sqlite(foreign_keys=foreign_keys))
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _configure_sqlite(*, foreign_keys: bool) -> Any:
    def configure(connection: Any, record: object) -> None:
        # The driver must not begin transactions by itself: _begin_sqlite does.
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {int(BUSY_SECONDS * 1000)}")
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(f"PRAGMA foreign_keys = {'ON' if foreign_keys else 'OFF'}")

    return configure


def _begin_sqlite(connection: Connection) -> None:
    read_only = bool(connection.get_execution_options().get(READ_ONLY, False))
    connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if read_only else 'OFF'}")
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
