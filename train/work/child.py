"""The process that does the work of one job: dies with its worker, and says in a sentence why it failed.

Knows the operating system and the job's row; what the stages do is the pipeline's.
"""

import contextlib
import ctypes
import errno
import os
import signal
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path

from transformers.utils import logging

from feedback_db.errors import FeedbackError
from feedback_db.settings import Settings
from feedback_db.store.database import Database
from feedback_db.training import configuration, jobs
from lmrrg.errors import LmrrgError
from train.errors import DISK_FULL, OUT_OF_MEMORY, TrainingError, exhausted
from train.launch.processes import is_first, number_of_processes, replace_with
from train.work import pipeline
from train.work.events import DatabaseEvents, Events, FileEvents, NoEvents
from train.work.job import Job, JobFolder, write_json
from train.work.worker import job_path

_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_NICENESS = 5  # readers at their pages come first


def die_with(parent: int) -> None:
    """Ask the kernel to end this process when ``parent`` does; ends at once if it already has."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise SystemExit("The worker that started this job is gone.")


def reason(error: BaseException) -> str:
    """Why a job failed, in a sentence for the lead."""
    unchanged = "The live model is unchanged."
    if isinstance(error, TrainingError | FeedbackError | LmrrgError):
        return f"{error} {unchanged}"
    # Libraries wrap a full disk or exhausted memory in their own errors; the cause beneath still names it.
    for one in _causes(error):
        if isinstance(one, OSError) and one.errno in (errno.ENOSPC, errno.EDQUOT):
            return DISK_FULL
        if isinstance(one, MemoryError) or (isinstance(one, OSError) and one.errno == errno.ENOMEM):
            return OUT_OF_MEMORY
        if sentence := exhausted(str(one)):
            return sentence
    return f"Training stopped with {type(error).__name__}: {error}. {unchanged}"


def _causes(error: BaseException | None) -> Iterator[BaseException]:
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def open_job(job_id: int, settings: Settings, database: Database) -> Job:
    """The job of this row, its configuration written into its folder."""
    with database.reading_session() as session:
        row = jobs.get(session, job_id=job_id)
    path = job_path(settings, job_id)
    folder = JobFolder(path)
    config = configuration.read(row.config)
    events: Events = NoEvents()
    if is_first():
        folder.write_config(config)
        events = DatabaseEvents(database, job_id, FileEvents(path / "events.jsonl"))
    return Job(folder, config, events, settings, database, job_id)


def run_job(job_id: int, settings: Settings, *, parent: int | None = None) -> int:
    """Run one job in this process, or in as many as its settings ask for.

    The exit status is 0 for an outcome, 1 for a failure with its reason.
    """
    several = number_of_processes() > 1
    if several:
        die_with(os.getppid())
    elif parent is not None:
        die_with(parent)
        os.nice(_NICENESS)
    logging.disable_progress_bar()
    folder: Path = job_path(settings, job_id)
    database = Database.open(settings.database_url, settings.data_folder)
    try:
        job = open_job(job_id, settings, database)
        if job.config.processes > 1 and not several:
            database.close()
            replace_with(job.config.processes, ["run-job", str(job_id)])
        pipeline.run(job)
    except Exception as error:
        why = reason(error)
        # A trace takes memory too; the reason comes first where there is little.
        with contextlib.suppress(MemoryError):
            traceback.print_exc()
        _tell(folder, why, database, job_id)
        return 1
    finally:
        database.close()
    return 0


def _tell(folder: Path, why: str, database: Database, job_id: int) -> None:
    """Leave the reason, out of the reserve where the disk is full; the log has it in any case."""
    (folder / "reserve").unlink(missing_ok=True)
    try:
        write_json(folder / "failure.json", {"reason": why})
        DatabaseEvents(database, job_id, FileEvents(folder / "events.jsonl")).record(
            "log", "failure", data={"message": why}
        )
    except Exception:
        traceback.print_exc()
