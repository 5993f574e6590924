"""Training jobs: asked for by a lead, claimed by one worker, told as events, cancelled or finished.

A job is a row; the web process and the trainer meet only here. Knows nothing about processes or models.
"""

from datetime import timedelta
from typing import Any, Literal

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from feedback_db.errors import JobNotRunning, NotFound
from feedback_db.models import EventKind, TrainingEvent, TrainingJob, now
from feedback_db.people import audit
from feedback_db.training import configuration, gate_widening

MOST_ATTEMPTS = 3


def enqueue(
    session: Session,
    *,
    requested_by: int | None,
    config: dict[str, Any] | None = None,
    kind: str = "retrain",
    reason: str = "",
) -> TrainingJob:
    """Ask for a job; it waits until a worker claims it.

    ``config`` holds the settings that shall differ from their defaults; it is kept as it was asked. One that asks less
    of a candidate than the defaults do needs a written ``reason``; the audit keeps it with the values.

    Raises:
        BrokenConfiguration: it cannot be used.
        ReasonNeeded: it widens the gate, and no reason is given.
    """
    wider = gate_widening.widened(configuration.read(config or {}))
    if wider:
        told = f"These settings let through what the gate stops otherwise: {gate_widening.in_words(wider)}."
        reason = gate_widening.written(reason, what=told)
    job = TrainingJob(kind=kind, requested_by=requested_by, config=config or {})
    session.add(job)
    session.flush()
    asked = {"kind": kind, "config": job.config}
    audit.append(session, reader_id=requested_by, action="request job", subject=f"job:{job.id}", data=asked)
    if wider:
        data = {"reason": reason, "widened": {name: list(values) for name, values in wider.items()}}
        audit.append(session, reader_id=requested_by, action="widen gate", subject=f"job:{job.id}", data=data)
    return job


def claim(session: Session, *, worker: str) -> TrainingJob | None:
    """Take the oldest waiting job for ``worker`` (``host:pid``), or None. Of two workers only one gets it."""
    at = now()
    # On PostgreSQL two workers skip each other's row; on SQLite there is one writer at a time anyway.
    oldest = (
        select(TrainingJob.id)
        .where(TrainingJob.status == "queued")
        .order_by(TrainingJob.id)
        .limit(1)
        .with_for_update(skip_locked=True)
        .scalar_subquery()
    )
    job_id = session.scalar(
        update(TrainingJob)
        .where(TrainingJob.id == oldest, TrainingJob.status == "queued")
        .values(
            status="running",
            worker=worker,
            heartbeat_at=at,
            # The first start counts: what was signed after it may not be in the job's snapshot.
            started_at=func.coalesce(TrainingJob.started_at, at),
            attempts=TrainingJob.attempts + 1,
        )
        .returning(TrainingJob.id),
        execution_options={"synchronize_session": False},
    )
    return None if job_id is None else _fresh(session, job_id)


def heartbeat(session: Session, *, job_id: int, worker: str) -> bool:
    """Say that the worker lives. False: the job is no longer this worker's, who must stop."""
    return (
        session.scalar(
            update(TrainingJob)
            .where(TrainingJob.id == job_id, TrainingJob.status == "running", TrainingJob.worker == worker)
            .values(heartbeat_at=now())
            .returning(TrainingJob.id),
            execution_options={"synchronize_session": False},
        )
        is not None
    )


def add_event(
    session: Session,
    *,
    job_id: int,
    kind: EventKind,
    stage: str,
    step: int = 0,
    total: int = 0,
    data: dict[str, Any] | None = None,
) -> TrainingEvent:
    """Tell one thing of a job; ``step`` of ``total`` within the stage."""
    event = TrainingEvent(job_id=job_id, kind=kind, stage=stage, step=step, total=total, data=data or {})
    session.add(event)
    session.flush()
    return event


def events_since(
    session: Session, *, job_id: int, after_id: int = 0, limit: int = 5000
) -> list[TrainingEvent]:
    """What a job said after the event ``after_id``, the oldest first."""
    return list(
        session.scalars(
            select(TrainingEvent)
            .where(TrainingEvent.job_id == job_id, TrainingEvent.id > after_id)
            .order_by(TrainingEvent.id)
            .limit(limit)
        )
    )


def request_cancel(session: Session, *, job_id: int, by: int | None) -> TrainingJob:
    """Cancel a waiting job at once, ask a running one to stop; a finished one stays as it is."""
    job = _fresh(session, job_id, lock=True)
    if job.status == "queued":
        job.status, job.finished_at, job.reason = "cancelled", now(), "Cancelled before it began."
    elif job.status == "running":
        job.cancel_requested = True
    else:
        return job
    session.flush()
    audit.append(session, reader_id=by, action="cancel job", subject=f"job:{job_id}")
    return job


def cancel_requested(session: Session, *, job_id: int) -> bool:
    """Whether someone wants this job to stop."""
    return bool(session.scalar(select(TrainingJob.cancel_requested).where(TrainingJob.id == job_id)))


def finish(
    session: Session,
    *,
    job_id: int,
    worker: str,
    status: Literal["succeeded", "failed", "cancelled"],
    outcome: dict[str, Any] | None = None,
    reason: str = "",
    candidate_id: int | None = None,
) -> TrainingJob:
    """End a running job. ``reason`` is a sentence for the lead; ``outcome`` the numbers.

    Raises:
        JobNotRunning: it is not running, or not under this worker.
    """
    done = session.scalar(
        update(TrainingJob)
        .where(TrainingJob.id == job_id, TrainingJob.status == "running", TrainingJob.worker == worker)
        .values(
            status=status,
            outcome=outcome or {},
            reason=reason,
            candidate_id=candidate_id,
            finished_at=now(),
        )
        .returning(TrainingJob.id),
        execution_options={"synchronize_session": False},
    )
    if done is None:
        raise JobNotRunning(job_id)
    audit.append(
        session,
        reader_id=None,
        action="finish job",
        subject=f"job:{job_id}",
        data={"status": status, "reason": reason, "candidate": candidate_id},
    )
    return _fresh(session, job_id)


def requeue_stale(
    session: Session, *, older_than: timedelta, most_attempts: int = MOST_ATTEMPTS
) -> list[TrainingJob]:
    """Deal with running jobs whose worker has not been heard of for ``older_than``.

    One that was to be cancelled is cancelled; one tried ``most_attempts`` times has failed; any other waits for
    a worker again. Returns the jobs dealt with.
    """
    stale = list(
        session.scalars(
            select(TrainingJob)
            .where(TrainingJob.status == "running", TrainingJob.heartbeat_at < now() - older_than)
            .with_for_update(skip_locked=True)
            .execution_options(populate_existing=True)
        )
    )
    for job in stale:
        if job.cancel_requested:
            job.status, job.finished_at, job.reason = "cancelled", now(), "Cancelled; its worker had died."
        elif job.attempts >= most_attempts:
            job.status, job.finished_at = "failed", now()
            job.reason = (
                f"Its worker died {job.attempts} times. Look at the job's log, then ask for it again."
            )
        else:
            job.status, job.worker, job.heartbeat_at = "queued", None, None
    session.flush()
    return stale


def get(session: Session, *, job_id: int) -> TrainingJob:
    """The job; raises NotFound."""
    return _fresh(session, job_id)


def recent(session: Session, *, limit: int = 20) -> list[TrainingJob]:
    """The newest jobs first."""
    return list(session.scalars(select(TrainingJob).order_by(TrainingJob.id.desc()).limit(limit)))


def active(session: Session) -> list[TrainingJob]:
    """The jobs that wait or run, the oldest first."""
    return list(
        session.scalars(
            select(TrainingJob).where(TrainingJob.status.in_(("queued", "running"))).order_by(TrainingJob.id)
        )
    )


def _fresh(session: Session, job_id: int, *, lock: bool = False) -> TrainingJob:
    job = session.get(TrainingJob, job_id, populate_existing=True, with_for_update=lock or None)
    if job is None:
        raise NotFound("training job", job_id)
    return job
