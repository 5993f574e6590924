"""The worker: cancels in time, survives being killed, says why a job failed, works alone."""

import errno
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from feedback_db.models import TrainingEvent, TrainingJob
from feedback_db.settings import Settings
from feedback_db.store.database import Database
from feedback_db.training import jobs
from feedback_db.training.configuration import TrainingConfig
from train.errors import NotEnoughReadings
from train.work import worker
from train.work.child import reason, run_job
from train.work.worker import Worker, job_path, only_worker, reason_of_failure

ROOT = Path(__file__).resolve().parents[3]
# A job that starts a child of its own and does not listen when it is asked to end.
STUBBORN = (
    "import signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
    "subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)', 'grandchild-of-the-test']); "
    "time.sleep(600)"
)


def wait_for(what: Callable[[], object], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.1)


def ask(database: Database, config: dict[str, object] | None = None) -> int:
    with database.session() as session:
        return jobs.enqueue(session, requested_by=None, config=config, reason="a small base set is quick").id


def row(database: Database, number: int) -> TrainingJob:
    with database.reading_session() as session:
        return jobs.get(session, job_id=number)


def events(database: Database, number: int) -> list[TrainingEvent]:
    with database.reading_session() as session:
        return jobs.events_since(session, job_id=number)


def processes_of(group: int) -> list[int]:
    """Living processes of a process group."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        if int(fields[2]) == group and fields[0] != "Z":
            found.append(int(entry.parent.name))
    return found


@pytest.fixture
def empty(tmp_path: Path) -> Settings:
    return Settings(data_folder=tmp_path / "data")


def python(code: str) -> tuple[str, ...]:
    return (sys.executable, "-c", code)


def test_a_cancelled_job_and_all_it_started_are_gone_within_five_seconds(empty: Settings) -> None:
    database = Database.open(empty.database_url, empty.data_folder)
    number = ask(database)
    started: list[subprocess.Popen[bytes]] = []

    class Watched(Worker):
        def _watch(self, job_id: int, process: subprocess.Popen[bytes]):  # type: ignore[no-untyped-def]
            started.append(process)
            return super()._watch(job_id, process)

    thread = threading.Thread(
        target=Watched(database, empty, command=python(STUBBORN)).run, kwargs={"until_idle": True}
    )
    thread.start()
    wait_for(lambda: started and len(processes_of(started[0].pid)) == 2)
    with database.session() as session:
        jobs.request_cancel(session, job_id=number, by=None)
    asked = time.monotonic()
    wait_for(lambda: row(database, number).status == "cancelled", 10)
    assert time.monotonic() - asked < 5
    assert processes_of(started[0].pid) == []
    thread.join()
    assert row(database, number).reason == "Cancelled. The live model is unchanged."
    database.close()


def test_a_job_ended_from_outside_says_that_memory_may_have_run_out(empty: Settings) -> None:
    database = Database.open(empty.database_url, empty.data_folder)
    number = ask(database)
    Worker(database, empty, command=python("import os, signal; os.kill(os.getpid(), signal.SIGKILL)")).run(
        until_idle=True
    )
    done = row(database, number)
    assert (done.status, done.reason.split(",")[0]) == (
        "failed",
        "The training process was killed from outside",
    )
    database.close()


@pytest.mark.parametrize(
    ("patience", "beginning"), [(60.0, "ended with status 7"), (0.0, "The disk is full.")]
)
def test_a_database_that_takes_no_heartbeat_ends_a_job_only_after_a_while(
    empty: Settings, monkeypatch: pytest.MonkeyPatch, patience: float, beginning: str
) -> None:
    def full(*given: object, **named: object) -> bool:
        raise OperationalError("UPDATE training_job", {}, Exception("database or disk is full"))

    monkeypatch.setattr(jobs, "heartbeat", full)
    monkeypatch.setattr(worker, "HEARTBEAT_SECONDS", 0.1)
    database = Database.open(empty.database_url, empty.data_folder)
    number = ask(database)
    command = python("import sys, time; time.sleep(1.5); sys.exit(7)")
    # A while of nothing: the first heartbeat that fails is too late.
    one = Worker(database, empty, command=command, stale_after=timedelta(seconds=patience))
    one.run(until_idle=True)
    done = row(database, number)
    assert (done.status, beginning in done.reason) == ("failed", True)
    database.close()


def test_a_job_that_leaves_no_reason_names_its_log(empty: Settings) -> None:
    assert "worker.log" in reason_of_failure(empty.data_folder / "jobs" / "1", 3)


@pytest.mark.parametrize(
    ("error", "beginning"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "The disk is full."),
        (RuntimeError("PytorchStreamWriter failed: No space left on device"), "The disk is full."),
        (MemoryError(), "The machine ran out of memory."),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory"), "The machine ran out"),
        (RuntimeError("CUDA out of memory. Tried to allocate"), "The machine ran out of memory."),
        (NotEnoughReadings("3 readings are signed."), "3 readings are signed. The live model"),
        (KeyError("radcliq"), "Training stopped with KeyError: 'radcliq'."),
    ],
)
def test_a_failure_becomes_a_sentence(error: Exception, beginning: str) -> None:
    assert reason(error).startswith(beginning)
    assert reason(error).endswith("The live model is unchanged.")


def test_a_second_worker_leaves_when_the_first_keeps_working(empty: Settings) -> None:
    with only_worker(empty.data_folder) as first, only_worker(empty.data_folder, wait=0.3) as second:
        assert (first, second) == (True, False)


def test_a_job_taken_away_is_stopped_and_left_alone(empty: Settings) -> None:
    database = Database.open(empty.database_url, empty.data_folder)
    number = ask(database)
    with database.session() as session:
        claimed = jobs.claim(session, worker="elsewhere:1")
        assert claimed is not None
    worker = Worker(database, empty, command=python("import time; time.sleep(600)"))
    assert worker.work_on(claimed) == "lost"
    assert row(database, number).worker == "elsewhere:1"
    database.close()


def test_too_few_readings_fail_with_what_to_do(settings: Settings, database: Database) -> None:
    number = ask(database, {"minimum_readings": 20})
    assert run_job(number, settings) == 1
    why = reason_of_failure(job_path(settings, number), 1)
    assert why.startswith("8 readings of training patients are signed; a retrain needs 20. Sign 12 more.")
    assert events(database, number)[-1].data == {"message": why}


def test_a_killed_worker_takes_its_job_along_and_the_next_one_resumes(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LMRRG_DATA_FOLDER", str(settings.data_folder))
    monkeypatch.setenv("LMRRG_MODEL", settings.model)
    small = (
        {"epochs": 1, "signed_repeats": 1, "reworded": 8, "replayed": 4},
        {"phases": [{"steps": 30}], "phantoms": 4, "generations": 2, "studies_per_step": 1},
    )
    config = TrainingConfig.model_validate(
        {
            "sft": small[0],
            "grpo": {**small[1], "max_new_tokens": 6, "checkpoint_every": 2},
            "evaluate": {"base_set": 2, "resamples": 100},
        }
    )
    number = ask(database, config.model_dump(mode="json"))
    worker = subprocess.Popen([sys.executable, "-m", "train", "worker", "--until-idle"], cwd=ROOT)
    path = job_path(settings, number)
    wait_for(lambda: (path / "grpo" / "phase-1" / "checkpoints" / "checkpoint-4").exists(), 120)
    (child,) = map(int, Path(f"/proc/{worker.pid}/task/{worker.pid}/children").read_text().split())
    os.kill(worker.pid, signal.SIGKILL)
    worker.wait()
    wait_for(lambda: not processes_of(child), 5)
    assert row(database, number).status == "running"

    Worker(database, settings, stale_after=timedelta(seconds=3)).run(until_idle=True)
    done = row(database, number)
    assert (done.reason, done.status, done.attempts) == ("", "succeeded", 2)
    told = events(database, number)
    assert [e.stage for e in told if e.data.get("state") == "finished before"] == [
        "snapshot",
        "sft",
        "preference",
    ]
    (resumed,) = [e.data["message"] for e in told if e.kind == "log" and "resumes" in e.data["message"]]
    assert resumed.startswith("Phase 1 resumes after ")
    assert done.outcome["decision"] in ("promote", "reject")
