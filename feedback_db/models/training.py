"""Model versions, the jobs that make them, and how they did.

Holds no weights: a version names a folder.
"""

from datetime import datetime
from typing import Any, Literal

from sqlalchemy import JSON, ForeignKey, Index, String, text
from sqlalchemy.orm import Mapped, mapped_column

from feedback_db.models.base import AppendOnly, Base, JsonObject, now, one_of

VersionStatus = Literal["live", "candidate", "rejected", "retired"]
JobStatus = Literal["queued", "running", "succeeded", "failed", "cancelled"]
EventKind = Literal["stage", "progress", "log", "sample", "result"]
EvaluationSet = Literal["held_out", "base"]
Decision = Literal["promote", "reject"]


class ModelVersion(Base):
    """A model that can be live.

    ``folder`` is ``"default"`` (the shipped weights), an absolute path, or a path relative to the data folder:
    ``lmrrg.reporters.registry`` resolves it. ``number`` is ``"1.0"`` for the base and ``"1.1"``, ``"1.2"`` … for
    what was trained from it.
    """

    __tablename__ = "model_version"
    __table_args__ = (
        one_of("status", VersionStatus),
        # At most one version is live, and the database says so.
        Index(
            "uq_model_version_live",
            "status",
            unique=True,
            sqlite_where=text("status = 'live'"),
            postgresql_where=text("status = 'live'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    number: Mapped[str] = mapped_column(unique=True)
    folder: Mapped[str]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("model_version.id"))
    status: Mapped[VersionStatus] = mapped_column(String)
    demonstration: Mapped[bool]
    snapshot_hash: Mapped[str | None]
    config: Mapped[JsonObject] = mapped_column(JSON, default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)
    promoted_at: Mapped[datetime | None]
    promoted_by: Mapped[int | None] = mapped_column(ForeignKey("reader.id"))
    reason: Mapped[str] = mapped_column(default="")


class Promotion(Base):
    """One time that a version went live. Those not rolled back form a stack whose top is the live version."""

    __tablename__ = "promotion"

    id: Mapped[int] = mapped_column(primary_key=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("model_version.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    by: Mapped[int | None] = mapped_column(ForeignKey("reader.id"))
    reason: Mapped[str] = mapped_column(default="")
    rolled_back_at: Mapped[datetime | None]


class TrainingJob(Base):
    """A request to train, and the state of the work. ``worker`` is ``host:pid`` of who claimed it."""

    __tablename__ = "training_job"
    __table_args__ = (one_of("status", JobStatus), Index("ix_training_job_status_id", "status", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(default="retrain")
    status: Mapped[JobStatus] = mapped_column(String, default="queued")
    requested_by: Mapped[int | None] = mapped_column(ForeignKey("reader.id"))
    config: Mapped[JsonObject] = mapped_column(JSON, default=dict)
    cancel_requested: Mapped[bool] = mapped_column(default=False)
    worker: Mapped[str | None]
    heartbeat_at: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime] = mapped_column(default=now)
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    outcome: Mapped[JsonObject] = mapped_column(JSON, default=dict)
    reason: Mapped[str] = mapped_column(default="")
    candidate_id: Mapped[int | None] = mapped_column(ForeignKey("model_version.id"))


class TrainingEvent(AppendOnly, Base):
    """One thing that a job said while it ran. Written once; ids grow in the order of writing."""

    __tablename__ = "training_event"
    __table_args__ = (one_of("kind", EventKind), Index("ix_training_event_job_id_id", "job_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("training_job.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    kind: Mapped[EventKind] = mapped_column(String)
    stage: Mapped[str]
    step: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    data: Mapped[JsonObject] = mapped_column(JSON, default=dict)


class Evaluation(Base):
    """A version measured against another on one set of ``n`` studies."""

    __tablename__ = "evaluation"
    __table_args__ = (one_of("set", EvaluationSet), one_of("decision", Decision))

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int | None] = mapped_column(ForeignKey("training_job.id"), index=True)
    version_id: Mapped[int] = mapped_column(ForeignKey("model_version.id"), index=True)
    against_id: Mapped[int | None] = mapped_column(ForeignKey("model_version.id"))
    set: Mapped[EvaluationSet] = mapped_column(String)
    n: Mapped[int]
    metrics: Mapped[Any] = mapped_column(JSON)
    decision: Mapped[Decision | None] = mapped_column(String)
    reasons: Mapped[list[str]] = mapped_column(JSON, default=list)
    created_at: Mapped[datetime] = mapped_column(default=now)
