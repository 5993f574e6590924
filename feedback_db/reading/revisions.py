"""One step of a reading: written as the next revision, or not at all.

Every step names the revision that it started from. Where that is no longer the current one, nothing is written and
``StaleRevision`` carries the newer text. Each revision is also kept as a row that never changes. Does not know what a
step is for: ``readings`` and ``signing`` do.
"""

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from sqlalchemy import ColumnElement, bindparam, case, insert, select, update
from sqlalchemy.orm import Session
from sqlalchemy.sql.dml import ReturningUpdate

from feedback_db.errors import AlreadySigned, NotAllowed, NotFound, StaleRevision
from feedback_db.models import Reading, ReadingRevision, RevisionKind, Study, now
from feedback_db.people import audit_seal
from feedback_db.reading.signed import SIGNED, Sentences

_ANOTHER_S = "This is another reader's report. Open the study to write your own."
# Every keystroke's save comes by here: these are built once, and nothing keeps book of rows that never change.
_NEW_REVISION = insert(ReadingRevision.__table__)  # type: ignore[arg-type]
_SITE_OF = (
    select(Reading.reader_id, Study.site)
    .join(Study, Study.id == Reading.study_id)
    .where(Reading.id == bindparam("reading_id"))
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Who takes the next step of which reading, and from where.

    Attributes:
        expected_revision: the revision that the step started from.
        active_seconds: how long the reader has worked on the reading, as a total; None where nobody counted.
    """

    reading_id: int
    reader_id: int
    expected_revision: int
    active_seconds: float | None = None


def own(session: Session, *, reading_id: int, reader_id: int) -> Reading:
    """The reading as it is in the database now, if it is this reader's; raises NotFound, NotAllowed."""
    reading = session.get(Reading, reading_id, populate_existing=True)
    if reading is None:
        raise NotFound("reading", reading_id)
    if reading.reader_id != reader_id:
        raise NotAllowed(_ANOTHER_S)
    return reading


def site_of_own(session: Session, *, reading_id: int, reader_id: int) -> str:
    """The site of the study that this reading of this reader's is of; raises NotFound, NotAllowed."""
    row = session.execute(_SITE_OF, {"reading_id": reading_id}).one_or_none()
    if row is None:
        raise NotFound("reading", reading_id)
    if row.reader_id != reader_id:
        raise NotAllowed(_ANOTHER_S)
    site: str = row.site
    return site


def of_reading(session: Session, *, reading_id: int) -> list[ReadingRevision]:
    """Everything that was ever saved of a reading, the oldest first."""
    return list(
        session.scalars(
            select(ReadingRevision)
            .where(ReadingRevision.reading_id == reading_id)
            .order_by(ReadingRevision.revision)
        )
    )


def append(
    session: Session,
    step: Step,
    *,
    kind: RevisionKind,
    text: str,
    sentences: Sentences,
    agreement: int | None = None,
) -> Reading:
    """Write the next revision, or none at all: the update finds its row only at the expected revision.

    A page that counted fewer ``active_seconds`` than are known already takes nothing away.

    Raises:
        StaleRevision: something was written since.
        AlreadySigned: signed since, and this step is not for a signed text.
        NotAllowed: another reader's reading.
        NotFound: no such reading.
    """
    at = now()
    values: dict[str, Any] = {"revision": step.expected_revision + 1, "saved_at": at}
    if kind == "amending":
        values |= {"pending_text": text, "pending_sentences": sentences}
    else:
        values |= {"text": text, "sentences": sentences, "pending_text": None, "pending_sentences": None}
    if kind in ("sign", "amend"):
        values |= {
            "signed_revision": step.expected_revision + 1,
            "status": "signed" if kind == "sign" else "amended",
        }
    if kind == "sign":
        values |= {"signed_at": at}
    if step.active_seconds is not None:
        values["active_seconds"] = step.active_seconds
    if agreement is not None:
        values["agreement"] = agreement
    for_signed = kind in ("amending", "discard", "amend")
    written = session.scalar(
        _next(tuple(values), for_signed),
        {f"new_{name}": value for name, value in values.items()}
        | {"of_reading": step.reading_id, "of_reader": step.reader_id, "expected": step.expected_revision},
        execution_options={"synchronize_session": False, "populate_existing": True},
    )
    if written is None:
        reading = own(session, reading_id=step.reading_id, reader_id=step.reader_id)
        if not for_signed and reading.status in SIGNED:
            raise AlreadySigned
        raise stale(reading)
    row: dict[str, Any] = {
        "reading_id": step.reading_id,
        "revision": written.revision,
        "text": text,
        "sentences": sentences,
        "kind": kind,
        "saved_at": at,
        "reader_id": step.reader_id,
    }
    seal = audit_seal.of_session(session).of_revision(**audit_seal.revision_facts(**row))
    session.connection().execute(_NEW_REVISION, {**row, "seal": seal})
    return written


def keep(
    session: Session, step: Step, *, kind: Literal["save", "amending"], text: str, sentences: Sentences
) -> Reading:
    """``append`` for a text that is being written; raises as it does.

    A text that is sent again because its answer was lost (same base, same content) is acknowledged, not refused.
    """
    try:
        return append(session, step, kind=kind, text=text, sentences=sentences)
    except StaleRevision:
        reading = own(session, reading_id=step.reading_id, reader_id=step.reader_id)
        pending = (reading.pending_text, reading.pending_sentences)
        kept = pending if kind == "amending" else (reading.text, reading.sentences)
        if (reading.revision, *kept) != (step.expected_revision + 1, text, sentences):
            raise
        return reading


@cache
def _next(columns: tuple[str, ...], for_signed: bool) -> ReturningUpdate[Reading]:
    """Sets these columns to ``new_…`` where the reading is this reader's and at the expected revision."""
    new: dict[str, ColumnElement[Any]] = {name: bindparam(f"new_{name}") for name in columns}
    if "active_seconds" in new:
        counted = new["active_seconds"]
        new["active_seconds"] = case(
            (Reading.active_seconds > counted, Reading.active_seconds), else_=counted
        )
    return (
        update(Reading)
        .where(
            Reading.id == bindparam("of_reading"),
            Reading.reader_id == bindparam("of_reader"),
            Reading.revision == bindparam("expected"),
            Reading.status.in_(SIGNED if for_signed else ("open",)),
        )
        .values(new)
        .returning(Reading)
    )


def stale(reading: Reading) -> StaleRevision:
    """The refusal with the newest text in hand: an amendment that is being written, or the report itself."""
    amending = reading.pending_text is not None
    return StaleRevision(
        revision=reading.revision,
        text=reading.pending_text if reading.pending_text is not None else reading.text,
        sentences=(reading.pending_sentences or []) if amending else reading.sentences,
        saved_at=reading.saved_at,
    )
