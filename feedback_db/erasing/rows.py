"""A patient's rows: which they are, and their end.

What the chain of the audit says of them stays, and one row more says that they are gone: a tombstone, with which all
still verifies. Knows no files.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import Session

from feedback_db.models import (
    AuditEvent,
    Base,
    Draft,
    Preference,
    Presence,
    Reading,
    ReadingRevision,
    RegionFeedback,
    SentenceFeedback,
    Study,
    StudyImage,
    TrainingEvent,
    WorklistEntry,
)


@dataclass(frozen=True, slots=True)
class Belongings:
    """What is a patient's: numbers of rows, folders and content hashes of images, and since when."""

    studies: tuple[int, ...]
    readings: tuple[int, ...]
    folders: tuple[str, ...]
    contents: tuple[str, ...]
    since: datetime | None


def belongings_of(session: Session, *, patient_key: str) -> Belongings:
    """All that is here of the patient with this pseudonym; nothing where there is no such patient."""
    studies = list(session.scalars(select(Study).where(Study.patient_key == patient_key).order_by(Study.id)))
    numbers = tuple(study.id for study in studies)
    images = list(session.scalars(select(StudyImage).where(StudyImage.study_id.in_(numbers))))
    readings = session.scalars(select(Reading.id).where(Reading.study_id.in_(numbers)).order_by(Reading.id))
    return Belongings(
        studies=numbers,
        readings=tuple(readings),
        folders=tuple(image.image_folder for image in images),
        contents=tuple(image.content_hash for image in images),
        since=min((study.created_at for study in studies), default=None),
    )


def tombstones(session: Session) -> dict[str, tuple[int, ...]]:
    """The numbers of the studies that were erased, by the hash of the audit's row that says so."""
    told = select(AuditEvent.hash, AuditEvent.data).where(AuditEvent.action == "erase patient")
    return {row.hash: tuple(row.data["studies"]) for row in session.execute(told)}


def delete_all(session: Session, *, what: Belongings) -> None:
    """Delete the rows, the dependent ones first."""
    studies, readings = what.studies, what.readings
    samples = [TrainingEvent.data["study"].as_string() == f"study {number}" for number in studies]
    gone: Sequence[tuple[type[Base], ColumnElement[bool]]] = (
        (RegionFeedback, RegionFeedback.reading_id.in_(readings)),
        (SentenceFeedback, SentenceFeedback.reading_id.in_(readings)),
        (Preference, Preference.study_id.in_(studies)),
        (ReadingRevision, ReadingRevision.reading_id.in_(readings)),
        (Reading, Reading.id.in_(readings)),
        (Draft, Draft.study_id.in_(studies)),
        (Presence, Presence.study_id.in_(studies)),
        (WorklistEntry, WorklistEntry.study_id.in_(studies)),
        (TrainingEvent, or_(*samples)),
        (StudyImage, StudyImage.study_id.in_(studies)),
        (Study, Study.id.in_(studies)),
    )
    unwatched: dict[str, Any] = {"synchronize_session": False}
    for table, theirs in gone:
        session.execute(delete(table).where(theirs), execution_options=unwatched)
