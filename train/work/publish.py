"""The end of a job: the candidate becomes a numbered version, live if the gate says so, with its evaluation.

All of it is one transaction; a job that is resumed afterwards finds its version there and makes no second one. Knows
nothing about how the version was made.
"""

import shutil

from feedback_db.training import evaluations, versions
from lmrrg.report import ModelName
from lmrrg.reporters import VersionFolder
from lmrrg.reporters.registry import folder_of
from train.work.environment import environment
from train.work.job import Job
from train.work.results import Evaluated, Judged, NotRead, Outcome, Taken, as_json
from train.work.retention import clear_old_versions

_CHANGED_MEANWHILE = (
    "The live version changed while this candidate was being judged, so the comparison no longer holds. "
    "Start another retrain."
)


def publish(job: Job) -> Outcome:
    """Register, then promote or reject; what the stages took is not known here."""
    verdict, results = job.folder.result(Judged), job.folder.result(Evaluated)
    taken = job.folder.result(Taken)
    learned = job.model_before("evaluate")
    incoming = job.settings.data_folder / "versions" / f".incoming-{job.folder.path.name}"
    if (earlier := _earlier(job)) is not None:
        return earlier
    shutil.rmtree(incoming, ignore_errors=True)
    shutil.copytree(learned, incoming)
    with job.database.session() as session:
        parent = versions.get(session, version_id=taken.version_id)
        made = VersionFolder(incoming)
        made.take_over(VersionFolder(folder_of(parent.folder, job.settings.data_folder)))
        live = versions.live(session)
        version = versions.register_candidate(
            session,
            parent_id=parent.id,
            snapshot_hash=taken.sha256,
            config=job.config.model_dump(mode="json"),
        )
        decision, reasons = verdict.decision, list(verdict.reasons)
        if decision == "promote" and live.id != results.live_id:
            decision, reasons = "reject", [_CHANGED_MEANWHILE]
        for name, found in results.sets.items():
            if found.n:
                evaluations.add(
                    session,
                    job_id=job.number,
                    version_id=version.id,
                    against_id=results.live_id,
                    set=name,
                    n=found.n,
                    metrics=as_json(found.figures),
                    decision=decision,
                    reasons=reasons,
                )
        folder = job.settings.data_folder / version.folder
        # A folder of this number can only be left from a run that ended before its row was kept.
        shutil.rmtree(folder, ignore_errors=True)
        made_with = environment(job.settings.device)
        made_by = {
            "parent": parent.number,
            "snapshot_sha256": taken.sha256,
            "readings": taken.readings,
            "config": job.config.model_dump(mode="json"),
            "environment": made_with,
            "judged_against": results.live,
            "evaluation": as_json(results.sets),
            "decision": decision,
            "reasons": reasons,
        }
        made.keep_made_by(made_by)
        made.finish(ModelName(version.name, version.number, version.demonstration))
        incoming.replace(folder)
        if decision == "promote":
            versions.promote(session, version_id=version.id, by=None, reason=" ".join(reasons))
        else:
            versions.reject(session, version_id=version.id, reason=" ".join(reasons))
    cleared = clear_old_versions(job.database, job.settings, job.config.keep_versions)
    if cleared:
        message = f"The weights of {', '.join(cleared)} were cleared away; what is known of them stays."
        job.events.record("log", "gate", data={"message": message})
    return Outcome(
        candidate_id=version.id,
        version=version.number,
        decision=decision,
        reasons=tuple(reasons),
        table=verdict.table,
        findings=verdict.findings,
        environment=made_with,
        snapshot_sha256=taken.sha256,
        not_read=_not_read(job),
    )


def _earlier(job: Job) -> Outcome | None:
    """The outcome where this job published its version before it was interrupted."""
    if job.number is None:
        return None
    with job.database.reading_session() as session:
        found = evaluations.of_job(session, job_id=job.number)
        if not found:
            return None
        version = versions.get(session, version_id=found[0].version_id)
    made_by = VersionFolder(job.settings.data_folder / version.folder).made_by
    verdict = job.folder.result(Judged)
    return Outcome(
        candidate_id=version.id,
        version=version.number,
        decision=found[0].decision or verdict.decision,
        reasons=tuple(found[0].reasons),
        table=verdict.table,
        findings=verdict.findings,
        environment=made_by["environment"],
        snapshot_sha256=version.snapshot_hash,
        not_read=_not_read(job),
    )


def _not_read(job: Job) -> NotRead:
    return NotRead(job.folder.result(Taken).not_read, job.folder.result(Evaluated).not_read)
