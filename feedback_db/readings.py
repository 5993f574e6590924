"""What readers made of a study: opened, saved, signed, amended. No edit is lost and none is overwritten.

Every save names the revision that it started from. Where that is no longer the current one, nothing is written
and ``StaleRevision`` carries the newer text. Each revision is also kept as a row that never changes.
A text is signed by a person, never by a model. Knows no page and no model.
"""

from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from feedback_db import audit, drafts, preferences
from feedback_db.errors import AlreadySigned, EmptyReport, NotAllowed, NotFound, NotSigned, StaleRevision
from feedback_db.models import Draft, Reading, ReadingRevision, RevisionKind, Study, now
from feedback_db.signed import (
    SIGNED,
    Sentences,
    SignedReading,
    count_signed,
    signed_readings,
    waiting_for_training,
)

__all__ = [
    "SIGNED",
    "Sentences",
    "SignedReading",
    "adopt_draft",
    "amend",
    "count_signed",
    "find",
    "get",
    "of_study",
    "open_reading",
    "revisions",
    "save",
    "sentences_of_draft",
    "sign",
    "signed_readings",
    "waiting_for_training",
]


def open_reading(session: Session, *, study_id: int, reader_id: int, draft_id: int | None = None) -> Reading:
    """The reader's reading of this study, begun from a draft where there is none yet.

    Without ``draft_id`` the study's newest draft is taken, or an empty text. A reading at revision 0 (opened,
    never saved) moves on to a ``draft_id`` that is given; a saved one stays as it is.

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
        draft = drafts.latest(session, study_id=study_id)
    else:
        draft = _draft_of(session, draft_id=draft_id, study_id=study_id)
    if reading is None:
        reading = _begin(session, study_id=study_id, reader_id=reader_id)
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


def of_study(session: Session, *, study_id: int) -> list[Reading]:
    """All readers' readings of a study, the first opened first."""
    return list(session.scalars(select(Reading).where(Reading.study_id == study_id).order_by(Reading.id)))


def revisions(session: Session, *, reading_id: int) -> list[ReadingRevision]:
    """Everything that was ever saved of a reading, the oldest first."""
    return list(
        session.scalars(
            select(ReadingRevision)
            .where(ReadingRevision.reading_id == reading_id)
            .order_by(ReadingRevision.revision)
        )
    )


def save(
    session: Session,
    *,
    reading_id: int,
    reader_id: int,
    expected_revision: int,
    text: str,
    sentences: Sentences,
    active_seconds: float | None = None,
) -> Reading:
    """Keep the text as it stands; returns the reading with its new revision.

    A save that is sent again because its answer was lost (same base, same content) is acknowledged, not refused.
    ``active_seconds`` is the total so far.

    Raises:
        StaleRevision: saved elsewhere since; carries the newer text.
        AlreadySigned: use ``amend``.
        NotAllowed: another reader's reading.
        NotFound: no such reading.
    """
    reading = _own(session, reading_id=reading_id, reader_id=reader_id)
    if reading.status in SIGNED:
        raise AlreadySigned
    if (reading.revision, reading.text, reading.sentences) == (expected_revision + 1, text, sentences):
        return reading
    return _append(
        session,
        reading,
        kind="save",
        expected_revision=expected_revision,
        text=text,
        sentences=sentences,
        active_seconds=active_seconds,
    )


def adopt_draft(
    session: Session, *, reading_id: int, reader_id: int, expected_revision: int, draft_id: int
) -> Reading:
    """Start over from another draft of the study; what was written stays in the revisions. Raises as ``save``."""
    reading = _own(session, reading_id=reading_id, reader_id=reader_id)
    if reading.status in SIGNED:
        raise AlreadySigned
    draft = _draft_of(session, draft_id=draft_id, study_id=reading.study_id)
    reading = _append(
        session,
        reading,
        kind="save",
        expected_revision=expected_revision,
        text=draft.text,
        sentences=sentences_of_draft(draft),
    )
    reading.draft_id = draft.id
    session.flush()
    return reading


def sign(
    session: Session,
    *,
    reading_id: int,
    reader_id: int,
    expected_revision: int,
    text: str | None = None,
    sentences: Sentences | None = None,
    active_seconds: float | None = None,
) -> Reading:
    """Put the reader's name to the text (the current one where none is given).

    Where the signed text differs from the draft, the preference draft ≺ signed is recorded.

    Raises:
        EmptyReport: there is no text.
        StaleRevision, AlreadySigned, NotAllowed, NotFound: as ``save``.
    """
    reading = _own(session, reading_id=reading_id, reader_id=reader_id)
    if reading.status in SIGNED:
        raise AlreadySigned
    return _put_name_to(
        session,
        reading,
        kind="sign",
        expected_revision=expected_revision,
        text=reading.text if text is None else text,
        sentences=reading.sentences if sentences is None else sentences,
        active_seconds=active_seconds,
    )


def amend(
    session: Session,
    *,
    reading_id: int,
    reader_id: int,
    expected_revision: int,
    text: str,
    sentences: Sentences,
    active_seconds: float | None = None,
) -> Reading:
    """Replace a signed text by another signed text; the earlier one stays in the revisions.

    Raises:
        NotSigned: nothing was signed yet.
        EmptyReport, StaleRevision, NotAllowed, NotFound: as ``sign``.
    """
    reading = _own(session, reading_id=reading_id, reader_id=reader_id)
    if reading.status not in SIGNED:
        raise NotSigned
    return _put_name_to(
        session,
        reading,
        kind="amend",
        expected_revision=expected_revision,
        text=text,
        sentences=sentences,
        active_seconds=active_seconds,
    )


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
    return reading


def _own(session: Session, *, reading_id: int, reader_id: int) -> Reading:
    """The reading as it is in the database now, if it is this reader's."""
    reading = session.get(Reading, reading_id, populate_existing=True)
    if reading is None:
        raise NotFound("reading", reading_id)
    if reading.reader_id != reader_id:
        raise NotAllowed("This is another reader's report. Open the study to write your own.")
    return reading


def _draft_of(session: Session, *, draft_id: int, study_id: int) -> Draft:
    draft = drafts.get(session, draft_id=draft_id)
    if draft.study_id != study_id:
        raise NotAllowed("This draft belongs to another study. Reload the page.")
    return draft


def _put_name_to(
    session: Session,
    reading: Reading,
    *,
    kind: RevisionKind,
    expected_revision: int,
    text: str,
    sentences: Sentences,
    active_seconds: float | None,
) -> Reading:
    if not text.strip():
        raise EmptyReport
    reading = _append(
        session,
        reading,
        kind=kind,
        expected_revision=expected_revision,
        text=text,
        sentences=sentences,
        active_seconds=active_seconds,
    )
    preferences.record_edit(session, reading_id=reading.id)
    audit.append(
        session,
        reader_id=reading.reader_id,
        action=kind,
        subject=f"reading:{reading.id}",
        data={"study": reading.study_id, "revision": reading.revision, "draft": reading.draft_id},
    )
    return reading


def _append(
    session: Session,
    reading: Reading,
    *,
    kind: RevisionKind,
    expected_revision: int,
    text: str,
    sentences: Sentences,
    active_seconds: float | None = None,
) -> Reading:
    """Write the next revision, or none at all: the update finds its row only at the expected revision."""
    at = now()
    values: dict[str, Any] = {"revision": expected_revision + 1, "text": text, "sentences": sentences}
    if active_seconds is not None:
        values["active_seconds"] = active_seconds
    if kind == "sign":
        values |= {"status": "signed", "signed_at": at}
    elif kind == "amend":
        values |= {"status": "amended"}
    written = session.scalar(
        update(Reading)
        .where(
            Reading.id == reading.id,
            Reading.revision == expected_revision,
            Reading.status.in_(SIGNED if kind == "amend" else ("open",)),
        )
        .values(values)
        .returning(Reading.id),
        execution_options={"synchronize_session": False},
    )
    session.refresh(reading)
    if written is None:
        if kind != "amend" and reading.status in SIGNED:
            raise AlreadySigned
        raise StaleRevision(revision=reading.revision, text=reading.text, sentences=reading.sentences)
    session.add(
        ReadingRevision(
            reading_id=reading.id,
            revision=reading.revision,
            text=text,
            sentences=sentences,
            kind=kind,
            saved_at=at,
            reader_id=reading.reader_id,
        )
    )
    session.flush()
    return reading
