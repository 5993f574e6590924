"""Whether there is room on the disk: what tells that there was none, and how much is left. Does not know who asks."""

import errno
import shutil
from collections.abc import Iterator
from pathlib import Path

_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
# As SQLite and PostgreSQL word it.
_WORDS = (
    "database or disk is full",
    "no space left on device",
    "disk quota exceeded",
    "could not extend file",
)


def was_full(error: BaseException) -> bool:
    """Whether the error, or one that it stands on, says that the disk has no room."""
    return any(
        (isinstance(one, OSError) and one.errno in _NO_ROOM)
        or any(words in str(one).lower() for words in _WORDS)
        for one in _causes(error)
    )


def left(folder: Path) -> int:
    """Bytes that can still be written into the folder."""
    return shutil.disk_usage(folder).free


def _causes(error: BaseException) -> Iterator[BaseException]:
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop()
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, one.__context__, getattr(one, "orig", None)]
