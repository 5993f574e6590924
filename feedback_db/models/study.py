"""Examinations and their images.

Holds no pixels: an image names a folder that ``lmrrg.imaging.door.archive`` wrote, where what only display needs (grey
windows, spacing) lies beside the pixels. Holds no identifier: what names a patient, an examination or a day is a keyed
hash, or was moved.
"""

from datetime import date, datetime
from typing import Literal

from sqlalchemy import JSON, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from feedback_db.models.base import Base, JsonObject, now, one_of

Split = Literal["training", "held_out"]
StudyStatus = Literal["new", "drafted", "in reading", "signed", "amended"]
Origin = Literal["phantom", "upload"]
Sex = Literal["F", "M", "O"]
Side = Literal["L", "R"]


class Study(Base):
    """One examination; its images are rows of ``image``.

    ``patient_key`` is a pseudonym (``studies.patient_key_of``). ``study_key`` is the same for images of one examination
    (the keyed StudyInstanceUID), ``accession_key`` for one order, ``witness_key`` tells by keyed hashes of birth date,
    sex and name whether two patients of one identifier are the same; None where the files said nothing, and of studies
    from before revision 0004. ``examined_on`` is the day of the examination, moved with all days of this patient; None
    where the file said none, or it is not known to be this patient's. ``day_rank`` puts this patient's studies of that
    day in order, the later the larger; its size tells no time. ``age`` in years.
    """

    __tablename__ = "study"
    __table_args__ = (
        one_of("split", Split),
        one_of("origin", Origin),
        one_of("sex", Sex),
        Index("ix_study_created_at_id", "created_at", "id"),
        Index("ix_study_site_created_at_id", "site", "created_at", "id"),
        {"sqlite_autoincrement": True},  # the number of an erased study is never given again
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    patient_key: Mapped[str] = mapped_column(index=True)
    split: Mapped[Split] = mapped_column(String, index=True)
    site: Mapped[str] = mapped_column(default="")
    indication: Mapped[str] = mapped_column(default="")
    comparison: Mapped[str] = mapped_column(default="")
    technique: Mapped[str] = mapped_column(default="")
    age: Mapped[int | None]
    sex: Mapped[Sex | None] = mapped_column(String)
    study_key: Mapped[str | None]
    accession_key: Mapped[str | None]
    witness_key: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    examined_on: Mapped[date | None]
    day_rank: Mapped[int | None]
    origin: Mapped[Origin] = mapped_column(String)
    created_at: Mapped[datetime] = mapped_column(default=now)


class StudyImage(Base):
    """One radiograph of a study.

    ``position`` counts a study's images from 0 as they came. ``image_folder`` is relative to the data folder;
    ``rows`` × ``columns`` pixels of ``bits`` significant bits in ``channels`` (1 or 3). ``view`` is a projection by the
    profile's word, ``side`` the patient's side that was examined, or that lay at the detector; None where not known.
    ``notices`` are those of ``lmrrg.notices``, as JSON. ``created_at`` tells whether it came after a draft or a reading
    was made.
    """

    __tablename__ = "image"
    __table_args__ = (UniqueConstraint("study_id", "position"), one_of("side", Side))

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    position: Mapped[int] = mapped_column(default=0)
    image_folder: Mapped[str]
    rows: Mapped[int]
    columns: Mapped[int]
    bits: Mapped[int]
    channels: Mapped[int] = mapped_column(default=1)
    view: Mapped[str | None]
    side: Mapped[Side | None] = mapped_column(String)
    content_hash: Mapped[str] = mapped_column(unique=True)
    notices: Mapped[list[JsonObject]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(default=now)
