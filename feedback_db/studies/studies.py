"""Intake of studies and the held-out split.

A patient is *training* or *held out* from the first study on and for ever. Knows no pixels, no model and no list.
"""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from feedback_db.errors import DuplicateStudy, NotFound
from feedback_db.models import Split, Study
from feedback_db.models.base import JsonObject
from feedback_db.models.reading import Origin
from feedback_db.people import audit
from feedback_db.studies import worklist_entries

HELD_OUT_SHARE = 0.3


def patient_key_of(identifier: str, secret: bytes) -> str:
    """A pseudonym for a patient identifier: the same for the same patient, useless without the secret."""
    return hmac.new(secret, b"patient:" + identifier.encode(), hashlib.sha256).hexdigest()[:32]


def split_of(patient_key: str, secret: bytes, held_out_share: float = HELD_OUT_SHARE) -> Split:
    """Which split a patient belongs to: HMAC-SHA256 of the key, read as a fraction, below the share."""
    digest = hmac.new(secret, b"split:" + patient_key.encode(), hashlib.sha256).digest()
    fraction = int.from_bytes(digest[:8], "big") / 2**64
    return "held_out" if fraction < held_out_share else "training"


def add_study(
    session: Session,
    *,
    patient_key: str,
    content_hash: str,
    image_folder: str,
    rows: int,
    columns: int,
    bits: int,
    origin: Origin,
    secret: bytes,
    site: str = "",
    view: str | None = None,
    indication: str = "",
    notices: Sequence[JsonObject] = (),
    examined_on: date | None = None,
    added_by: int | None = None,
    held_out_share: float = HELD_OUT_SHARE,
) -> Study:
    """Take a study in and fix its split. A patient known already keeps theirs, whatever the secret is now.

    ``patient_key`` is a pseudonym from ``patient_key_of``, ``image_folder`` relative to the data folder,
    ``examined_on`` a day that was moved with all others of this patient, ``notices`` of ``lmrrg.notices.as_json``.

    Raises:
        DuplicateStudy: an image with this ``content_hash`` is here; ``study_id`` says where.
    """
    known = session.scalar(select(Study.split).where(Study.patient_key == patient_key).limit(1))
    study = Study(
        patient_key=patient_key,
        split=known or split_of(patient_key, secret, held_out_share),
        site=site,
        view=view,
        indication=indication,
        image_folder=image_folder,
        rows=rows,
        columns=columns,
        bits=bits,
        content_hash=content_hash,
        origin=origin,
        notices=list(notices),
        examined_on=examined_on,
    )
    try:
        with session.begin_nested():
            session.add(study)
    except IntegrityError as error:
        twin = session.scalar(select(Study.id).where(Study.content_hash == content_hash))
        if twin is None:
            raise
        raise DuplicateStudy(twin) from error
    worklist_entries.add(session, study=study)
    audit.append(
        session,
        reader_id=added_by,
        action="add study",
        subject=f"study:{study.id}",
        data={"origin": origin, "content_hash": content_hash, "split": study.split},
    )
    return study


def get(session: Session, *, study_id: int) -> Study:
    """The study; raises NotFound."""
    study = session.get(Study, study_id)
    if study is None:
        raise NotFound("study", study_id)
    return study


def patient_keys(session: Session, *, split: Split) -> set[str]:
    """The pseudonyms of all patients of a split."""
    return set(session.scalars(select(Study.patient_key).where(Study.split == split)))


def count(session: Session, *, split: Split | None = None) -> int:
    """How many studies there are, of one split or of both."""
    query = select(func.count()).select_from(Study)
    if split is not None:
        query = query.where(Study.split == split)
    return session.scalar(query) or 0
