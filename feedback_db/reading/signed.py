"""The signed reports: what training learns from and evaluation compares with.

Only reads; ``feedback_db.reading.readings`` writes, and offers these functions under its name too.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from feedback_db.models import (
    Draft,
    Origin,
    Reading,
    ReadingStatus,
    Split,
    Study,
    StudyImage,
    TrainingJob,
)
from feedback_db.studies.images import hung_first

# One object per sentence: "text", and "draft_index" where it came from the draft's sentence of that index.
Sentences = list[dict[str, Any]]
# The states in which a reader's name stands under the text.
SIGNED: tuple[ReadingStatus, ...] = ("signed", "amended")


@dataclass(frozen=True, slots=True)
class SignedReading:
    """A signed (or amended) report with what training and evaluation need to know of it.

    ``revision`` is the one that ``text`` was signed with. ``image_folder`` and ``view`` are of the image that is hung
    first, a frontal one where there is one; the folder is relative to the data folder. ``draft_text`` is None where
    nothing was drafted. ``prior_report`` is the earlier report that the model was told when it wrote the draft; empty
    where it was told none.
    """

    reading_id: int
    revision: int
    study_id: int
    reader_id: int
    patient_key: str
    split: Split
    site: str
    view: str | None
    indication: str
    comparison: str
    technique: str
    origin: Origin
    image_folder: str
    text: str
    sentences: Sentences
    draft_id: int | None
    draft_text: str | None
    prior_report: str
    model_version_id: int | None
    signed_at: datetime


def signed_readings(
    session: Session, *, split: Split | None = None, site: str | None = None
) -> list[SignedReading]:
    """All signed and amended readings of a split, the oldest first, in one query."""
    wanted: list[ColumnElement[bool]] = [Reading.status.in_(SIGNED)]
    if split is not None:
        wanted.append(Study.split == split)
    if site is not None:
        wanted.append(Study.site == site)
    rows = session.execute(
        # Not the draft itself: its maps are large and nobody here needs them.
        select(
            Reading,
            Study,
            StudyImage.view,
            StudyImage.image_folder,
            Draft.text,
            Draft.request["prior_report"].as_string(),
            Draft.model_version_id,
        )
        .join(Study, Study.id == Reading.study_id)
        .join(StudyImage, StudyImage.id == hung_first())
        .outerjoin(Draft, Draft.id == Reading.draft_id)
        .where(*wanted)
        .order_by(Reading.id)
    )
    return [
        SignedReading(
            reading_id=reading.id,
            revision=reading.signed_revision or reading.revision,
            study_id=study.id,
            reader_id=reading.reader_id,
            patient_key=study.patient_key,
            split=study.split,
            site=study.site,
            view=view,
            indication=study.indication,
            comparison=study.comparison,
            technique=study.technique,
            origin=study.origin,
            image_folder=image_folder,
            text=reading.text,
            sentences=reading.sentences,
            draft_id=reading.draft_id,
            draft_text=draft_text,
            prior_report=prior_report or "",
            model_version_id=model_version_id,
            signed_at=reading.signed_at or reading.opened_at,
        )
        for reading, study, view, image_folder, draft_text, prior_report, model_version_id in rows
    ]


def count_signed(session: Session, *, split: Split | None = None, since: datetime | None = None) -> int:
    """How many readings are signed or amended, of one split or both, first signed after ``since``."""
    query = select(func.count()).select_from(Reading).where(Reading.status.in_(SIGNED))
    if split is not None:
        query = query.join(Study, Study.id == Reading.study_id).where(Study.split == split)
    if since is not None:
        query = query.where(Reading.signed_at > since)
    return session.scalar(query) or 0


def waiting_for_training(session: Session) -> int:
    """How many signed readings of training patients no finished training job has used yet."""
    since = session.scalar(select(func.max(TrainingJob.started_at)).where(TrainingJob.status == "succeeded"))
    return count_signed(session, split="training", since=since)
