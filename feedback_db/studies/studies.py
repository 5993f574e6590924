"""Intake of studies and the held-out split.

A patient is *training* or *held out* from the first study on and for ever. Images of one examination make one study,
in whatever order they come. Knows nothing about pixels, models or lists.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from feedback_db.errors import DuplicateStudy, NotFound
from feedback_db.models import Origin, Sex, Split, Study
from feedback_db.people import audit
from feedback_db.people.audit_films import mark_of
from feedback_db.studies import images as study_images
from feedback_db.studies import worklist_entries
from feedback_db.studies.images import NewImage

HELD_OUT_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class Examination:
    """What is known of an examination beside its images; see ``Study`` for each of them."""

    site: str = ""
    indication: str = ""
    comparison: str = ""
    technique: str = ""
    age: int | None = None
    sex: Sex | None = None
    study_key: str | None = None
    accession_key: str | None = None
    witness_key: dict[str, str] | None = None
    examined_on: date | None = None
    day_rank: int | None = None


UNKNOWN = Examination()


def told_together(*told: Examination) -> Examination:
    """What several files tell of one examination: of each fact what the first says that knows it, the earliest rank."""
    facts: dict[str, Any] = {
        one.name: next((known for each in told if (known := getattr(each, one.name))), one.default)
        for one in fields(Examination)
    }
    ranks = [each.day_rank for each in told if each.day_rank is not None]
    return Examination(**facts | {"day_rank": min(ranks, default=None)})


def patient_key_of(identifier: str, secret: bytes) -> str:
    """A pseudonym for a patient identifier: the same for the same patient, useless without the secret."""
    return hmac.new(secret, b"patient:" + identifier.encode(), hashlib.sha256).hexdigest()[:32]


def split_of(patient_key: str, secret: bytes, held_out_share: float = HELD_OUT_SHARE) -> Split:
    """Which split a patient belongs to: HMAC-SHA256 of the key, read as a fraction, below the share."""
    digest = hmac.new(secret, b"split:" + patient_key.encode(), hashlib.sha256).digest()
    fraction = int.from_bytes(digest[:8], "big") / 2**64
    return "held_out" if fraction < held_out_share else "training"


def take_in(
    session: Session,
    *,
    patient_key: str,
    images: Sequence[NewImage],
    origin: Origin,
    secret: bytes,
    about: Examination = UNKNOWN,
    named: bool = True,
    added_by: int | None = None,
) -> Study:
    """Make these images of one examination a study, or add them to the study that has others of it.

    That study is of the same patient, site and ``about.study_key``, and of no other day; where no file has a key, it
    is the one that has some of these very images. An image that it has already is passed over. ``named``: whether
    somebody said whose the images are; ``patient_key`` is otherwise that of a patient never seen before.

    Raises:
        DuplicateStudy: all of them are here already, or one of them is in another study; ``study_id`` says where.
    """
    # Two images of one examination that come at once must not both find that there is no study yet.
    audit.hold(session)
    here = study_images.where_they_are(session, content_hashes=[image.content_hash for image in images])
    if about.study_key is not None:
        study = _of_examination(session, patient_key, about)
    else:
        study = _that_has_them(session, set(here.values()), patient_key if named else None, about.site)
    elsewhere = [number for number in here.values() if study is None or number != study.id]
    missing = [image for image in images if image.content_hash not in here]
    if elsewhere or not missing:
        raise DuplicateStudy((elsewhere or list(here.values()))[0])
    if study is not None:
        return add_images(session, study=study, images=missing, about=about, added_by=added_by)
    return add_study(
        session,
        patient_key=patient_key,
        images=missing,
        origin=origin,
        secret=secret,
        about=about,
        added_by=added_by,
    )


def of_another_day(session: Session, *, patient_key: str, about: Examination) -> Study | None:
    """The study that bears the examination's key at the same site, and was made another day and taken in before.

    One of the two says what is not so: an examination has one day. They stay apart, and whoever adds is told.
    """
    if about.study_key is None or about.examined_on is None:
        return None
    own = _of_examination(session, patient_key, about)
    query = _with_key(patient_key, about).where(Study.examined_on != about.examined_on)
    return session.scalar((query.where(Study.id < own.id) if own else query).limit(1))


def add_study(
    session: Session,
    *,
    patient_key: str,
    images: Sequence[NewImage],
    origin: Origin,
    secret: bytes,
    about: Examination = UNKNOWN,
    added_by: int | None = None,
    held_out_share: float = HELD_OUT_SHARE,
) -> Study:
    """Take a study in and fix its split. A patient known already keeps theirs, whatever the secret is now.

    ``patient_key`` is a pseudonym from ``patient_key_of``.

    Raises:
        DuplicateStudy: one of the images is here; ``study_id`` says where.
    """
    known = session.scalar(select(Study.split).where(Study.patient_key == patient_key).limit(1))
    study = Study(
        patient_key=patient_key,
        split=known or split_of(patient_key, secret, held_out_share),
        origin=origin,
        **asdict(about),
    )
    try:
        with session.begin_nested():
            session.add(study)
            session.flush()
            study_images.append(session, study_id=study.id, images=images)
    except IntegrityError as error:
        twins = study_images.where_they_are(session, content_hashes=[one.content_hash for one in images])
        if not twins:
            raise
        raise DuplicateStudy(min(twins.values())) from error
    worklist_entries.add(session, study=study)
    audit.append(
        session,
        reader_id=added_by,
        action="add study",
        subject=f"study:{study.id}",
        data={
            "origin": origin,
            "images": [image.content_hash for image in images],
            "split": study.split,
            "patient": mark_of(patient_key),
        },
    )
    return study


def add_images(
    session: Session,
    *,
    study: Study,
    images: Sequence[NewImage],
    about: Examination = UNKNOWN,
    added_by: int | None = None,
) -> Study:
    """Add images that came later to the study of their examination, and what they tell that was not known of it.

    Whoever has read it meanwhile finds by the images' ``created_at`` that they came after.
    """
    study_images.append(session, study_id=study.id, images=images)
    known = Examination(**{one.name: getattr(study, one.name) for one in fields(Examination)})
    for name, value in asdict(told_together(known, about)).items():
        setattr(study, name, value)
    session.flush()
    worklist_entries.refresh_words(session, study=study)
    audit.append(
        session,
        reader_id=added_by,
        action="add images",
        subject=f"study:{study.id}",
        data={"images": [image.content_hash for image in images]},
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


def drawn(session: Session) -> set[int]:
    """The ids of the studies that are phantoms."""
    return set(session.scalars(select(Study.id).where(Study.origin == "phantom")))


def count(session: Session, *, split: Split | None = None) -> int:
    """How many studies there are, of one split or of both."""
    query = select(func.count()).select_from(Study)
    if split is not None:
        query = query.where(Study.split == split)
    return session.scalar(query) or 0


def _of_examination(session: Session, patient_key: str, about: Examination) -> Study | None:
    """The study that has other images of this examination, the first where those of before are several.

    Where a day is not known, on either side, it is no other day.
    """
    query = _with_key(patient_key, about)
    if about.examined_on is not None:
        query = query.where(or_(Study.examined_on.is_(None), Study.examined_on == about.examined_on))
    return session.scalar(query.limit(1))


def _with_key(patient_key: str, about: Examination) -> Select[Study]:
    return (
        select(Study)
        .where(Study.patient_key == patient_key, Study.study_key == about.study_key, Study.site == about.site)
        .order_by(Study.id)
    )


def _that_has_them(session: Session, numbers: set[int], patient_key: str | None, site: str) -> Study | None:
    """The only study that has some of the images given together, if it is of this site and patient."""
    study = session.get(Study, next(iter(numbers))) if len(numbers) == 1 else None
    if study is None or study.site != site or patient_key not in (None, study.patient_key):
        return None
    return study
