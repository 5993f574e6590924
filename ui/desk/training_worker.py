"""Starts the process that trains, when there is something to train; meets it only in the database.

The process is detached: it outlives this one, and its fate is read from the job's row. Where ``LMRRG_JOBS`` is ``none``
nothing is started: another host does the jobs. Knows nothing about training code.
"""

import logging
import os
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path

from feedback_db.models import now
from feedback_db.store.database import Database
from feedback_db.training import jobs
from ui.settings import WebSettings

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[2]
SECONDS_BETWEEN_STARTS = 5.0
LOOK_EVERY_SECONDS = 2.0
# Without a heartbeat for this long a job's worker is taken for dead, and another is started to take it over.
SILENCE = timedelta(seconds=20)


class TrainingWorker:
    """One worker at a time from this process; another installation's worker does no harm, jobs are claimed."""

    def __init__(self, settings: WebSettings) -> None:
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._lock = threading.Lock()

    def start(self) -> bool:
        """Start a worker unless ours still runs or was started just now; whether one was started."""
        if self._settings.jobs == "none":
            return False
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                return False
            if time.monotonic() - self._started_at < SECONDS_BETWEEN_STARTS:
                return False
            self._started_at = time.monotonic()
            self._process = self._launch()
            return True

    def _launch(self) -> subprocess.Popen[bytes] | None:
        environment = os.environ | {
            "LMRRG_DATABASE_URL": self._settings.database_url,
            "LMRRG_DATA_FOLDER": str(self._settings.data_folder),
            "LMRRG_MODEL": self._settings.model,
            "LMRRG_DEVICE": self._settings.device,
        }
        with (self._settings.data_folder / "worker.log").open("ab") as log_file:
            return subprocess.Popen(
                [sys.executable, "-m", "train", "worker", "--until-idle"],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log_file,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )


class JobsWatch:
    """One thread that starts a worker where a job waits, or runs without having been heard of for a while.

    So a job goes on after its worker has died, or this program was stopped, whether anybody looks at it or not.
    """

    def __init__(self, database: Database, worker: TrainingWorker) -> None:
        self._database, self._worker = database, worker
        self._stopping = threading.Event()

    def start(self) -> None:
        """Begin to watch; what was asked for before this program was stopped gets its worker at once."""
        with self._database.reading_session() as session:
            unfinished = jobs.active(session)
        if unfinished:
            self._worker.start()
        threading.Thread(target=self._run, name="jobs watch", daemon=True).start()

    def stop(self) -> None:
        self._stopping.set()

    def _run(self) -> None:
        while not self._stopping.wait(LOOK_EVERY_SECONDS):
            try:
                self.look()
            except Exception:
                # The database may be away for a moment, for example: it is asked again.
                if not self._stopping.is_set():
                    log.exception("watching jobs")

    def look(self) -> None:
        """Start a worker where one is needed now."""
        with self._database.reading_session() as session:
            needed = any(
                job.status == "queued" or job.heartbeat_at is None or job.heartbeat_at < now() - SILENCE
                for job in jobs.active(session)
            )
        if needed:
            self._worker.start()
