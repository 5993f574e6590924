"""Putting a name to a text: signing, and amending what was signed. By a person, never by a model.

A signed text stays in force, and what training learns from, while its amendment is being written; the amendment is
saved like any other text until it is signed or given up. Knows nothing about pages.
"""

from sqlalchemy.orm import Session

from feedback_db.errors import AlreadySigned, EmptyReport, NotAllowed, NotSigned
from feedback_db.models import Reading, RevisionKind
from feedback_db.people import audit
from feedback_db.reading import preferences
from feedback_db.reading.revisions import Step, append, keep, own
from feedback_db.reading.signed import SIGNED, Sentences
from feedback_db.studies import worklist_entries

AGREEMENTS = (1, 2, 3, 4, 5)


def sign(
    session: Session,
    step: Step,
    *,
    text: str | None = None,
    sentences: Sentences | None = None,
    agreement: int | None = None,
) -> Reading:
    """Put the reader's name to the text (the current one where none is given).

    Where the signed text differs from the draft, the preference draft ≺ signed is recorded. ``agreement`` 1 … 5
    says how well the draft fitted. A signature that is sent again because its answer was lost is acknowledged.

    Raises:
        EmptyReport: there is no text.
        NotAllowed: another reader's reading, or an agreement that is none of the five.
        StaleRevision, AlreadySigned, NotFound: as ``readings.save``.
    """
    reading = own(session, reading_id=step.reading_id, reader_id=step.reader_id)
    if reading.status == "signed" and _is_repeated(reading, step, text):
        return reading
    if reading.status in SIGNED:
        raise AlreadySigned
    return _put_name_to(
        session,
        step,
        kind="sign",
        text=reading.text if text is None else text,
        sentences=reading.sentences if sentences is None else sentences,
        agreement=agreement,
    )


def keep_amendment(session: Session, step: Step, *, text: str, sentences: Sentences) -> Reading:
    """Save an amendment that is being written, in ``pending_text``; the signed text stays as it is.

    Raises:
        NotSigned: nothing was signed yet.
        StaleRevision, NotAllowed, NotFound: as ``readings.save``.
    """
    _own_signed(session, step)
    return keep(session, step, kind="amending", text=text, sentences=sentences)


def discard_amendment(session: Session, step: Step) -> Reading:
    """Give an amendment up: the signed text stands alone again; what was written stays in the revisions.

    Raises:
        NotSigned: nothing was signed yet.
        StaleRevision, NotAllowed, NotFound: as ``readings.save``.
    """
    reading = _own_signed(session, step)
    return append(session, step, kind="discard", text=reading.text, sentences=reading.sentences)


def amend(
    session: Session, step: Step, *, text: str, sentences: Sentences, agreement: int | None = None
) -> Reading:
    """Replace a signed text by another signed text; the earlier one stays in the revisions.

    Raises:
        NotSigned: nothing was signed yet.
        EmptyReport, StaleRevision, NotAllowed, NotFound: as ``sign``.
    """
    reading = _own_signed(session, step)
    if reading.status == "amended" and _is_repeated(reading, step, text):
        return reading
    return _put_name_to(session, step, kind="amend", text=text, sentences=sentences, agreement=agreement)


def _own_signed(session: Session, step: Step) -> Reading:
    reading = own(session, reading_id=step.reading_id, reader_id=step.reader_id)
    if reading.status not in SIGNED:
        raise NotSigned
    return reading


def _is_repeated(reading: Reading, step: Step, text: str | None) -> bool:
    just_signed = reading.signed_revision == reading.revision == step.expected_revision + 1
    return just_signed and text in (None, reading.text)


def _put_name_to(
    session: Session,
    step: Step,
    *,
    kind: RevisionKind,
    text: str,
    sentences: Sentences,
    agreement: int | None,
) -> Reading:
    if not text.strip():
        raise EmptyReport
    if agreement is not None and agreement not in AGREEMENTS:
        raise NotAllowed("The agreement with the draft is 1, 2, 3, 4 or 5.")
    reading = append(session, step, kind=kind, text=text, sentences=sentences, agreement=agreement)
    preferences.record_edit(session, reading_id=reading.id)
    worklist_entries.refresh_status(session, study_id=reading.study_id)
    audit.append(
        session,
        reader_id=reading.reader_id,
        action=kind,
        subject=f"reading:{reading.id}",
        data={
            "study": reading.study_id,
            "revision": reading.revision,
            "draft": reading.draft_id,
            "sha256": audit.fingerprint(text, sentences),
        },
    )
    return reading
