"""Putting a name to a text: signing, and amending what was signed. By a person, never by a model.

A signed text stays in force, and what training learns from, while its amendment is being written; the amendment is
saved like any other text until it is signed or given up. Knows nothing about pages.
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback_db.errors import AlreadySigned, EmptyReport, NotAllowed, NotSigned
from feedback_db.models import Draft, Reader, Reading, RevisionKind, Study
from feedback_db.people import audit, audit_films, audit_seal
from feedback_db.reading import preferences
from feedback_db.reading.revisions import Step, append, keep, of_reading, own
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
    version_id = session.scalar(select(Draft.model_version_id).where(Draft.id == reading.draft_id))
    facts = facts_of(
        reading=reading,
        revision=reading.revision,
        patient_key=session.get_one(Study, reading.study_id).patient_key,
        author=session.get_one(Reader, reading.reader_id).name,
        version_id=version_id,
        revisions=_hash_of_revisions(session, reading.id),
    )
    audit.append(
        session,
        reader_id=reading.reader_id,
        action=kind,
        subject=f"reading:{reading.id}",
        data={
            "study": reading.study_id,
            "revision": reading.revision,
            "draft": reading.draft_id,
            # By this alone the release before revision 0006 knows what was signed.
            "sha256": audit_seal.fingerprint(text, sentences),
            "facts": facts,
        },
    )
    return reading


def facts_of(
    *,
    reading: Reading,
    revision: int,
    patient_key: str,
    author: str,
    version_id: int | None,
    revisions: str,
) -> str:
    """The hash of everything that a name was put to: whose film, by whom, from which draft of which version.

    ``revisions`` is the hash of all that was saved up to the one that was signed: texts, sentences and times.
    """
    return audit_seal.digest(
        {
            "reading": reading.id,
            "revision": revision,
            "study": reading.study_id,
            "patient": audit_films.mark_of(patient_key),
            "reader": reading.reader_id,
            "author": author,
            "draft": reading.draft_id,
            "version": version_id,
            "signed_at": audit_seal.time_as_text(reading.signed_at) if reading.signed_at else None,
            "revisions": revisions,
        }
    )


def _hash_of_revisions(session: Session, reading_id: int) -> str:
    hashed = ""
    for kept in of_reading(session, reading_id=reading_id):
        hashed = audit_seal.after_revision(hashed, audit_seal.facts_of_revision(kept))
    return hashed
