"""Claims training jobs, one at a time, and runs each in a process group of its own.

The worker itself imports no torch: it watches. Every two seconds it says that it lives; when a lead cancels, or the
job is taken from it, the whole group is stopped within five seconds. If the worker is killed, the kernel ends the
child with it, the heartbeat goes stale, and the next worker takes the job up where its files end.

One worker runs jobs on a machine: the others wait a moment for its lock and go.

A full disk must not keep the end of a job from being written down: while a job runs, its folder holds a reserve that
is given back when the job ends, and a job that came to nothing leaves no weights behind.
"""

import contextlib
import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO, Any, Literal

from feedback_db.errors import JobNotRunning
from feedback_db.models import TrainingJob
from feedback_db.settings import Settings
from feedback_db.store.database import Database, Unavailable
from feedback_db.training import jobs
from train.errors import BrokenJobFolder, exhausted
from train.work.job import JobFolder, read_json
from train.work.retention import clear_weights

HEARTBEAT_SECONDS = 2.0
LOOK_SECONDS = 0.25  # between looks at the child and at a request to cancel
PATIENCE_SECONDS = 2.0  # between asking a group to end and ending it
STALE_AFTER = timedelta(seconds=12)
LOCK_SECONDS = 5.0
RESERVE_BYTES = 4 << 20  # room for the last rows of a job: its events, its end, the audit

_ROOT = Path(__file__).resolve().parents[2]

RUN_JOB = (sys.executable, "-m", "train", "run-job")

Ending = Literal["succeeded", "failed", "cancelled", "lost"]


def job_path(settings: Settings, job_id: int) -> Path:
    """Where a job keeps its files."""
    return settings.data_folder / "jobs" / str(job_id)


def under_accelerate(configuration: Path) -> tuple[str, ...]:
    """``RUN_JOB`` in as many processes as a file for ``accelerate launch`` says."""
    launch = (sys.executable, "-m", "accelerate.commands.launch", "--config_file", str(configuration))
    return (*launch, *RUN_JOB[1:])


@contextlib.contextmanager
def only_worker(data_folder: Path, wait: float = LOCK_SECONDS) -> Iterator[bool]:
    """Hold the machine's worker lock; False where another worker kept it all the while."""
    data_folder.mkdir(parents=True, exist_ok=True)
    with (data_folder / "worker.lock").open("w") as lock:
        end = time.monotonic() + wait
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= end:
                    yield False
                    return
                time.sleep(0.2)
        yield True


@contextlib.contextmanager
def reserve(folder: Path, size: int = RESERVE_BYTES) -> Iterator[None]:
    """Hold ``size`` bytes of the disk and give them back at the end; less where the disk is nearly full."""
    path = folder / "reserve"
    try:
        with path.open("wb") as file, contextlib.suppress(OSError):
            os.posix_fallocate(file.fileno(), 0, size)
        yield
    finally:
        path.unlink(missing_ok=True)


def stop_group(process: subprocess.Popen[bytes], patience: float = PATIENCE_SECONDS) -> None:
    """End a process and everything it started: first asked, then forced."""
    for sent, wait in ((signal.SIGTERM, patience), (signal.SIGKILL, 10.0)):
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, sent)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(wait)
    # The leader may have ended while one of its own children still ignores the request.
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _last_words(log: Path, size: int = 1 << 16) -> str:
    """The end of a log; empty where there is none. One error may follow another, each with a long trace."""
    try:
        return log.read_bytes()[-size:].decode("utf-8", "replace")
    except OSError:
        return ""


def reason_of_failure(folder: Path, status: int) -> str:
    """Why a job's process ended with ``status``, in a sentence for the lead."""
    with contextlib.suppress(BrokenJobFolder):
        reason = read_json(folder / "failure.json").get("reason")
        if reason:
            return str(reason)
    if sentence := exhausted(_last_words(folder / "worker.log")):
        return sentence
    if status == -signal.SIGKILL:
        return (
            "The training process was killed from outside, most likely because the machine ran out of memory. "
            "Free memory or train with smaller batches, then retrain. The live model is unchanged."
        )
    if status < 0:
        return (
            f"The training process was ended by {signal.Signals(-status).name}. The live model is unchanged."
        )
    return f"The training process ended with status {status} and left no reason. Its log is {folder / 'worker.log'}."


@dataclass(slots=True)
class Worker:
    """One worker.

    Attributes:
        command: what runs a job; the job's id is appended.
        stale_after: silence after which a running job counts as abandoned.
    """

    database: Database
    settings: Settings
    command: Sequence[str] = RUN_JOB
    name: str = ""
    stale_after: timedelta = STALE_AFTER

    def __post_init__(self) -> None:
        self.name = self.name or f"{socket.gethostname()}:{os.getpid()}"

    def run(self, *, until_idle: bool = False) -> int:
        """Work until stopped, or until no job waits or runs anywhere; returns how many jobs were worked on."""
        worked = 0
        with only_worker(self.settings.data_folder) as alone:
            while alone:
                with self.database.session() as session:
                    jobs.requeue_stale(session, older_than=self.stale_after)
                    claimed = jobs.claim(session, worker=self.name)
                    active = bool(jobs.active(session))
                if claimed is not None:
                    self.work_on(claimed)
                    worked += 1
                elif until_idle and not active:
                    break
                else:
                    time.sleep(1.0)
        return worked

    def work_on(self, job: TrainingJob) -> Ending:
        """Run one claimed job to its end and write the end into its row."""
        folder = job_path(self.settings, job.id)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "failure.json").unlink(missing_ok=True)
        unheard = ""
        with (folder / "worker.log").open("ab") as log, reserve(folder):
            process = self._start(job.id, log)
            try:
                ending = self._watch(job.id, process)
            except Unavailable as error:
                ending, unheard = "failed", str(error)
            finally:
                stop_group(process)
        if ending in ("failed", "cancelled"):
            clear_weights(JobFolder(folder))
        reason, outcome = "", dict[str, Any]()
        if ending == "failed":
            reason = reason_of_failure(folder, process.returncode)
            if unheard:
                silent = f"The database took no word of this job for too long ({unheard}). The live model is unchanged."
                reason = exhausted(unheard) or silent
        elif ending == "cancelled":
            reason = "Cancelled. The live model is unchanged."
        elif ending == "succeeded":
            try:
                outcome = read_json(folder / "outcome.json")
            except BrokenJobFolder as error:
                ending, reason = "failed", f"{error} The live model is unchanged."
        if ending != "lost":
            # Lost to another worker between the last heartbeat and now: then the other one's result counts.
            with contextlib.suppress(JobNotRunning), self.database.session() as session:
                jobs.finish(
                    session,
                    job_id=job.id,
                    worker=self.name,
                    status=ending,
                    outcome=outcome,
                    reason=reason,
                    candidate_id=outcome.get("candidate_id"),
                )
        return ending

    def _start(self, job_id: int, log: IO[bytes]) -> subprocess.Popen[bytes]:
        environment = {
            **os.environ,
            "LMRRG_DATA_FOLDER": str(self.settings.data_folder),
            "LMRRG_DATABASE_URL": self.settings.database_url,
            "LMRRG_DEVICE": self.settings.device,
            "LMRRG_WORKER_PID": str(os.getpid()),
            "HF_HUB_OFFLINE": "1",
            "HF_HUB_DISABLE_TELEMETRY": "1",
            "TOKENIZERS_PARALLELISM": "false",
        }
        return subprocess.Popen(
            [*self.command, str(job_id)],
            cwd=_ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def _watch(self, job_id: int, process: subprocess.Popen[bytes]) -> Ending:
        """How the job ended. Raises ``Unavailable`` where the database took no heartbeat for ``stale_after``."""
        next_heartbeat = heard = time.monotonic()
        while process.poll() is None:
            if time.monotonic() >= next_heartbeat:
                next_heartbeat = time.monotonic() + HEARTBEAT_SECONDS
                try:
                    with self.database.session() as session:
                        if not jobs.heartbeat(session, job_id=job_id, worker=self.name):
                            return "lost"
                    heard = time.monotonic()
                except Unavailable:  # a disk that is full just now, a database that restarts
                    if time.monotonic() - heard > self.stale_after.total_seconds():
                        raise
            with self.database.reading_session() as session:
                if jobs.cancel_requested(session, job_id=job_id):
                    return "cancelled"
            time.sleep(LOOK_SECONDS)
        return "succeeded" if process.returncode == 0 else "failed"
