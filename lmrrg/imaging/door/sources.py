"""The files behind paths that someone gave: folders are walked, ZIP archives are read, nothing is unpacked to disk.

Knows names only to tell the person who gave them which file was refused, and no image format.
"""

import lzma
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from lmrrg.errors import FileTooLarge, UnreadableFile, UnsupportedFile
from lmrrg.imaging.door.bounds import MAX_BYTES, check_expansion, read_bounded, read_head
from lmrrg.imaging.door.names import shown

MOST_MEMBERS = 200_000
_DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, lzma.LZMAError),
    *(OSError, EOFError, RuntimeError, NotImplementedError, ValueError, UnicodeError),
)
_LITTER = ("thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True)
class Source:
    """One file: its name as it may be shown, where it lies, and how to get its bytes.

    ``path`` is its place, of a member of an archive below that of the archive; ``folder`` the one around it.
    ``read`` gives all of them, ``head(size)`` the first; both raise IntakeError where they cannot be had.
    """

    name: str
    path: str
    folder: str
    read: Callable[[], bytes]
    head: Callable[[int], bytes]


def sources_of(paths: Iterable[Path]) -> Iterator[Source]:
    """Every file that ``paths`` stand for, in the order of their names; hidden ones are left out.

    A path that is no file gives a source whose ``read`` says so.
    """
    for path in paths:
        if path.is_dir():
            for inside in sorted(path.rglob("*")):
                if not inside.is_dir() and _is_wanted(inside.relative_to(path).parts):
                    yield from _file(inside)
        else:
            yield from _file(path)


def _file(path: Path) -> Iterator[Source]:
    if not _is_archive(path):
        yield Source(
            shown(str(path)),
            str(path),
            str(path.parent),
            partial(read_bounded, path),
            partial(read_head, path),
        )
        return
    try:
        archive = zipfile.ZipFile(path)
        members = [one for one in archive.infolist() if not one.is_dir()]
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        yield _refused(str(path), UnreadableFile("The ZIP archive is damaged. Send it again."))
        return
    if len(members) > MOST_MEMBERS:
        yield _refused(
            str(path), FileTooLarge(f"The ZIP archive holds more than {MOST_MEMBERS} files. Split it.")
        )
        return
    for member in sorted(members, key=lambda one: one.filename):
        parts = Path(member.filename).parts
        if _is_wanted(parts):
            folder = str(path / Path(*parts[:-1])) if len(parts) > 1 else str(path)
            read, head = (partial(function, archive, member) for function in (_member, _first_bytes))
            yield Source(shown(f"{path}: {member.filename}"), str(path / member.filename), folder, read, head)


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    return read_bounded(_first_bytes(archive, member, MAX_BYTES + 1))


def _first_bytes(archive: zipfile.ZipFile, member: zipfile.ZipInfo, size: int) -> bytes:
    if member.flag_bits & 1:
        raise UnsupportedFile(
            "The file is encrypted. Unpack the ZIP archive with its password, and add the folder."
        )
    if member.file_size > MAX_BYTES:
        raise FileTooLarge(f"The file is larger than {MAX_BYTES // 2**20} MB. Export a single image.")
    check_expansion(member.compress_size, member.file_size)
    try:
        with archive.open(member) as file:
            return file.read(size)
    except _DAMAGE:
        raise UnreadableFile("The file within the ZIP archive is damaged. Send it again.") from None


def _refused(name: str, error: Exception) -> Source:
    def read(size: int = 0) -> bytes:
        raise error

    return Source(shown(name), name, name, read, read)


def _is_archive(path: Path) -> bool:
    try:
        if not path.is_file():  # opening a pipe would wait for whoever writes into it
            return False
        with path.open("rb") as file:
            return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")
    except OSError:
        return False


def _is_wanted(parts: tuple[str, ...]) -> bool:
    hidden = any((part.startswith(".") and part != "..") or part == "__MACOSX" for part in parts)
    return not hidden and parts[-1].lower() not in _LITTER
