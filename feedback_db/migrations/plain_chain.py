"""Rows in the audit written by plain SQL, as ``feedback_db.people.audit`` writes them, at whatever revision.

Before 0006 a row has no seal; which it is, the table says. Does not know what is recorded.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from feedback_db.models.base import UtcDateTime
from feedback_db.people.audit_seal import HEAD_ID, SYSTEM, Seal, hash_of_row

_EVENT = sa.table(
    "audit_event",
    *(sa.column(name, sa.String) for name in ("actor", "action", "subject", "previous_hash", "hash", "seal")),
    sa.column("at", UtcDateTime),
    sa.column("data", sa.JSON),
)
_HEAD = sa.table(
    "audit_head",
    sa.column("id", sa.Integer),
    sa.column("hash", sa.String),
    sa.column("length", sa.Integer),
    sa.column("seal", sa.String),
)


def append(
    connection: sa.Connection, seal: Seal, action: str, changes: Iterable[tuple[str, dict[str, Any]]]
) -> None:
    """A row for each of ``(subject, data)``, by the installation itself."""
    sealed = any(column["name"] == "seal" for column in sa.inspect(connection).get_columns("audit_event"))
    found = connection.execute(sa.select(_HEAD.c.hash, _HEAD.c.length).where(_HEAD.c.id == HEAD_ID)).one()
    previous, events = found.hash, []
    for subject, data in changes:
        content: dict[str, Any] = {
            "at": datetime.now(UTC),
            "actor": SYSTEM,
            "action": action,
            "subject": subject,
            "data": data,
        }
        following = hash_of_row(previous, **content)
        more = {"seal": seal.of_row(following)} if sealed else {}
        events.append({**content, "previous_hash": previous, "hash": following, **more})
        previous = following
    if not events:
        return
    connection.execute(sa.insert(_EVENT), events)
    head: dict[str, Any] = {"hash": previous, "length": found.length + len(events)}
    if sealed:
        head["seal"] = seal.of_head(previous, head["length"])
    connection.execute(sa.update(_HEAD).where(_HEAD.c.id == HEAD_ID).values(**head))
