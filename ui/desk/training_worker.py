"""Starts the process that trains, when there is something to train; meets it only in the database.

The process is detached: it outlives this one, and its fate is read from the job's row. Knows no training code.
"""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

from ui.settings import WebSettings

ROOT = Path(__file__).resolve().parents[2]
SECONDS_BETWEEN_STARTS = 5.0


class TrainingWorker:
    """One worker at a time from this process; another installation's worker does no harm, jobs are claimed."""

    def __init__(self, settings: WebSettings) -> None:
        self._settings = settings
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._lock = threading.Lock()

    def start(self) -> bool:
        """Start a worker unless ours still runs or was started just now; whether one was started."""
        with self._lock:
            if self._process is not None and self._process.poll() is None:
                return False
            if time.monotonic() - self._started_at < SECONDS_BETWEEN_STARTS:
                return False
            self._started_at = time.monotonic()
            environment = os.environ | {
                "LMRRG_DATABASE_URL": self._settings.database_url,
                "LMRRG_DATA_FOLDER": str(self._settings.data_folder),
                "LMRRG_MODEL": self._settings.model,
                "LMRRG_DEVICE": self._settings.device,
            }
            with (self._settings.data_folder / "worker.log").open("ab") as log:
                self._process = subprocess.Popen(
                    [sys.executable, "-m", "train", "worker", "--until-idle"],
                    cwd=ROOT,
                    env=environment,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            return True
