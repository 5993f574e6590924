"""Who works with a data folder: servers, workers and commands share it, a restore wants it alone.

By a lock that ends with its process, however it ends. It tells of the processes of one machine; where several machines
share a database, whoever restores stops the others.
"""

import fcntl
import os
import weakref
from pathlib import Path
from types import TracebackType
from typing import Self

from feedback_db.errors import BackupRefused

_LOCK = ".in-use.lock"


class InUse:
    """Shared use of a data folder until ``close``, or for a ``with`` block."""

    def __init__(self, data_folder: Path, *, alone: bool = False) -> None:
        """``alone``: nobody else may use it meanwhile. Raises BackupRefused where somebody does."""
        data_folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(data_folder / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        self._let_go = weakref.finalize(self, os.close, descriptor)
        try:
            fcntl.flock(descriptor, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError:
            self._let_go()
            raise BackupRefused(
                "The server, a worker or another command is running on this data folder. Stop it first."
                if alone
                else "A backup is being restored into this data folder. Start again when it is done."
            ) from None

    def close(self) -> None:
        """Let go; more than once does nothing."""
        self._let_go()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
