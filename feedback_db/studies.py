"""Intake of studies, the held-out split, and the worklist.

A patient is *training* or *held out* from the first study on and for ever. Knows no pixels and no model.
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, case, func, select, tuple_
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from feedback_db import audit
from feedback_db.errors import DuplicateStudy, NotFound
from feedback_db.models import Draft, Reader, Reading, Split, Study
from feedback_db.models.reading import Origin

HELD_OUT_SHARE = 0.3
StudyStatus = Literal["new", "drafted", "in reading", "signed", "amended"]


@dataclass(frozen=True, slots=True)
class WorklistRow:
    """One line of the worklist. ``readers`` are the names of those who opened it, the first first."""

    study_id: int
    status: StudyStatus
    site: str
    view: str | None
    indication: str
    split: Split
    origin: Origin
    created_at: datetime
    readers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WorklistPage:
    """One page of the worklist and how many lines the whole list has."""

    rows: tuple[WorklistRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Place:
    """Where a study stands in the whole worklist: ``position`` counts from 1; None where the list ends."""

    position: int
    total: int
    previous: int | None
    next: int | None


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
    notices: Sequence[str] = (),
    added_by: int | None = None,
    held_out_share: float = HELD_OUT_SHARE,
) -> Study:
    """Take a study in and fix its split. A patient known already keeps theirs, whatever the secret is now.

    ``patient_key`` is a pseudonym from ``patient_key_of``, ``image_folder`` relative to the data folder.

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
    )
    try:
        with session.begin_nested():
            session.add(study)
    except IntegrityError as error:
        twin = session.scalar(select(Study.id).where(Study.content_hash == content_hash))
        if twin is None:
            raise
        raise DuplicateStudy(twin) from error
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


def count(session: Session, *, split: Split | None = None) -> int:
    """How many studies there are, of one split or of both."""
    query = select(func.count()).select_from(Study)
    if split is not None:
        query = query.where(Study.split == split)
    return session.scalar(query) or 0


def worklist(
    session: Session,
    *,
    offset: int = 0,
    limit: int = 50,
    status: StudyStatus | None = None,
    site: str | None = None,
) -> WorklistPage:
    """A page of studies, the newest first, each with its status over all readers. Three queries in all."""
    wanted: list[ColumnElement[bool]] = []
    if site is not None:
        wanted.append(Study.site == site)
    if status is not None:
        wanted.append(_status() == status)
    total = session.scalar(select(func.count()).select_from(Study).where(*wanted)) or 0
    page = session.execute(
        select(Study, _status())
        .where(*wanted)
        .order_by(Study.created_at.desc(), Study.id.desc())
        .offset(offset)
        .limit(limit)
    ).all()
    names = _readers_of(session, [study.id for study, _ in page])
    return WorklistPage(
        rows=tuple(
            WorklistRow(
                study_id=study.id,
                status=study_status,
                site=study.site,
                view=study.view,
                indication=study.indication,
                split=study.split,
                origin=study.origin,
                created_at=study.created_at,
                readers=tuple(names.get(study.id, ())),
            )
            for study, study_status in page
        ),
        total=total,
    )


def place_of(session: Session, *, study_id: int) -> Place:
    """The study's place in the unfiltered worklist and its neighbours there; raises NotFound."""
    study = get(session, study_id=study_id)
    here = tuple_(study.created_at, study.id)
    newer = tuple_(Study.created_at, Study.id) > here
    older = tuple_(Study.created_at, Study.id) < here
    before = session.scalar(select(func.count()).select_from(Study).where(newer)) or 0
    return Place(
        position=before + 1,
        total=count(session),
        previous=session.scalar(select(Study.id).where(newer).order_by(Study.created_at, Study.id).limit(1)),
        next=session.scalar(
            select(Study.id).where(older).order_by(Study.created_at.desc(), Study.id.desc()).limit(1)
        ),
    )


def status_of(session: Session, *, study_id: int) -> StudyStatus:
    """Where one study stands, over all readers; raises NotFound."""
    status = session.scalar(select(_status()).where(Study.id == study_id))
    if status is None:
        raise NotFound("study", study_id)
    return status


def _status() -> ColumnElement[StudyStatus]:
    """The furthest that any reader got with a study, as SQL: each test is one look into an index."""

    def reading_is(status: str) -> ColumnElement[bool]:
        return select(Reading.id).where(Reading.study_id == Study.id, Reading.status == status).exists()

    drafted = select(Draft.id).where(Draft.study_id == Study.id).exists()
    return case(
        (reading_is("amended"), "amended"),
        (reading_is("signed"), "signed"),
        (reading_is("open"), "in reading"),
        (drafted, "drafted"),
        else_="new",
    )


def _readers_of(session: Session, study_ids: list[int]) -> dict[int, list[str]]:
    names: dict[int, list[str]] = {}
    for study_id, name in session.execute(
        select(Reading.study_id, Reader.name)
        .join(Reader, Reader.id == Reading.reader_id)
        .where(Reading.study_id.in_(study_ids))
        .order_by(Reading.id)
    ):
        names.setdefault(study_id, []).append(name)
    return names
