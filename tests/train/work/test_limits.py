"""A real full disk and a real end of memory: a readable reason, and the live model as it was."""

import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedback_db.models import TrainingJob
from feedback_db.settings import Settings
from feedback_db.store.database import Database
from feedback_db.training import jobs, versions
from train.work.worker import Worker, job_path, reserve

SMALL = {
    "sft": {"epochs": 1, "batch_size": 8, "signed_repeats": 1, "replayed": 2, "reworded": 2},
    "grpo": {
        "phases": [{"steps": 1}],
        "phantoms": 2,
        "generations": 2,
        "studies_per_step": 1,
        "max_new_tokens": 4,
    },
    "evaluate": {"base_set": 2, "resamples": 100},
}


def run_one(settings: Settings, command: tuple[str, ...]) -> tuple[TrainingJob, str]:
    """A job done by a worker; its row, and the number of the version that is live afterwards."""
    database = Database.open(settings.database_url, settings.data_folder)
    try:
        with database.session() as session:
            number = jobs.enqueue(
                session, requested_by=None, config=SMALL, reason="a small base set is quick"
            ).id
        Worker(database, settings, command=command).run(until_idle=True)
        with database.reading_session() as session:
            return jobs.get(session, job_id=number), versions.live(session).number
    finally:
        database.close()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A folder on a disk of 24 MB of its own; only root may make one."""
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(folder)], capture_output=True, text=True
    )
    if made.returncode:
        pytest.skip(f"no disk of its own can be mounted here: {made.stderr.strip()}")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def test_a_full_disk_ends_in_a_sentence(
    seeded_folder: Path, tiny_folder: Path, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = small_disk / "data"
    shutil.copytree(seeded_folder, data)
    settings = Settings(data_folder=data, model=str(tiny_folder))
    monkeypatch.setenv("LMRRG_MODEL", settings.model)
    with (data / "filling").open("wb") as filling:
        # What is left holds the worker's reserve and the snapshot, not a model.
        filling.write(b"\0" * (shutil.disk_usage(small_disk).free - (4 << 20) - (300 << 10)))
    done, live = run_one(settings, (sys.executable, "-m", "train", "run-job"))
    assert (done.status, live) == ("failed", "1.0")
    assert done.reason == (
        "The disk is full. Free space in the data folder, then retrain. The live model is unchanged."
    )
    assert not list(job_path(settings, done.id).rglob("*.safetensors"))


@pytest.mark.parametrize("step", ["data.snapshot.run", "policy.native.encode"])
def test_the_end_of_memory_ends_in_a_sentence(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """The address space ends 4 GB above what the libraries take, and one step of a stage asks for twice as much."""
    monkeypatch.setenv("LMRRG_MODEL", settings.model)
    code = (
        "import resource, sys, torch, train.work.child, train.data.snapshot, train.policy.native\n"
        f"step = train.{step}\n"
        "def greedy(*given, **named):\n"
        "    held = torch.empty(8 << 30, dtype=torch.uint8)\n"
        "    return step(*given, **named)\n"
        f"train.{step} = greedy\n"
        "taken = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()\n"
        "resource.setrlimit(resource.RLIMIT_AS, (taken + (4 << 30),) * 2)\n"
        "from feedback_db.settings import Settings\n"
        "sys.exit(train.work.child.run_job(int(sys.argv[1]), Settings()))"
    )
    done, live = run_one(settings, (sys.executable, "-c", code))
    assert (done.status, live) == ("failed", "1.0")
    assert done.reason == (
        "The machine ran out of memory. Free memory or train with smaller batches. "
        "The live model is unchanged."
    )


def test_a_reserve_is_held_and_given_back(tmp_path: Path) -> None:
    with reserve(tmp_path, 1 << 16):
        assert (tmp_path / "reserve").stat().st_blocks * 512 >= 1 << 16
    assert not (tmp_path / "reserve").exists()
