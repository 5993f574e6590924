"""What a file said beside its pixels, and keyed stand-ins for what names a patient, an examination or a day.

UIDs become others by a keyed hash, the same ones for the same ones; dates move by a number of days that belongs to the
patient, so that the time between two examinations stays. Knows nothing about file formats: ``deidentify`` says what of
a DICOM file gets this far. Raster files have no header here.
"""

import datetime
import hashlib
import hmac
from dataclasses import dataclass, field
from typing import Any

PROFILE = "PS3.15 basic profile as an allow-list, edition 1"
MOST_DAYS = 3650
# A file's own words for the day of the examination, the best first.
DAYS = ("StudyDate", "AcquisitionDate", "ContentDate", "SeriesDate")


@dataclass(frozen=True, slots=True)
class Header:
    """What a file said beside its pixels. Identifiers in it live in memory until ``replaced`` and no longer.

    Attributes:
        kept: keyword → number, list of numbers, or word of a closed list.
        dropped: how many elements were not looked at further, those within sequences included.
        patient: identifier of the patient, with its issuer; empty where the file names nobody in particular.
        uids, dates: keyword → value as it stands in the file.
        time: time of day of the examination, ``"101500.000000"``; empty where the file says none.
        accession: number of the order.
        witness: what a second patient of the same identifier would have otherwise: birth_date, sex, name.
        age: as DICOM writes it, ``"045Y"``.
    """

    kept: dict[str, Any] = field(default_factory=dict)
    dropped: int = 0
    patient: str = field(default="", repr=False)
    uids: dict[str, str] = field(default_factory=dict, repr=False)
    dates: dict[str, str] = field(default_factory=dict, repr=False)
    time: str = field(default="", repr=False)
    accession: str = field(default="", repr=False)
    witness: dict[str, str] = field(default_factory=dict, repr=False)
    age: str = field(default="", repr=False)

    @property
    def whose(self) -> str:
        """The identifier that files of one patient share, or those of one study; empty where there is neither."""
        study = self.uids.get("StudyInstanceUID", "")
        return self.patient or (f"study {study}" if study else "")


def replaced(header: Header, secret: bytes) -> dict[str, Any]:
    """The header as it may be stored: what was kept, and stand-ins keyed by ``secret`` for UIDs and dates."""
    stand_ins = {keyword: other_uid(uid, secret) for keyword, uid in header.uids.items()}
    moved = ((keyword, moved_day(date, header, secret)) for keyword, date in header.dates.items())
    stand_ins |= {keyword: date.isoformat() for keyword, date in moved if date}
    return {
        "profile": PROFILE,
        "kept": header.kept,
        "replaced": stand_ins,
        "dropped": header.dropped,
    }


def keyed(secret: bytes, purpose: str, value: str) -> bytes:
    """32 bytes that only who has the secret can make of the value, others for each purpose."""
    return hmac.new(secret, f"{purpose}:{value}".encode(), hashlib.sha256).digest()


def other_uid(uid: str, secret: bytes) -> str:
    """A UID under 2.25, the root of UUIDs (PS3.5 B.2), from 128 bits of the keyed hash."""
    return f"2.25.{int.from_bytes(keyed(secret, 'uid', uid)[:16], 'big')}"


def moved_day(date: str, header: Header, secret: bytes) -> datetime.date | None:
    """The day moved with all others of the header's patient; None where it is malformed."""
    days = 1 + int.from_bytes(keyed(secret, "days", header.whose)[:4], "big") % MOST_DAYS
    try:
        return datetime.datetime.strptime(date, "%Y%m%d").date() - datetime.timedelta(days=days)
    except (ValueError, OverflowError):
        return None
