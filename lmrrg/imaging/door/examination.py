"""What a file tells of its examination, as it may be kept: keyed stand-ins for what names anybody, and a few numbers.

Of the examination's day and time there is the day moved with all others of the patient, and a number that puts the
studies of that day in order. Knows nothing about file formats: ``deidentify`` says what of a DICOM file gets this far.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal, NamedTuple, TypeVar

from lmrrg.imaging.door.header import DAYS, Header, keyed, moved_day, other_uid

# Older patients are so few that an age would name them; 45 CFR 164.514(b)(2)(i)(C) has them as one group.
OLDEST = 90
_AGE = re.compile(r"(\d{3})([DWMY])")
_UNITS_IN_A_YEAR = {"D": 365, "W": 52, "M": 12, "Y": 1}
_SIDES: dict[object, Literal["L", "R"]] = {"L": "L", "R": "R", "LL": "L", "RL": "R"}


@dataclass(frozen=True, slots=True)
class Stated:
    """What a header states, each None where it does not.

    Attributes:
        study_key, accession_key: the same for the same examination and the same order.
        witness_key: keyed hashes of birth date, sex and name by these names, of those that are stated.
        examined_on: the day, moved; ``day_rank`` is larger for what came later on that day of this patient, and its
            size tells no time: it is the second of the day moved by a number that belongs to patient and day.
        age: in years, 90 for all above.
        side: the patient's side that was examined, or that lay at the detector of a lateral.
    """

    study_key: str | None = None
    accession_key: str | None = None
    witness_key: dict[str, str] | None = None
    examined_on: date | None = None
    day_rank: int | None = None
    age: int | None = None
    sex: Literal["F", "M", "O"] | None = None
    side: Literal["L", "R"] | None = None


File = TypeVar("File")


class Named(NamedTuple):
    """How a file names its examination; ``day`` is None where it states none."""

    patient: str
    study: str
    day: date | str | None


def by_examination(files: Iterable[File], name: Callable[[File], Named]) -> list[list[File]]:
    """The files by their examinations, in the order in which each examination's first stands.

    An examination has one day: files that name the same one on two days are of two. A file that states no day goes with
    the first of its days.
    """
    found: dict[tuple[str, str], dict[date | str | None, list[File]]] = {}
    for file in files:
        patient, study, day = name(file)
        days = found.setdefault((patient, study), {})
        if None in days and day is not None:
            days[day] = days.pop(None)
        days.setdefault(next(iter(days)) if day is None and days else day, []).append(file)
    return [together for days in found.values() for together in days.values()]


def stated_of(header: Header, secret: bytes) -> Stated:
    """What may be kept of the header beside ``header.replaced``, keyed by ``secret``."""
    study = header.uids.get("StudyInstanceUID")
    day = next((header.dates[name] for name in DAYS if header.dates.get(name)), "")
    kept = header.kept
    said = (kept.get(name) for name in ("ImageLaterality", "Laterality", "ViewPosition"))
    witness = {
        name: keyed(secret, f"witness {name}", _folded(value)).hex()[:32]
        for name, value in header.witness.items()
    }
    return Stated(
        study_key=other_uid(study, secret) if study else None,
        accession_key=keyed(secret, "accession", header.accession).hex()[:32] if header.accession else None,
        witness_key=witness or None,
        examined_on=moved_day(day, header, secret),
        day_rank=_rank(day, header, secret),
        age=_age(day, header),
        sex=_sex(header.witness.get("sex", "")),
        side=next((_SIDES[word] for word in said if word in _SIDES), None),
    )


def _folded(said: str) -> str:
    """Without what hospitals write differently: capitals, and how the parts of a name are divided."""
    return " ".join(re.split(r"[\s^=]+", said.casefold())).strip()


def _rank(day: str, header: Header, secret: bytes) -> int | None:
    try:
        clock = datetime.strptime(header.time[:6], "%H%M%S")
    except ValueError:
        return None
    if not day:
        return None
    moved_by = int.from_bytes(keyed(secret, "time of day", f"{header.whose} {day}")[:4], "big") % 2**30
    return moved_by + 3600 * clock.hour + 60 * clock.minute + clock.second


def _age(day: str, header: Header) -> int | None:
    written = _AGE.fullmatch(header.age.upper())
    if written:
        years = int(written[1]) // _UNITS_IN_A_YEAR[written[2]]
    else:
        try:
            born = datetime.strptime(header.witness.get("birth_date", ""), "%Y%m%d")
            then = datetime.strptime(day, "%Y%m%d")
        except ValueError:
            return None
        years = then.year - born.year - ((then.month, then.day) < (born.month, born.day))
    return min(years, OLDEST) if 0 <= years < 130 else None


def _sex(said: str) -> Literal["F", "M", "O"] | None:
    return next((known for known in ("F", "M", "O") if said.upper() == known), None)
