"""Who takes a study for themselves, and who has it open right now.

A claim keeps a study out of the others' waiting list; it forbids nobody to read, and lapses after
``worklist.CLAIM_HOURS``. Presence is what an open page says of itself a few times a minute.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from feedback_db.errors import ClaimedByAnother, NotAllowed, NotFound
from feedback_db.models import Presence, Reader, WorklistEntry, now
from feedback_db.people import audit
from feedback_db.studies.worklist import CLAIM_HOURS, claim_holds

# Three beats of a page that beats every 15 seconds.
HERE_SECONDS = 45.0


@dataclass(frozen=True, slots=True)
class Holder:
    """A reader by number and name."""

    reader_id: int
    name: str


@dataclass(frozen=True, slots=True)
class Here:
    """Someone who has the study open, and when their page was last heard of."""

    reader_id: int
    name: str
    seen_at: datetime


def claim(session: Session, *, study_id: int, reader_id: int) -> None:
    """Take the study; again renews it. Of two readers at once only one gets it.

    Raises:
        ClaimedByAnother: somebody has it; says who.
        NotFound: no such study.
    """
    at = now()
    free = or_(
        WorklistEntry.claimed_by.is_(None),
        WorklistEntry.claimed_by == reader_id,
        WorklistEntry.claimed_at <= at - timedelta(hours=CLAIM_HOURS),
    )
    taken = session.scalar(
        update(WorklistEntry)
        .where(WorklistEntry.study_id == study_id, free)
        .values(claimed_by=reader_id, claimed_at=at)
        .returning(WorklistEntry.study_id)
    )
    if taken is None:
        other = holder(session, study_id=study_id)
        if other is None:
            raise NotFound("study", study_id)
        raise ClaimedByAnother(other.reader_id, other.name)
    audit.append(session, reader_id=reader_id, action="claim", subject=f"study:{study_id}")


def release(session: Session, *, study_id: int, reader_id: int) -> None:
    """Give the study back: one's own, or as a lead or administrator anyone's. Free already: nothing happens.

    Raises:
        NotAllowed: another reader's claim.
        NotFound: no such study.
    """
    entry = session.get(WorklistEntry, study_id, with_for_update=True, populate_existing=True)
    if entry is None:
        raise NotFound("study", study_id)
    if entry.claimed_by is None:
        return
    if entry.claimed_by != reader_id and session.get_one(Reader, reader_id).role == "reader":
        raise NotAllowed("Another reader claimed this study. They or a lead can release it.")
    data = {"held_by": entry.claimed_by}
    entry.claimed_by = entry.claimed_at = None
    session.flush()
    audit.append(session, reader_id=reader_id, action="release", subject=f"study:{study_id}", data=data)


def holder(session: Session, *, study_id: int) -> Holder | None:
    """Who claimed the study, while the claim holds."""
    row = session.execute(
        select(Reader.id, Reader.name)
        .join(WorklistEntry, WorklistEntry.claimed_by == Reader.id)
        .where(WorklistEntry.study_id == study_id, claim_holds())
    ).one_or_none()
    return Holder(row.id, row.name) if row else None


def arrive(session: Session, *, study_id: int, reader_id: int) -> None:
    """Say that a reader's page has the study open; again says that it still has."""
    at = now()
    known = session.scalar(
        update(Presence)
        .where(Presence.study_id == study_id, Presence.reader_id == reader_id)
        .values(seen_at=at)
        .returning(Presence.study_id)
    )
    if known is None:
        # Those who closed the browser without a word are forgotten when somebody comes.
        session.execute(delete(Presence).where(Presence.seen_at < at - timedelta(days=1)))
        try:
            with session.begin_nested():
                session.add(Presence(study_id=study_id, reader_id=reader_id, seen_at=at))
        except IntegrityError:
            return  # the reader's other tab said so in this moment


def leave(session: Session, *, study_id: int, reader_id: int) -> None:
    """Say that a reader's page was closed or left."""
    session.execute(delete(Presence).where(Presence.study_id == study_id, Presence.reader_id == reader_id))


def others_here(session: Session, *, study_id: int, reader_id: int) -> list[Here]:
    """Who else has the study open now, by name."""
    rows = session.execute(
        select(Reader.id, Reader.name, Presence.seen_at)
        .join(Presence, Presence.reader_id == Reader.id)
        .where(
            Presence.study_id == study_id,
            Presence.reader_id != reader_id,
            Presence.seen_at > now() - timedelta(seconds=HERE_SECONDS),
        )
        .order_by(Reader.name)
    )
    return [Here(row.id, row.name, row.seen_at) for row in rows]
