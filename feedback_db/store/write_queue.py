"""The queue of SQLite's writers: who writes next, and when what was written is on the disk.

SQLite has one writer at a time, lets the others look again at ever longer intervals in no order, and with
``synchronous=FULL`` makes each wait for a flush of its own. Here the threads of this process wait for each other, so
that the next is woken at once; and a commit is acknowledged once the write-ahead log was flushed after it, by
whichever of the waiting threads came first: many commits share one flush. Other processes wait as SQLite has it.
Does not know what is written.
"""

import os
from pathlib import Path
from threading import Lock

from sqlalchemy import Connection
from sqlalchemy.pool import ConnectionPoolEntry

BUSY_SECONDS = 30.0
# Our execution option, by which a connection knows how to begin.
READ_ONLY = "feedback_db_read_only"
# Under which a connection notes that it is its turn to write.
_TURN = "feedback_db_turn"


class WriteQueue:
    """Begins and ends the transactions of one engine. ``log`` is the write-ahead log's file; None where there is none.

    A turn ends when the connection goes back to the pool, which each commit or rollback of a session brings about
    before it returns.
    """

    def __init__(self, log: Path | None) -> None:
        self._log = log
        self._writing, self._flushing = Lock(), Lock()
        self._ended = self._flushed = 0  # turns that ended, and the last of them that is on the disk

    def begin(self, connection: Connection) -> None:
        """SQLAlchemy's ``begin``: a reader waits for nobody, a writer for its turn."""
        read_only = bool(connection.get_execution_options().get(READ_ONLY, False))
        if connection.info.get(READ_ONLY) is not read_only:
            connection.exec_driver_sql(f"PRAGMA query_only = {'ON' if read_only else 'OFF'}")
            connection.info[READ_ONLY] = read_only
        if not read_only and _TURN not in connection.info and self._writing.acquire(timeout=BUSY_SECONDS):
            connection.info[_TURN] = True
        connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")

    def end(self, connection: object, record: ConnectionPoolEntry) -> None:
        """SQLAlchemy's ``checkin``: the next may write; returns when what this one wrote is on the disk."""
        if not record.info.pop(_TURN, False):
            return
        self._ended += 1
        mine = self._ended
        self._writing.release()
        with self._flushing:
            if self._flushed < mine:
                last = self._ended
                self._flush()
                self._flushed = last

    def _flush(self) -> None:
        if self._log is None:
            return
        try:
            descriptor = os.open(self._log, os.O_RDWR)
        except FileNotFoundError:
            return  # whoever closed the file last has moved the whole log into it, and removed the log
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
