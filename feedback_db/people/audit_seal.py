"""What the audit is made of: the hash of a row, and the seals that only the holder of the key can set.

A row's hash covers its content and the row before it, so that rows cannot be changed one by one. Its seal is an HMAC of
that hash, so that they cannot be made anew all together. The head's seal covers the chain's length as well: the last
rows cannot be cut off by copying an earlier hash. Knows no database, and not where the key lies.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy.orm import Session

from feedback_db.models import ReadingRevision

# The "previous hash" of the first row.
GENESIS = "0" * 64
HEAD_ID = 1
SYSTEM = "system"
SIGNATURES = ("sign", "amend")
# Under which a session knows the seal of its database.
_SEAL = "feedback_db_audit_seal"
# The key of a database without a data folder, which belongs to no installation.
NO_KEY = bytes(32)


@dataclass(frozen=True, slots=True)
class Seal:
    """Sets seals with one installation's key."""

    key: bytes = field(default=NO_KEY, repr=False)

    def of_row(self, row_hash: str) -> str:
        """Of a row of the chain, by its hash."""
        return self._of(b"row", row_hash.encode())

    def of_head(self, row_hash: str, length: int) -> str:
        """Of the chain's end: the last row's hash and how many rows there are."""
        return self._of(b"head", f"{length}:{row_hash}".encode())

    def of_revision(self, **facts: Any) -> str:
        """Of one saved text; ``facts`` as ``revision_facts`` has them."""
        return self._of(b"revision", canonical(facts))

    def _of(self, what: bytes, content: bytes) -> str:
        return hmac.new(self.key, what + b":" + content, hashlib.sha256).hexdigest()


def for_session(seal: Seal) -> dict[str, Any]:
    """What a session must bear as ``info`` to seal what it writes."""
    return {_SEAL: seal}


def of_session(session: Session) -> Seal:
    """The seal of the database that this session is of."""
    seal: Seal = session.info.get(_SEAL) or Seal()
    return seal


def hash_of_row(previous: str, *, at: datetime, **fields: Any) -> str:
    """The hash of a row after the one with the hash ``previous``; ``fields``: actor, action, subject, data."""
    content = {"at": time_as_text(at), **fields}
    return hashlib.sha256(previous.encode() + canonical(content)).hexdigest()


def fingerprint(text: str, sentences: Sequence[Mapping[str, Any]]) -> str:
    """The SHA-256 by which the row of a signature knows the text alone; all that signatures of before 0006 have."""
    return digest({"text": text, "sentences": sentences})


def digest(content: Mapping[str, Any]) -> str:
    """The SHA-256 of the canonical JSON."""
    return hashlib.sha256(canonical(content)).hexdigest()


def revision_facts(
    *,
    reading_id: int,
    revision: int,
    kind: str,
    reader_id: int,
    saved_at: datetime,
    text: str,
    sentences: Sequence[Mapping[str, Any]],
) -> dict[str, Any]:
    """All that a revision says, fit to be hashed."""
    return {
        "reading": reading_id,
        "revision": revision,
        "kind": kind,
        "reader": reader_id,
        "at": time_as_text(saved_at),
        "text": text,
        "sentences": sentences,
    }


def facts_of_revision(kept: ReadingRevision) -> dict[str, Any]:
    """``revision_facts`` of a row."""
    return revision_facts(
        reading_id=kept.reading_id,
        revision=kept.revision,
        kind=kept.kind,
        reader_id=kept.reader_id,
        saved_at=kept.saved_at,
        text=kept.text,
        sentences=kept.sentences,
    )


def after_revision(before: str, facts: Mapping[str, Any]) -> str:
    """The hash of a reading's revisions up to this one, from that of those before (empty for the first)."""
    return hashlib.sha256(before.encode() + canonical(facts)).hexdigest()


def canonical(content: Mapping[str, Any]) -> bytes:
    """One spelling for every JSON of the same content."""
    return json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def time_as_text(at: datetime) -> str:
    """A time as it is hashed: in UTC, to the microsecond."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")
