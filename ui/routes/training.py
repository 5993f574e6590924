"""The training page: what waits, the job that runs and what it says, the versions, the way back, the gate overruled.

Starts the worker and reads the database; knows nothing of how training is done.
"""

import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from feedback_db import accounts, audit, evaluations, jobs, preferences, readings, studies, versions
from feedback_db.database import Database
from feedback_db.errors import NotAllowed
from feedback_db.models import ModelVersion, TrainingEvent, TrainingJob, now
from ui.roles import Lead
from ui.services import Here, Person, Services

router = APIRouter(prefix="/api")

# Without a heartbeat for this long a job's worker is taken for dead, and another is started to take it over.
SILENCE = timedelta(seconds=20)
MOST_EVENTS = 2000
# Jobs that may wait behind one another; more is somebody's mistake.
MOST_WAITING = 3
# A reason that only says "ok" is none.
SHORTEST_REASON = 10
# What the trainer leaves beside a version's weights.
MADE_BY = "made_by.json"


class RetrainAsked(BaseModel):
    """``config``: the training settings that shall differ from their defaults, as the trainer spells them."""

    config: dict[str, Any] = Field(default_factory=dict)


class Overruled(BaseModel):
    """Why a lead makes a version live that the gate did not let through, or never measured."""

    reason: str = Field(max_length=2000)


@router.get("/training")
def overview(services: Here, person: Person) -> dict[str, Any]:
    """What waits for training, the job that runs (else the newest), those that wait behind it, and all versions."""
    wake_worker(services)
    with services.database.reading_session() as session:
        active = jobs.active(session)
        running = [job for job in active if job.status == "running"]
        shown = next(iter(running or active or jobs.recent(session, limit=1)), None)
        decided = preferences.count(session, split="training")
        names = {reader.id: reader.name for reader in accounts.everyone(session)}
        return {
            "waiting": readings.waiting_for_training(session),
            "signed": {
                "training": readings.count_signed(session, split="training"),
                "held_out": readings.count_signed(session, split="held_out"),
            },
            "preferences": {"choices": decided["choice"], "edits": decided["edit"]},
            "job": _job_as_json(shown, names) if shown else None,
            "queue": [_job_as_json(job, names) for job in active if shown and job.id != shown.id],
            "queue_is_full": len(active) - len(running) >= MOST_WAITING,
            "versions": [_version_as_json(version, names, services) for version in versions.history(session)],
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
        hidden = {
            study
            for study in set(map(_study_of, said))
            if study is not None and not person.may_see(studies.get(session, study_id=study).site)
        }
    seen = [event for event in said if _study_of(event) not in hidden]
    return {
        "job": _job_as_json(job, names),
        "events": [_event_as_json(event) for event in seen],
        # Also past the events that are not for this person, so that they are not asked for again.
        "last_event": said[-1].id if said else after,
        "evaluations": [{"set": one.set, "n": one.n, "decision": one.decision} for one in measured],
    }


@router.post("/training/retrain")
def retrain(asked: RetrainAsked, services: Here, person: Lead) -> dict[str, int]:
    with services.database.session() as session:
        if sum(job.status == "queued" for job in jobs.active(session)) >= MOST_WAITING:
            raise NotAllowed(
                f"{MOST_WAITING} training jobs wait already. Wait for them, or cancel one first."
            )
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


@router.post("/versions/{version_id}/overrule")
def overrule(version_id: int, asked: Overruled, services: Here, person: Lead) -> dict[str, Any]:
    """Make a version live without the gate's word. The reason is kept, in the audit and beside the version."""
    reason = asked.reason.strip()
    if len(reason) < SHORTEST_REASON:
        raise NotAllowed("Write in a sentence why this version should be live all the same; it is kept.")
    with services.database.session() as session:
        version = versions.get(session, version_id=version_id)
        if not _waits_for_a_lead(version):
            raise NotAllowed(
                "Only a version that the gate did not let through, or a base model that waits, can be made live "
                "this way."
            )
        if not _weights(version, services):
            raise NotAllowed(f"The weights of {version.number} were cleared away. Retrain instead.")
        subject, gate = f"version:{version_id}", version.reason or "not measured"
        audit.append(
            session,
            reader_id=person.id,
            action="overrule gate",
            subject=subject,
            data={"number": version.number, "reason": reason, "gate": gate},
        )
        version = versions.promote(session, version_id=version_id, by=person.id, reason=reason)
    services.reporters.warm_up(version)
    return {"name": version.name, "version": version.number}


@router.get("/versions/{version_id}")
def about(version_id: int, services: Here, person: Person) -> dict[str, Any]:
    """All that is known of a version: where it came from, with what it was made, how it did, who made it live."""
    with services.database.reading_session() as session:
        version = versions.get(session, version_id=version_id)
        parent = versions.get(session, version_id=version.parent_id) if version.parent_id else None
        names = {reader.id: reader.name for reader in accounts.everyone(session)}
        measured = evaluations.of_version(session, version_id=version_id)
    folder = _weights(version, services)
    made_by = folder / MADE_BY if folder else None
    told = json.loads(made_by.read_text("utf-8")) if made_by and made_by.exists() else {}
    return {
        **_version_as_json(version, names, services),
        "parent": parent.number if parent else None,
        "snapshot_sha256": version.snapshot_hash,
        "config": version.config,
        "readings": told.get("readings"),
        "environment": told.get("environment"),
        "evaluations": [
            {
                "set": one.set,
                "n": one.n,
                "decision": one.decision,
                "reasons": one.reasons,
                "figures": one.metrics,
            }
            for one in measured
        ],
    }


def _weights(version: ModelVersion, services: Services) -> Path | None:
    """The version's folder, where it still stands; the shipped model has none of its own."""
    folder = services.settings.data_folder / version.folder
    return folder if version.folder != "default" and folder.is_dir() else None


def _study_of(event: TrainingEvent) -> int | None:
    """The study that a sample of text was written for."""
    kind, _, number = str(event.data.get("study", "")).partition(" ")
    return int(number) if event.kind == "sample" and kind == "study" else None


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


def _waits_for_a_lead(version: ModelVersion) -> bool:
    """Whether a lead may make it live: the gate refused it, or it is a base model that came with the program since."""
    waits = version.status == "candidate" and version.parent_id is None and not versions.is_replaced(version)
    return version.status == "rejected" or waits


def _version_as_json(version: ModelVersion, names: dict[int, str], services: Services) -> dict[str, Any]:
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
        "can_be_overruled": _waits_for_a_lead(version) and _weights(version, services) is not None,
    }
