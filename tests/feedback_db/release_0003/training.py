"""The training of the installation that ``make.py`` makes: jobs in every state, and the versions of those that ended.

Nothing is trained: rows and files are written as the trainer writes them, and figures are made up.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from feedback_db.training import evaluations, jobs, versions
from train.settings import TrainingConfig
from train.work.events import DatabaseEvents, FileEvents
from train.work.job import JobFolder
from train.work.worker import job_path
from ui.desk.services import Services


def jobs_and_versions(services: Services, who: Mapping[str, int]) -> None:
    """Two versions promoted and one rejected, of which the first was rolled back; jobs in every state."""
    gate = {"rows": [{"set": "held_out", "metric": "label F1", "candidate": 0.71, "live": 0.66}]}
    with services.database.reading_session() as session:
        base = versions.live(session)
    first = run_job(services, who["lead"], TrainingConfig(), base.id, "promote", gate)
    with services.database.session() as session:
        versions.roll_back(session, by=who["lead"], reason="it names too few devices")
    shorter = TrainingConfig(seed=3, minimum_readings=2)
    run_job(services, who["lead"], shorter, base.id, "promote", gate, folder="default")
    run_job(services, who["admin"], TrainingConfig(seed=4), first, "reject", gate)
    config = TrainingConfig(seed=5).model_dump(mode="json")
    with services.database.session() as session:
        failed = jobs.enqueue(session, requested_by=who["lead"], config=config)
        jobs.claim(session, worker="host:104")
        jobs.finish(
            session,
            job_id=failed.id,
            worker="host:104",
            status="failed",
            reason="There are 1 signed readings of training patients and 8 are needed.",
        )
        waiting = jobs.enqueue(session, requested_by=who["lead"], config=config)
        jobs.request_cancel(session, job_id=waiting.id, by=who["lead"])
        running = jobs.enqueue(session, requested_by=who["admin"], config=config)
        jobs.claim(session, worker="host:105")
        jobs.heartbeat(session, job_id=running.id, worker="host:105")
        jobs.enqueue(session, requested_by=who["lead"], config={})
        jobs.enqueue(session, requested_by=who["lead"], config={"seed": 7, "sft": {"epochs": 2}})
    tell(services, running.id, TrainingConfig(seed=5), stages=("snapshot",))


def run_job(
    services: Services,
    lead: int,
    config: TrainingConfig,
    parent: int,
    decision: Any,
    gate: dict[str, Any],
    folder: str | None = None,
) -> int:
    """A job from asking for it to its version, with what it says on the way; returns the version."""
    dumped = config.model_dump(mode="json")
    with services.database.session() as session:
        job = jobs.enqueue(session, requested_by=lead, config=dumped)
        jobs.claim(session, worker="host:101")
    tell(services, job.id, config, stages=("snapshot", "sft", "preference", "grpo", "evaluate", "gate"))
    reasons = [f"The gate says {decision}."]
    with services.database.session() as session:
        live = versions.live(session)
        version = versions.register_candidate(
            session,
            parent_id=parent,
            snapshot_hash=hashlib.sha256(str(job.id).encode()).hexdigest(),
            config=dumped,
            folder=folder,
        )
        for name, n in (("held_out", 6), ("base", 32)):
            evaluations.add(
                session,
                job_id=job.id,
                version_id=version.id,
                against_id=live.id,
                set=name,
                n=n,
                metrics={
                    "label_f1": {"candidate": 0.71, "live": 0.66, "difference": 0.05, "interval": [0.01, 0.1]}
                },
                decision=decision,
                reasons=reasons,
            )
        if decision == "promote":
            versions.promote(session, version_id=version.id, by=None, reason=reasons[0])
        else:
            versions.reject(session, version_id=version.id, reason=reasons[0])
        jobs.finish(
            session,
            job_id=job.id,
            worker="host:101",
            status="succeeded",
            outcome={"version": version.number, "decision": decision, "reasons": reasons, "table": gate},
            candidate_id=version.id,
        )
    return version.id


def tell(services: Services, job: int, config: TrainingConfig, *, stages: tuple[str, ...]) -> None:
    """The job's folder with its configuration, and its events there and in the database."""
    folder = job_path(services.settings, job)
    JobFolder(folder).write_config(config)
    events = DatabaseEvents(services.database, job, FileEvents(folder / "events.jsonl"))
    for stage in stages:
        events.record("stage", stage, data={"state": "begins", "message": f"{stage} begins"})
        if stage in ("sft", "grpo"):
            events.record("progress", stage, step=5, total=10, data={"loss": 1.25, "seconds_left": None})
        if stage == "grpo":
            sample = {"study": "study 3", "text": "Kein Erguß.", "rewards": {"guards": 1.0}}
            events.record("sample", stage, step=5, total=10, data=sample)
    events.record("log", stages[-1], data={"message": "Nothing was cleared away."})
    if stages[-1] == "gate":
        events.record("result", "gate", data={"decision": "see the evaluation"})
