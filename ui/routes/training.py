"""The training page: what waits, the job that runs and what it says, the versions and the way back.

Starts the worker and reads the database; knows nothing of how training is done.
"""

from datetime import timedelta
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from feedback_db import accounts, evaluations, jobs, preferences, readings, versions
from feedback_db.database import Database
from feedback_db.errors import NotAllowed
from feedback_db.models import ModelVersion, TrainingEvent, TrainingJob, now
from ui.roles import Lead
from ui.services import Here, Person, Services

router = APIRouter(prefix="/api")

# Without a heartbeat for this long a job's worker is taken for dead, and another is started to take it over.
SILENCE = timedelta(seconds=20)
MOST_EVENTS = 2000


class RetrainAsked(BaseModel):
    """``config``: the training settings that shall differ from their defaults, as the trainer spells them."""

    config: dict[str, Any] = Field(default_factory=dict)


@router.get("/training")
def overview(services: Here, person: Person) -> dict[str, Any]:
    """What waits for training, the newest job, and all versions."""
    wake_worker(services)
    with services.database.reading_session() as session:
        newest = jobs.recent(session, limit=1)
        decided = preferences.all_for(session, split="training")
        names = {reader.id: reader.name for reader in accounts.everyone(session)}
        return {
            "waiting": readings.waiting_for_training(session),
            "signed": {
                "training": readings.count_signed(session, split="training"),
                "held_out": readings.count_signed(session, split="held_out"),
            },
            "preferences": {
                "choices": sum(pair.source == "choice" for pair in decided),
                "edits": sum(pair.source == "edit" for pair in decided),
            },
            "job": _job_as_json(newest[0], names) if newest else None,
            "versions": [_version_as_json(version, names) for version in versions.history(session)],
            "can_roll_back": versions.can_roll_back(session),
            "may_train": person.role in ("lead", "admin"),
        }


@router.get("/training/jobs/{job_id}/events")
def events(job_id: int, services: Here, person: Person, after: int = 0) -> dict[str, Any]:
    """What a job said since the event ``after``, and how the job stands."""
    wake_worker(services)
    with services.database.reading_session() as session:
        job = jobs.get(session, job_id=job_id)
        said = jobs.events_since(session, job_id=job_id, after_id=after, limit=MOST_EVENTS)
        names = {reader.id: reader.name for reader in accounts.everyone(session)}
        measured = evaluations.of_job(session, job_id=job_id) if job.status == "succeeded" else []
    return {
        "job": _job_as_json(job, names),
        "events": [_event_as_json(event) for event in said],
        "evaluations": [{"set": one.set, "n": one.n, "decision": one.decision} for one in measured],
    }


@router.post("/training/retrain")
def retrain(asked: RetrainAsked, services: Here, person: Lead) -> dict[str, int]:
    with services.database.session() as session:
        if jobs.active(session):
            raise NotAllowed("A training job is waiting or running already. Wait for it, or cancel it first.")
        job = jobs.enqueue(session, requested_by=person.id, config=asked.config)
    services.worker.start()
    return {"job_id": job.id}


@router.post("/training/jobs/{job_id}/cancel")
def cancel(job_id: int, services: Here, person: Lead) -> dict[str, str]:
    with services.database.session() as session:
        return {"status": jobs.request_cancel(session, job_id=job_id, by=person.id).status}


@router.post("/versions/{version_id}/leave")
def roll_back(version_id: int, services: Here, person: Lead) -> dict[str, Any]:
    """Leave the live version for the one before it. ``version_id`` is the one that the page believed live."""
    with services.database.session() as session:
        if versions.live(session).id != version_id:
            raise NotAllowed("Another version went live meanwhile. Look at the list again, then decide.")
        version = versions.roll_back(session, by=person.id, reason="rolled back on the training page")
    services.reporters.warm_up(version)
    return {"name": version.name, "version": version.number}


def wake_worker(services: Services) -> None:
    """Start a worker where a job waits, or runs without having been heard of for a while."""
    if _needs_worker(services.database):
        services.worker.start()


def _needs_worker(database: Database) -> bool:
    with database.reading_session() as session:
        return any(
            job.status == "queued" or job.heartbeat_at is None or job.heartbeat_at < now() - SILENCE
            for job in jobs.active(session)
        )


def _job_as_json(job: TrainingJob, names: dict[int, str]) -> dict[str, Any]:
    def at(time: Any) -> str | None:
        return time.isoformat() if time else None

    return {
        "id": job.id,
        "status": job.status,
        "requested_by": names.get(job.requested_by or -1),
        "cancel_requested": job.cancel_requested,
        "attempts": job.attempts,
        "created_at": at(job.created_at),
        "started_at": at(job.started_at),
        "finished_at": at(job.finished_at),
        "heartbeat_at": at(job.heartbeat_at),
        "now": at(now()),
        "reason": job.reason,
        "outcome": job.outcome,
        "candidate_id": job.candidate_id,
    }


def _event_as_json(event: TrainingEvent) -> dict[str, Any]:
    return {
        "id": event.id,
        "at": event.at.isoformat(),
        "kind": event.kind,
        "stage": event.stage,
        "step": event.step,
        "total": event.total,
        "data": event.data,
    }


def _version_as_json(version: ModelVersion, names: dict[int, str]) -> dict[str, Any]:
    return {
        "id": version.id,
        "name": version.name,
        "number": version.number,
        "status": version.status,
        "demonstration": version.demonstration,
        "created_at": version.created_at.isoformat(),
        "promoted_at": version.promoted_at.isoformat() if version.promoted_at else None,
        "promoted_by": names.get(version.promoted_by or -1),
        "reason": version.reason,
        "parent_id": version.parent_id,
    }
