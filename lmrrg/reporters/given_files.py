"""The files that a command was given, as the examinations that they are of.

Files that name the same examination are one study; a picture, which names none, is a study of its own. Their headers
are looked at first and their pixels later, so that no more than one study is in memory at a time. Knows nothing about
models.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from lmrrg.errors import IntakeError
from lmrrg.imaging.door.bounds import read_head
from lmrrg.imaging.door.examination import Named, by_examination
from lmrrg.imaging.door.header import DAYS
from lmrrg.imaging.door.sniff import format_of
from lmrrg.imaging.door.untrusted import HEAD_BYTES, receive_untrusted


@dataclass(frozen=True, slots=True)
class Given:
    """The files of one study, in the order in which they were given; ``remark``: what to say of them, else empty."""

    files: tuple[Path, ...]
    remark: str = ""


def studies_of(files: Sequence[Path]) -> Iterator[Given]:
    """The studies that the files are of, in the order in which the first of each stands."""
    if len(files) == 1:  # nothing to put together
        yield Given(tuple(files))
        return
    names = [_named(file, number) for number, file in enumerate(files)]
    groups = by_examination(range(len(files)), lambda number: names[number])
    first: dict[tuple[str, str], Path] = {}
    for group in sorted(groups):
        patient, study, _ = names[group[0]]
        lead = files[group[0]]
        before = first.setdefault((patient, study), lead)
        remark = (
            ""
            if before == lead
            else f"names the same examination as {before}, but another day; it is taken as a study of its own"
        )
        yield Given(tuple(files[number] for number in group), remark)


def _named(file: Path, number: int) -> Named:
    """How the file names its examination; one that names none, or cannot be read, has a name that no other has."""
    alone = Named("", f"file {number}", None)
    try:
        if format_of(read_head(file, HEAD_BYTES)) != "DICOM":
            return alone
        header = receive_untrusted(file).header
    except IntakeError:  # said when it is its turn
        return alone
    study = header.uids.get("StudyInstanceUID") if header else None
    if header is None or not study:
        return alone
    day = next((header.dates[name] for name in DAYS if header.dates.get(name)), None)
    return Named(header.patient, study, day)
