"""The record of who did what: rows in a sealed hash chain, so that a row changed, removed or slipped in shows.

Appends and reads; how a row is hashed and sealed is in ``audit_seal``, and whether all still holds in ``audit_check``.
The row of a signature holds the hash of every fact that was signed, so that a report changed by hand shows as well.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from feedback_db.models import AuditEvent, AuditHead, Reader, now
from feedback_db.people.audit_seal import HEAD_ID, SYSTEM, canonical, hash_of_row, of_session

# Under which a session notes how far the chain goes once it commits.
_HEAD = "feedback_db_audit_head"


@dataclass(frozen=True, slots=True)
class Head:
    """How far the chain goes: how many rows, the last one's hash, and the head's seal."""

    length: int
    hash: str
    seal: str


def append(
    session: Session,
    *,
    reader_id: int | None,
    action: str,
    subject: str,
    data: Mapping[str, Any] | None = None,
) -> AuditEvent:
    """Add a row. ``reader_id`` None means that the installation did it by itself.

    ``subject`` names a row, as ``"reading:12"``; ``data`` must be JSON, and hold no report text and no identifier.
    """
    # The lock comes first (SQLite has one already): nobody else may append between our look and our row.
    held = select(AuditHead.hash, AuditHead.length).where(AuditHead.id == HEAD_ID).with_for_update()
    previous, length = session.execute(held).one()
    seal = of_session(session)
    at = now()
    actor = _actor(session, reader_id)
    clean: dict[str, Any] = json.loads(canonical(dict(data or {})))
    row_hash = hash_of_row(previous, at=at, actor=actor, action=action, subject=subject, data=clean)
    event = AuditEvent(
        at=at,
        actor=actor,
        action=action,
        subject=subject,
        data=clean,
        previous_hash=previous,
        hash=row_hash,
        seal=seal.of_row(row_hash),
    )
    session.add(event)
    session.flush()
    head = Head(length + 1, row_hash, seal.of_head(row_hash, length + 1))
    session.execute(
        update(AuditHead)
        .where(AuditHead.id == HEAD_ID)
        .values(hash=head.hash, length=head.length, seal=head.seal),
        execution_options={"synchronize_session": False},
    )
    session.info[_HEAD] = head
    return event


def hold(session: Session) -> None:
    """Let nobody else append until this transaction ends: whatever is recorded is then done one after the other."""
    session.scalars(select(AuditHead.hash).where(AuditHead.id == HEAD_ID).with_for_update()).one()


def head(session: Session) -> Head:
    """How far the chain goes now."""
    row = session.execute(select(AuditHead.length, AuditHead.hash, AuditHead.seal)).one()
    return Head(row.length, row.hash, row.seal or "")


def appended(session: Session) -> Head | None:
    """How far the chain goes by what this session has appended; asked once, after its commit."""
    newest: Head | None = session.info.pop(_HEAD, None)
    return newest


def recent(session: Session, *, limit: int = 100, before_id: int | None = None) -> list[AuditEvent]:
    """The newest rows first; ``before_id`` turns the page."""
    query = select(AuditEvent).order_by(AuditEvent.id.desc()).limit(limit)
    if before_id is not None:
        query = query.where(AuditEvent.id < before_id)
    return list(session.scalars(query))


def _actor(session: Session, reader_id: int | None) -> str:
    if reader_id is None:
        return SYSTEM
    reader = session.get_one(Reader, reader_id)
    return f"{reader.name} (reader {reader.id})"
