"""What readers made of a study: opened, saved, begun anew from another draft. No edit is lost, none is overwritten.

How a step is written is in ``revisions``; signing and amending are in ``signing``, what was signed in ``signed``, and
all are offered under this name too. Does not know a page or a model.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from feedback_db.errors import AlreadySigned, NotAllowed, NotFound
from feedback_db.models import Draft, Reader, Reading, ReadingStatus, Study
from feedback_db.reading.revisions import Step, append, keep, own, site_of_own
from feedback_db.reading.revisions import of_reading as revisions
from feedback_db.reading.signed import (
    SIGNED,
    Sentences,
    SignedReading,
    count_signed,
    signed_readings,
    waiting_for_training,
)
from feedback_db.reading.signing import amend, discard_amendment, keep_amendment, sign
from feedback_db.studies import drafts, worklist_entries

__all__ = [
    "SIGNED",
    "OtherReading",
    "Sentences",
    "SignedReading",
    "Step",
    "adopt_draft",
    "amend",
    "count_signed",
    "discard_amendment",
    "find",
    "get",
    "keep_amendment",
    "open_reading",
    "others_of_study",
    "own",
    "revisions",
    "save",
    "sentences_of_draft",
    "sign",
    "signed_readings",
    "site_of_own",
    "waiting_for_training",
]


def open_reading(session: Session, *, study_id: int, reader_id: int, draft_id: int | None = None) -> Reading:
    """The reader's reading of this study, begun from a draft where there is none yet.

    Without ``draft_id`` the study's newest draft for reading is taken, or an empty text. A reading at revision 0
    (opened, never saved) moves on to a ``draft_id`` that is given; a saved one stays as it is.

    Raises:
        NotFound: no such study or draft.
        NotAllowed: the draft is of another study.
    """
    reading = find(session, study_id=study_id, reader_id=reader_id)
    if reading is not None and (reading.revision > 0 or draft_id in (None, reading.draft_id)):
        return reading
    if session.get(Study, study_id) is None:
        raise NotFound("study", study_id)
    if draft_id is None:
        draft = drafts.readable(session, study_id=study_id)
    else:
        draft = _draft_of(session, draft_id=draft_id, study_id=study_id)
    if reading is None:
        reading = _begin(session, study_id=study_id, reader_id=reader_id)
    # Held from here on: the reader's other tab may save at this moment, and must not find its text replaced.
    session.refresh(reading, with_for_update=True)
    if reading.revision > 0:
        return reading
    reading.draft_id = draft.id if draft else None
    reading.text = draft.text if draft else ""
    reading.sentences = sentences_of_draft(draft) if draft else []
    session.flush()
    return reading


def sentences_of_draft(draft: Draft) -> Sentences:
    """A draft's sentences as a reading holds them, each with its index in the draft."""
    return [
        {"text": sentence["text"], "draft_index": index}
        for index, sentence in enumerate(draft.report.get("sentences", ()))
    ]


def get(session: Session, *, reading_id: int) -> Reading:
    """The reading; raises NotFound."""
    reading = session.get(Reading, reading_id)
    if reading is None:
        raise NotFound("reading", reading_id)
    return reading


def find(session: Session, *, study_id: int, reader_id: int) -> Reading | None:
    """This reader's reading of this study, if there is one."""
    return session.scalar(select(Reading).where(Reading.study_id == study_id, Reading.reader_id == reader_id))


@dataclass(frozen=True, slots=True)
class OtherReading:
    """That another reader has a reading, and how far it is; not what it says."""

    reader_id: int
    name: str
    status: ReadingStatus


def others_of_study(session: Session, *, study_id: int, reader_id: int) -> list[OtherReading]:
    """Who else has a reading of this study, the first opened first."""
    rows = session.execute(
        select(Reader.id, Reader.name, Reading.status)
        .join(Reader, Reader.id == Reading.reader_id)
        .where(Reading.study_id == study_id, Reading.reader_id != reader_id)
        .order_by(Reading.id)
    )
    return [OtherReading(row.id, row.name, row.status) for row in rows]


def save(session: Session, step: Step, *, text: str, sentences: Sentences) -> Reading:
    """Keep the text as it stands; returns the reading with its new revision.

    A save that is sent again because its answer was lost (same base, same content) is acknowledged, not refused.

    Raises:
        StaleRevision: saved elsewhere since; carries the newer text.
        AlreadySigned: use ``amend``.
        NotAllowed: another reader's reading.
        NotFound: no such reading.
    """
    return keep(session, step, kind="save", text=text, sentences=sentences)


def adopt_draft(session: Session, step: Step, *, draft_id: int) -> Reading:
    """Start over from another draft of the study; what was written stays in the revisions.

    Raises:
        NotAllowed: another reader's reading, or another study's draft.
        StaleRevision, AlreadySigned, NotFound: as ``save``.
    """
    reading = own(session, reading_id=step.reading_id, reader_id=step.reader_id)
    if reading.status in SIGNED:
        raise AlreadySigned
    draft = _draft_of(session, draft_id=draft_id, study_id=reading.study_id)
    reading = append(session, step, kind="save", text=draft.text, sentences=sentences_of_draft(draft))
    reading.draft_id = draft.id
    session.flush()
    return reading


def _begin(session: Session, *, study_id: int, reader_id: int) -> Reading:
    """A new, empty reading; or the one that the reader's other tab made in this moment."""
    try:
        with session.begin_nested():
            reading = Reading(study_id=study_id, reader_id=reader_id, text="")
            session.add(reading)
    except IntegrityError:
        twin = find(session, study_id=study_id, reader_id=reader_id)
        if twin is None:
            raise
        return twin
    worklist_entries.refresh_status(session, study_id=study_id)
    return reading


def _draft_of(session: Session, *, draft_id: int, study_id: int) -> Draft:
    draft = drafts.get(session, draft_id=draft_id)
    if draft.study_id != study_id:
        raise NotAllowed("This draft belongs to another study. Reload the page.")
    return draft
