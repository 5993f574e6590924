"""Erase a patient whose consent was withdrawn, or whom a law wants gone; and say where they are still.

Rows, pixels, saved texts and what training jobs kept go. What cannot be taken back is named: the backups that hold the
patient, and the versions that learned from them. Knows nothing about pages.
"""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback_db.erasing import rows, traces
from feedback_db.erasing.rows import Belongings
from feedback_db.errors import NoSuchPatient, NotAllowed
from feedback_db.models import AuditEvent, ModelVersion, TrainingJob
from feedback_db.people import audit
from feedback_db.store.database import Database
from feedback_db.training import jobs


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where a patient is.

    Attributes:
        what: their rows and images.
        jobs: training jobs whose folders keep something of them.
        backups: files that were written while they were here, wherever those are now.
        versions: numbers of the versions that learned from them, and of all that were trained from those.
        perhaps: numbers of versions of which it is no longer known what they learned from.
    """

    what: Belongings
    jobs: tuple[int, ...]
    backups: tuple[str, ...]
    versions: tuple[str, ...]
    perhaps: tuple[str, ...]


def whereabouts(session: Session, *, patient_key: str, data_folder: Path) -> Whereabouts:
    """Where the patient with this pseudonym is; raises NoSuchPatient where nowhere in the database."""
    what = rows.belongings_of(session, patient_key=patient_key)
    if not what.studies:
        raise NoSuchPatient
    learned = traces.jobs_that_learned(data_folder, what.studies)
    known = traces.jobs_with_a_snapshot(data_folder)
    made = {
        job.id: job.candidate_id
        for job in session.scalars(
            select(TrainingJob).where(
                TrainingJob.candidate_id.is_not(None), TrainingJob.finished_at >= what.since
            )
        )
    }
    return Whereabouts(
        what=what,
        jobs=tuple(traces.jobs_that_know(data_folder, what.studies)),
        backups=_backups(session, what, data_folder),
        versions=_with_descendants(session, {made[job] for job in learned if job in made}),
        perhaps=_with_descendants(session, {version for job, version in made.items() if job not in known}),
    )


def erase(
    database: Database, *, patient_key: str, data_folder: Path, reason: str, by: int | None = None
) -> Whereabouts:
    """Erase the patient; returns where they were, and where they are still. Interrupted, it can be called again.

    ``reason`` is kept in the audit, and must name nobody.

    Raises:
        NoSuchPatient: nothing is here of them.
        NotAllowed: a training job waits or runs, which may learn from them just now; or there is no reason.
    """
    if not reason.strip():
        raise NotAllowed("Write why the patient is erased, without naming them.")
    with database.session() as session:
        audit.hold(session)
        active = jobs.active(session)
        if active:
            raise NotAllowed(
                f"Training job {active[0].id} waits or runs, and may know this patient. Cancel it first, or wait."
            )
        found = whereabouts(session, patient_key=patient_key, data_folder=data_folder)
        # The files first: as long as the rows are here, whoever was interrupted can begin again.
        traces.remove(data_folder, found.what)
        rows.delete_all(session, what=found.what)
        audit.append(
            session,
            reader_id=by,
            action="erase patient",
            subject="patient",
            data={
                "studies": list(found.what.studies),
                "readings": list(found.what.readings),
                "images": len(found.what.contents),
                "jobs": list(found.jobs),
                "backups": list(found.backups),
                "versions": list(found.versions),
                "reason": reason.strip(),
            },
        )
    return found


def _backups(session: Session, what: Belongings, data_folder: Path) -> tuple[str, ...]:
    """The backups that the audit knows of since the patient came, and those that lie in the data folder."""
    told = session.scalars(
        select(AuditEvent)
        .where(AuditEvent.action.in_(("backup", "restore")), AuditEvent.at >= what.since)
        .order_by(AuditEvent.id)
    )
    files = [row.data["file"] if row.action == "backup" else row.data["before"] for row in told]
    files += [str(path) for path in sorted(data_folder.glob("before-restore-*.tar"))]
    return tuple(dict.fromkeys(file for file in files if file))


def _with_descendants(session: Session, versions: set[int | None]) -> tuple[str, ...]:
    """The numbers of these versions and of those that were trained from them; parents have smaller ids."""
    reached = versions - {None}
    numbers = []
    for version in session.scalars(select(ModelVersion).order_by(ModelVersion.id)):
        if {version.id, version.parent_id} & reached:
            reached.add(version.id)
            numbers.append(version.number)
    return tuple(numbers)
