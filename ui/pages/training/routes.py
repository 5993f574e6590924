"""The training page: what waits, the jobs and what they say, the versions and what a lead decides of them.

Asking for a job starts the worker; looking starts nothing. Knows nothing about how training is done.
"""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from feedback_db.errors import BrokenConfiguration, NotAllowed
from feedback_db.models import TrainingEvent, TrainingJob, now
from feedback_db.people import accounts
from feedback_db.reading import preferences, readings
from feedback_db.studies import studies
from feedback_db.training import configuration, evaluations, jobs, versions
from feedback_db.training.configuration import TrainingConfig
from ui.access.roles import Lead
from ui.desk.services import CurrentReader, CurrentServices
from ui.pages.training import answers, decisions

router = APIRouter(prefix="/api")

MOST_EVENTS = 2000
# Jobs that may wait behind one another; more than that is a mistake.
MOST_WAITING = 3
# How many past jobs the page offers to look at.
PAST_JOBS = 20
# What a job asks for before it begins, and before its gate lets anything through, unless told otherwise.
USUAL = TrainingConfig()


class RetrainAsked(BaseModel):
    """``config``: the settings that differ from their defaults, as ``TrainingConfig`` spells them.

    ``reason``: why, in a sentence, where they let through what the gate stops by its defaults.
    """

    config: dict[str, Any] = Field(default_factory=dict)
    reason: str = Field("", max_length=2000)


@router.get("/training", response_model=answers.Overview)
def overview(services: CurrentServices, person: CurrentReader) -> dict[str, Any]:
    """What waits for training, the job that runs, those that wait behind it, past ones in brief, and all versions.

    Where none runs or waits, ``job`` is the newest that ever began.
    """
    with services.database.reading_session() as session:
        active = jobs.active(session)
        running = [job for job in active if job.status == "running"]
        newest = jobs.recent(session, limit=PAST_JOBS)
        began = [job for job in newest if job.started_at]
        shown = next(iter(running or active or began or newest), None)
        back = versions.way_back(session)
        decided = preferences.count(session, split="training")
        names = {reader.id: reader.name for reader in accounts.everyone(session)}
        return {
            "waiting": readings.waiting_for_training(session),
            "signed": {
                "training": readings.count_signed(session, split="training"),
                "held_out": readings.count_signed(session, split="held_out"),
            },
            "minimums": {"readings": USUAL.minimum_readings, "held_out": USUAL.gate.minimum_held_out},
            "preferences": {"choices": decided["choice"], "edits": decided["edit"]},
            "job": _job_as_json(shown, names) if shown else None,
            "queue": [_job_as_json(job, names) for job in active if shown and job.id != shown.id],
            "queue_is_full": len(active) - len(running) >= MOST_WAITING,
            "jobs": [_job_in_brief(job) for job in newest],
            "seconds": _seconds_of_the_last_like(shown, newest),
            "versions": [
                decisions.version_as_json(version, names, services) for version in versions.history(session)
            ],
            "rolls_back_to": {"name": back.name, "number": back.number} if back else None,
            "runs_jobs": services.settings.jobs == "local",
            "may_train": person.role in ("lead", "admin"),
        }


@router.get("/training/jobs/{job_id}/events", response_model=answers.Events)
def events(job_id: int, services: CurrentServices, person: CurrentReader, after: int = 0) -> dict[str, Any]:
    """What a job said since the event ``after``, and how the job stands."""
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
        "evaluations": [decisions.evaluation_as_json(one) for one in measured],
    }


@router.post("/training/retrain", response_model=answers.Filed)
def retrain(asked: RetrainAsked, services: CurrentServices, person: Lead) -> dict[str, int]:
    """Files a job, and starts a worker for it where this host runs jobs. 422 where its settings cannot be used,
    403 where they widen the gate without a reason.
    """
    with services.database.session() as session:
        if sum(job.status == "queued" for job in jobs.active(session)) >= MOST_WAITING:
            raise NotAllowed(
                f"{MOST_WAITING} training jobs wait already. Wait for them, or cancel one first."
            )
        job = jobs.enqueue(session, requested_by=person.id, config=asked.config, reason=asked.reason)
    services.worker.start()
    return {"job_id": job.id}


@router.post("/training/jobs/{job_id}/cancel", response_model=answers.Standing)
def cancel(job_id: int, services: CurrentServices, person: Lead) -> dict[str, str]:
    """Ask a job to stop; what it has learnt is thrown away, the live model stays."""
    with services.database.session() as session:
        return {"status": jobs.request_cancel(session, job_id=job_id, by=person.id).status}


def _study_of(event: TrainingEvent) -> int | None:
    """The study that a sample of text was written for."""
    kind, _, number = str(event.data.get("study", "")).partition(" ")
    return int(number) if event.kind == "sample" and kind == "study" else None


def _seconds_of_the_last_like(
    shown: TrainingJob | None, newest: list[TrainingJob]
) -> dict[str, float] | None:
    """How long each stage took in the last job that came to its end with the same settings."""
    alike = (job for job in newest if shown and job.status == "succeeded" and job.config == shown.config)
    return next((job.outcome.get("seconds") for job in alike), None)


def _job_as_json(job: TrainingJob, names: dict[int, str]) -> dict[str, Any]:
    def at(time: Any) -> str | None:
        return time.isoformat() if time else None

    return {
        "id": job.id,
        "status": job.status,
        "stages": list(_stages_of(job)),
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


def _stages_of(job: TrainingJob) -> tuple[str, ...]:
    """The stages that a job takes; the usual ones where its settings cannot be used, as it will say itself."""
    try:
        return configuration.read(job.config).stages
    except BrokenConfiguration:
        return USUAL.stages


def _job_in_brief(job: TrainingJob) -> dict[str, Any]:
    return {
        "id": job.id,
        "status": job.status,
        "began": job.started_at is not None,
        "at": (job.started_at or job.created_at).isoformat(),
        "decision": job.outcome.get("decision"),
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
