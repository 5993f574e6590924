"""Whether the audit holds: its chain, its seals, what was saved and signed, whose films are whose, and its anchor.

Only reads. What it can find and what not, and with which access somebody could have made it so, is the table of
``docs/security.md``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from feedback_db.models import AuditEvent, AuditHead, Draft, Reader, Reading, ReadingRevision, Study
from feedback_db.people.audit import Head
from feedback_db.people.audit_films import Films
from feedback_db.people.audit_seal import (
    GENESIS,
    HEAD_ID,
    SIGNATURES,
    Seal,
    after_revision,
    facts_of_revision,
    fingerprint,
    hash_of_row,
    of_session,
)
from feedback_db.reading.signed import SIGNED
from feedback_db.reading.signing import facts_of

_IN_PARTS = {"yield_per": 1000}
_FIRST_SEALED = "0006"


@dataclass(frozen=True, slots=True)
class Verification:
    """What ``verify`` found: all holds, or the first row at which the chain does not and why.

    Attributes:
        checked: rows of the chain that hold.
        readings: those whose saved or signed texts are not those that were saved and signed.
        studies: those whose patient or films are not those that were taken in.
        old_signatures: signatures of before revision 0006, which bear the hash of the text alone.
        anchored: how many of the heads that were told to the anchor were compared.
    """

    holds: bool
    checked: int
    broken_at: int | None = None
    problem: str = ""
    readings: tuple[int, ...] = ()
    studies: tuple[int, ...] = ()
    old_signatures: int = 0
    anchored: int = 0


@dataclass(slots=True)
class _Told:
    """What the chain tells, as it is walked."""

    films: Films = field(default_factory=Films)
    signed: dict[tuple[int, int], Mapping[str, Any]] = field(default_factory=dict)
    action: dict[tuple[int, int], str] = field(default_factory=dict)
    unsealed_revisions: int = 0

    def take(self, action: str, subject: str, data: Mapping[str, Any]) -> None:
        if action in SIGNATURES:
            key = int(subject.removeprefix("reading:")), data["revision"]
            self.signed.pop(key, None)  # the newest stands last
            self.signed[key], self.action[key] = data, action
        elif action == "erase patient":
            gone = set(data["readings"])
            self.signed = {key: told for key, told in self.signed.items() if key[0] not in gone}
        elif action == "migrate" and data["from"] < _FIRST_SEALED:
            self.unsealed_revisions = data["revisions"]
        self.films.take(action, subject, data)


def verify(session: Session, *, anchored: Iterable[Head] = ()) -> Verification:
    """Walk the whole chain, then every saved text and film; a million rows take about a minute.

    ``anchored``: heads that were told out of reach, against which the chain is held.
    """
    seal, told = of_session(session), _Told()
    expected = {head.length: head for head in anchored if head.seal == seal.of_head(head.hash, head.length)}
    broken = _walk(session, seal, told, expected)
    if not broken.holds:
        return broken
    old = sum("facts" not in data for data in told.signed.values())
    readings = _changed_readings(session, seal, told)
    studies = told.films.not_as_told(session)
    if readings or studies:
        problem = "a signed report was changed" if readings else "a film is another patient's"
        return Verification(
            False, broken.checked, None, problem, tuple(sorted(readings)), tuple(sorted(studies)), old
        )
    return Verification(True, broken.checked, old_signatures=old, anchored=len(expected))


def _walk(session: Session, seal: Seal, told: _Told, expected: Mapping[int, Head]) -> Verification:
    """The chain itself, row by row, its head, and what the anchor knows of it."""
    head = session.execute(
        select(AuditHead.hash, AuditHead.length, AuditHead.seal).where(AuditHead.id == HEAD_ID)
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
        AuditEvent.seal,
    ).order_by(AuditEvent.id)
    previous, checked, sealed = GENESIS, 0, False
    # Closed on the way out: a row that breaks the chain ends the walk early.
    with session.execute(chain, execution_options=_IN_PARTS) as rows:
        for row in rows:
            content = {name: getattr(row, name) for name in ("at", "actor", "action", "subject", "data")}
            if row.previous_hash != previous:
                return Verification(False, checked, row.id, "a row before it was removed or changed")
            if row.hash != hash_of_row(previous, **content):
                return Verification(False, checked, row.id, "the row was changed")
            if (sealed or row.seal is not None) and row.seal != seal.of_row(row.hash):
                return Verification(False, checked, row.id, "its seal is not of this installation's key")
            previous, checked, sealed = row.hash, checked + 1, sealed or row.seal is not None
            if checked in expected and expected[checked].hash != row.hash:
                return Verification(False, checked, row.id, "another row was told to the anchor")
            told.take(row.action, row.subject, row.data)
    if (head.hash, head.length) != (previous, checked):
        return Verification(False, checked, None, "the last rows were removed")
    if checked and (not sealed or head.seal != seal.of_head(previous, checked)):
        return Verification(False, checked, None, "the end's seal is not of this installation's key")
    if not checked and session.scalar(select(exists().where(Reader.id > 0) | exists().where(Study.id > 0))):
        return Verification(False, 0, None, "all rows were removed")
    if expected and max(expected) > checked:
        return Verification(False, checked, None, "rows that were told to the anchor are gone")
    return Verification(True, checked)


def _changed_readings(session: Session, seal: Seal, told: _Told) -> set[int]:
    """The readings of which a saved text, a signature or the text in force is not what was saved and signed."""
    last = dict(told.signed.keys())  # reading → the revision signed last: the chain has them in their order
    changed: set[int] = set()
    query = (
        select(Reading, ReadingRevision, Study.patient_key, Reader.name, Draft.model_version_id)
        .join(Study, Study.id == Reading.study_id)
        .join(Reader, Reader.id == Reading.reader_id)
        .outerjoin(Draft, Draft.id == Reading.draft_id)
        .outerjoin(ReadingRevision, ReadingRevision.reading_id == Reading.id)
        .order_by(Reading.id, ReadingRevision.revision)
        .execution_options(populate_existing=True, **_IN_PARTS)
    )
    reading: Reading | None = None
    at, hashed = 0, ""
    found: set[tuple[int, int]] = set()
    for row in session.execute(query):
        if reading is None or row.Reading.id != reading.id:
            if reading is not None and reading.revision != at:
                changed.add(reading.id)
            reading, at, hashed = row.Reading, 0, ""
            if not _stands_as_signed(reading, last.get(reading.id), told):
                changed.add(reading.id)
        kept: ReadingRevision | None = row.ReadingRevision
        if kept is None:
            continue
        facts = facts_of_revision(kept)
        hashed = after_revision(hashed, facts)
        unsealed = kept.seal is None and kept.id <= told.unsealed_revisions
        if kept.revision != at + 1 or not (unsealed or kept.seal == seal.of_revision(**facts)):
            changed.add(reading.id)
        at = kept.revision
        key = (reading.id, kept.revision)
        if (kept.kind in SIGNATURES) != (key in told.signed):
            changed.add(reading.id)
        elif key in told.signed:
            found.add(key)
            if not _is_as_signed(
                row, told.signed[key], told.action[key], hashed, is_last=last[reading.id] == at
            ):
                changed.add(reading.id)
    if reading is not None and reading.revision != at:
        changed.add(reading.id)
    changed |= {key[0] for key in told.signed if key not in found and "sha256" in told.signed[key]}
    return changed


def _stands_as_signed(reading: Reading, last: int | None, told: _Told) -> bool:
    """Whether the reading counts as signed exactly where its name was put to a text, and by the newest signature."""
    if last is None:
        return reading.status not in SIGNED
    if "sha256" not in told.signed[reading.id, last]:
        return True  # of the very first release, which kept no hash
    return reading.status in SIGNED and reading.signed_revision == last


def _is_as_signed(row: Any, signed: Mapping[str, Any], action: str, revisions: str, *, is_last: bool) -> bool:
    """Whether the revision is the one that this row of the chain is of and, where it is the last, in force."""
    reading, kept = row.Reading, row.ReadingRevision
    if is_last:
        in_force = "signed" if action == "sign" else "amended"
        if (reading.text, reading.sentences, reading.status) != (kept.text, kept.sentences, in_force):
            return False
    if (kept.kind, reading.study_id) != (action, signed["study"]):
        return False
    if "facts" in signed:
        now = facts_of(
            reading=reading,
            revision=kept.revision,
            patient_key=row.patient_key,
            author=row.name,
            version_id=row.model_version_id,
            revisions=revisions,
        )
        return bool(now == signed["facts"])
    # Of before revision 0006; the very first bear no hash at all.
    return signed.get("sha256") in (None, fingerprint(kept.text, kept.sentences))
