"""The record of who did what: rows in a hash chain, so that a row changed, removed or slipped in shows.

The hash of a row is the SHA-256 of the previous row's hash and the row's canonical JSON. The chain's last hash
and length stand in ``audit_head``. It detects tampering by hand; it cannot stop someone with the database and
this program, who can rebuild the chain: keep copies of the head's hash elsewhere for that.

The row of a signature holds the hash of what was signed, so that a report changed by hand shows as well.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from feedback_db.models import AuditEvent, AuditHead, Reader, Reading, ReadingRevision, now
from feedback_db.reading.signed import SIGNED

# The "previous hash" of the first row.
GENESIS = "0" * 64
HEAD_ID = 1
SYSTEM = "system"
SIGNATURES = ("sign", "amend")
_IN_PARTS = {"yield_per": 1000}


@dataclass(frozen=True, slots=True)
class Verification:
    """What ``verify`` found: all holds, or the first row at which the chain does not and why.

    ``readings``: those whose signed report is another than the one that was signed, where the chain itself holds.
    """

    holds: bool
    checked: int
    broken_at: int | None = None
    problem: str = ""
    readings: tuple[int, ...] = ()


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
    previous = session.scalars(select(AuditHead.hash).where(AuditHead.id == HEAD_ID).with_for_update()).one()
    at = now()
    actor = _actor(session, reader_id)
    clean: dict[str, Any] = json.loads(_canonical(dict(data or {})))
    row_hash = hash_of_row(previous, at=at, actor=actor, action=action, subject=subject, data=clean)
    event = AuditEvent(
        at=at, actor=actor, action=action, subject=subject, data=clean, previous_hash=previous, hash=row_hash
    )
    session.add(event)
    session.flush()
    session.execute(
        update(AuditHead).where(AuditHead.id == HEAD_ID).values(hash=row_hash, length=AuditHead.length + 1),
        execution_options={"synchronize_session": False},
    )
    return event


def hold(session: Session) -> None:
    """Let nobody else append until this transaction ends: whatever is recorded is then done one after the other."""
    session.scalars(select(AuditHead.hash).where(AuditHead.id == HEAD_ID).with_for_update()).one()


def fingerprint(text: str, sentences: Sequence[Mapping[str, Any]]) -> str:
    """The SHA-256 by which the row of a signature knows what was signed."""
    return hashlib.sha256(_canonical({"text": text, "sentences": sentences})).hexdigest()


def verify(session: Session) -> Verification:
    """Walk the whole chain, then the signed reports; a million rows take about half a minute."""
    head_hash, length = session.execute(
        select(AuditHead.hash, AuditHead.length).where(AuditHead.id == HEAD_ID)
    ).one()
    # Columns, not objects: the rows as they are in the database, whatever this session holds.
    chain = select(
        AuditEvent.id,
        AuditEvent.at,
        AuditEvent.actor,
        AuditEvent.action,
        AuditEvent.subject,
        AuditEvent.data,
        AuditEvent.previous_hash,
        AuditEvent.hash,
    ).order_by(AuditEvent.id)
    previous, checked = GENESIS, 0
    # (reading, revision) → fingerprint; a row of before signatures held one has none.
    signed: dict[tuple[int, int], str | None] = {}
    # Closed on the way out: a row that breaks the chain ends the walk early.
    with session.execute(chain, execution_options=_IN_PARTS) as rows:
        for row in rows:
            if row.previous_hash != previous:
                return Verification(False, checked, row.id, "a row before it was removed or changed")
            content = {name: getattr(row, name) for name in ("at", "actor", "action", "subject", "data")}
            if row.hash != hash_of_row(previous, **content):
                return Verification(False, checked, row.id, "the row was changed")
            previous, checked = row.hash, checked + 1
            if row.action in SIGNATURES:
                reading = int(row.subject.removeprefix("reading:"))
                signed[reading, row.data["revision"]] = row.data.get("sha256")
    if previous != head_hash or checked != length:
        return Verification(False, checked, None, "the last rows were removed")
    changed = _changed(session, signed)
    if changed:
        return Verification(False, checked, None, "a signed report was changed", tuple(sorted(changed)))
    return Verification(True, checked)


def recent(session: Session, *, limit: int = 100, before_id: int | None = None) -> list[AuditEvent]:
    """The newest rows first; ``before_id`` turns the page."""
    query = select(AuditEvent).order_by(AuditEvent.id.desc()).limit(limit)
    if before_id is not None:
        query = query.where(AuditEvent.id < before_id)
    return list(session.scalars(query))


def _changed(session: Session, signed: Mapping[tuple[int, int], str | None]) -> set[int]:
    """The readings of which a signed revision, or the text in force, is not what these fingerprints say."""
    in_force = dict(signed.keys())  # reading → the revision signed last: the chain has them in their order
    told = {key: expected for key, expected in signed.items() if expected is not None}
    revisions = select(
        ReadingRevision.reading_id, ReadingRevision.revision, ReadingRevision.text, ReadingRevision.sentences
    ).where(ReadingRevision.kind.in_(SIGNATURES))
    now_in_force = select(Reading.id, Reading.text, Reading.sentences).where(Reading.status.in_(SIGNED))
    as_signed, still_signed = set(), set()
    for reading, revision, text, sentences in session.execute(revisions, execution_options=_IN_PARTS):
        if told.get((reading, revision)) == fingerprint(text, sentences):
            as_signed.add((reading, revision))
    for reading, text, sentences in session.execute(now_in_force, execution_options=_IN_PARTS):
        if told.get((reading, in_force.get(reading, 0))) == fingerprint(text, sentences):
            still_signed.add(reading)
    return {
        reading
        for reading, revision in told
        if (reading, revision) not in as_signed
        or (in_force[reading] == revision and reading not in still_signed)
    }


def _actor(session: Session, reader_id: int | None) -> str:
    if reader_id is None:
        return SYSTEM
    reader = session.get_one(Reader, reader_id)
    return f"{reader.name} (reader {reader.id})"


def hash_of_row(previous: str, *, at: datetime, **fields: Any) -> str:
    """The hash of a row after the one with the hash ``previous``; ``fields``: actor, action, subject, data."""
    content = {"at": at.astimezone(UTC).isoformat(timespec="microseconds"), **fields}
    return hashlib.sha256(previous.encode() + _canonical(content)).hexdigest()


def _canonical(content: Mapping[str, Any]) -> bytes:
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()
