"""Takes what was deleted out of the database's file, where it lies until its room is needed. Knows no table."""

import sqlite3
from contextlib import closing

from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import DBAPIError

_WAIT_SECONDS = 30.0


def overwrite(url: str) -> bool:
    """Write the database's file anew without what was deleted; False where others use it too much for that."""
    address = make_url(url)
    if address.get_backend_name() != "sqlite":
        engine = create_engine(address, isolation_level="AUTOCOMMIT")
        try:
            with engine.connect() as connection:
                connection.execute(text(f"SET lock_timeout = '{int(_WAIT_SECONDS)}s'"))
                connection.execute(text("VACUUM FULL"))
        except DBAPIError:
            return False
        finally:
            engine.dispose()
        return True
    with closing(sqlite3.connect(address.database or "", timeout=_WAIT_SECONDS)) as connection:
        try:
            connection.execute("VACUUM")
            # The log still has the pages of before, until it is emptied.
            (busy, *_) = connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        except sqlite3.OperationalError:
            return False
    return not busy
