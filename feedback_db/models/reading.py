"""What models drafted for studies, what readers made of it, and what they preferred.

Knows neither images nor models: those are in ``study`` and ``training``.
"""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from feedback_db.models.base import AppendOnly, Base, JsonObject, now, one_of

ReadingStatus = Literal["open", "signed", "amended"]
RevisionKind = Literal["save", "sign", "amending", "discard", "amend"]
Verdict = Literal["accepted", "edited", "deleted", "inserted"]
RegionAction = Literal["drawn", "moved", "removed"]
Source = Literal["choice", "edit"]
Outcome = Literal["left", "right", "tie", "both_bad"]


class Draft(Base):
    """A report that a model version wrote for a study.

    ``report`` is ``report_as_json`` with maps; ``request`` is what was asked (indication, temperature, seed), and
    under ``images`` the numbers of the images that the report's indices count; a draft of before has no such list.
    ``sampled``: written at a temperature, for *Compare* and not for reading. ``needs_eye``: 0 … 1, how much a
    human should look at it (``feedback_db.studies.doubt``).
    """

    __tablename__ = "draft"
    __table_args__ = (Index("ix_draft_study_id_id", "study_id", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    model_version_id: Mapped[int] = mapped_column(ForeignKey("model_version.id"), index=True)
    text: Mapped[str]
    report: Mapped[JsonObject] = mapped_column(JSON)
    request: Mapped[JsonObject] = mapped_column(JSON, default=dict)
    sampled: Mapped[bool] = mapped_column(default=False)
    needs_eye: Mapped[float] = mapped_column(default=0.0)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Reading(Base):
    """One reader's work on one study, as it stands now.

    ``sentences`` is a list of objects with at least ``text``, and ``draft_index`` where the sentence came from
    the draft. ``revision`` counts up by one with every row of ``reading_revision``, from 0 at opening. Once signed,
    ``text`` is the text in force, ``signed_revision`` the revision that it was signed with, and ``pending_text``
    an amendment that is still being written. ``agreement`` 1 … 5: how well the draft fitted, in the reader's eyes.
    """

    __tablename__ = "reading"
    __table_args__ = (
        UniqueConstraint("study_id", "reader_id"),
        one_of("status", ReadingStatus),
        CheckConstraint("agreement BETWEEN 1 AND 5", name="agreement"),
        Index("ix_reading_study_id_status", "study_id", "status"),
        Index("ix_reading_reader_id_study_id", "reader_id", "study_id"),
        Index("ix_reading_status_signed_at", "status", "signed_at"),
        {"sqlite_autoincrement": True},  # the number of an erased reading is never given again
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"))
    reader_id: Mapped[int] = mapped_column(ForeignKey("reader.id"))
    draft_id: Mapped[int | None] = mapped_column(ForeignKey("draft.id"))
    status: Mapped[ReadingStatus] = mapped_column(String, default="open")
    revision: Mapped[int] = mapped_column(default=0)
    text: Mapped[str]
    sentences: Mapped[list[dict[str, Any]]] = mapped_column(JSON, default=list)
    pending_text: Mapped[str | None]
    pending_sentences: Mapped[list[dict[str, Any]] | None] = mapped_column(JSON(none_as_null=True))
    opened_at: Mapped[datetime] = mapped_column(default=now)
    saved_at: Mapped[datetime | None]
    signed_at: Mapped[datetime | None]
    signed_revision: Mapped[int | None]
    active_seconds: Mapped[float] = mapped_column(default=0.0)
    agreement: Mapped[int | None]


class ReadingRevision(AppendOnly, Base):
    """A text as it stood after one step, written once.

    ``save`` and ``sign`` of the report, ``amending`` for an amendment that is being written, ``discard`` where it
    was given up (the text is the one in force again), ``amend`` where it was signed. ``seal`` is the keyed hash of all
    that the row says (``feedback_db.people.audit_seal``); None in rows of before revision 0006.
    """

    __tablename__ = "reading_revision"
    __table_args__ = (UniqueConstraint("reading_id", "revision"), one_of("kind", RevisionKind))

    id: Mapped[int] = mapped_column(primary_key=True)
    reading_id: Mapped[int] = mapped_column(ForeignKey("reading.id"))
    revision: Mapped[int]
    text: Mapped[str]
    sentences: Mapped[list[dict[str, Any]]] = mapped_column(JSON)
    kind: Mapped[RevisionKind] = mapped_column(String)
    saved_at: Mapped[datetime] = mapped_column(default=now)
    reader_id: Mapped[int] = mapped_column(ForeignKey("reader.id"))
    seal: Mapped[str | None]


class SentenceFeedback(Base):
    """What a reader said of one sentence of the draft; one row for each error, one without category if none."""

    __tablename__ = "sentence_feedback"
    __table_args__ = (
        one_of("verdict", Verdict),
        Index("ix_sentence_feedback_reading_id_sentence_index", "reading_id", "sentence_index"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    reading_id: Mapped[int] = mapped_column(ForeignKey("reading.id"))
    sentence_index: Mapped[int]
    text: Mapped[str]
    verdict: Mapped[Verdict] = mapped_column(String)
    error_category: Mapped[str | None]
    significant: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(default=now)


class RegionFeedback(Base):
    """A box that a reader drew, moved or removed. ``box`` is [x, y, width, height] in the image's pixels."""

    __tablename__ = "region_feedback"
    __table_args__ = (UniqueConstraint("reading_id", "image_id", "region"), one_of("action", RegionAction))

    id: Mapped[int] = mapped_column(primary_key=True)
    reading_id: Mapped[int] = mapped_column(ForeignKey("reading.id"))
    image_id: Mapped[int] = mapped_column(ForeignKey("image.id"))
    region: Mapped[str]
    box: Mapped[list[float] | None] = mapped_column(JSON(none_as_null=True))
    action: Mapped[RegionAction] = mapped_column(String)
    created_at: Mapped[datetime] = mapped_column(default=now)


class Preference(Base):
    """Chosen ≻ rejected, from an A/B choice or from an edit (draft ≺ signed).

    For the outcomes ``tie`` and ``both_bad`` nothing was chosen: ``chosen_*`` then holds the left text and
    ``rejected_*`` the right one. ``strength`` is 1 (slightly better) … 3 (much better). ``pair`` names the two
    drafts of a choice in either order, so that one reader judges them once; ``reasons`` are the page's words.
    """

    __tablename__ = "preference"
    __table_args__ = (
        one_of("source", Source),
        one_of("outcome", Outcome),
        UniqueConstraint("reader_id", "pair"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), index=True)
    reader_id: Mapped[int] = mapped_column(ForeignKey("reader.id"), index=True)
    reading_id: Mapped[int | None] = mapped_column(ForeignKey("reading.id"), unique=True)
    chosen_text: Mapped[str]
    rejected_text: Mapped[str]
    chosen_draft_id: Mapped[int | None] = mapped_column(ForeignKey("draft.id"))
    rejected_draft_id: Mapped[int | None] = mapped_column(ForeignKey("draft.id"))
    source: Mapped[Source] = mapped_column(String)
    outcome: Mapped[Outcome | None] = mapped_column(String)
    strength: Mapped[int] = mapped_column(default=1)
    pair: Mapped[str | None]
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(default=now)
