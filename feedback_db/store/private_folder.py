"""Keeps an installation's files from the machine's other users: folders 0700, files 0600, whatever makes them.

Every command that touches the data folder calls ``keep_private`` before anything else. Does not know what the files
are, and looks at none outside of the folder: what is made there by this process is private too, and stays as it was
otherwise.
"""

import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

OTHERS = 0o077  # what the group and everybody else may do


def keep_private(folder: Path) -> None:
    """Make all that this process and its children create private, and so all that is in ``folder`` already.

    Tells the error stream in one line where something was open to others. All of the folder is looked through only
    where it or something at its top is: what lies deeper was made by the same processes as those.
    """
    os.umask(OTHERS)
    folder = folder.resolve()
    if not folder.is_dir() or not any(_is_open(path) for path in (folder, *folder.iterdir())):
        return
    found = [path for path in _deepest_first(folder) if _is_open(path)]
    left = sum(not _closed(path) for path in found)
    count = f"{len(found) - left} of its files and folders"
    told = f"Other users of this machine could read {folder}: {count} are yours alone now."
    if left:
        told += f" {left} belong to another user: have them given to you, or closed (chmod go-rwx)."
    sys.stderr.write(told + "\n")


def _is_open(path: Path) -> bool:
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:  # gone since it was listed: a server is running
        return False
    return not stat.S_ISLNK(mode) and bool(mode & OTHERS)


def _closed(path: Path) -> bool:
    """Take what others may do away; False where that is for another user to do."""
    try:
        path.chmod(stat.S_IMODE(path.lstat().st_mode) & ~OTHERS)
    except FileNotFoundError:
        return True
    except PermissionError:
        return False
    return True


def _deepest_first(folder: Path) -> Iterator[Path]:
    """All that is in the folder, and the folder last: a repair that was cut short is taken up by the next start."""
    for place, _, names in os.walk(folder, topdown=False):
        yield from (Path(place, name) for name in names)
        yield Path(place)
