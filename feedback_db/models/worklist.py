"""The worklist's own tables: one narrow line for each study, and who has which study open.

Both are derived or passing: what they say follows from the other tables (``worklist_entries.rebuild``) or is
forgotten within a minute. They exist so that 100,000 studies can be filtered and ordered at once.
"""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from feedback_db.models.base import Base, now, one_of
from feedback_db.models.study import StudyStatus


class WorklistEntry(Base):
    """One line of the worklist.

    ``needs_eye``, ``confidence``, ``disagrees`` and ``findings`` are those of the newest draft for reading, which
    ``model_version_id`` wrote. ``findings`` is ``"|Edema|Fracture|"``, ``"|"`` for none, empty where the
    draft tells nothing of the image; ``words`` what a search looks into, in small letters.
    """

    __tablename__ = "worklist_entry"
    __table_args__ = (
        one_of("status", StudyStatus),
        # Holds all that is filtered by, so that SQLite reads a list in this order without the table.
        Index(
            "ix_worklist_entry_needs_eye",
            "needs_eye",
            "study_id",
            "status",
            "site",
            "confidence",
            "disagrees",
            "claimed_by",
            "claimed_at",
            "findings",
            "words",
        ),
    )

    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), primary_key=True, autoincrement=False)
    status: Mapped[StudyStatus] = mapped_column(String, default="new")
    site: Mapped[str]
    needs_eye: Mapped[float] = mapped_column(default=0.0)
    confidence: Mapped[float | None]
    disagrees: Mapped[bool] = mapped_column(default=False)
    claimed_by: Mapped[int | None] = mapped_column(ForeignKey("reader.id"))
    claimed_at: Mapped[datetime | None]
    model_version_id: Mapped[int | None] = mapped_column(ForeignKey("model_version.id"))
    findings: Mapped[str] = mapped_column(default="|")
    words: Mapped[str]


class Presence(Base):
    """A reader who has a study open, and when their page was last heard of."""

    __tablename__ = "presence"

    study_id: Mapped[int] = mapped_column(ForeignKey("study.id"), primary_key=True)
    reader_id: Mapped[int] = mapped_column(ForeignKey("reader.id"), primary_key=True)
    seen_at: Mapped[datetime] = mapped_column(default=now)
