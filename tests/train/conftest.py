"""A data folder with signed phantoms, made once by a simulated reader and copied for each test that changes it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks.loop import simulated_readers
from feedback_db.settings import Settings
from feedback_db.store.database import Database
from feedback_db.training.configuration import TrainingConfig
from train.work.events import FileEvents
from train.work.job import Job, JobFolder

SMALL = {
    "sft": {"epochs": 1, "batch_size": 8, "signed_repeats": 1, "replayed": 2, "reworded": 2},
    "grpo": {
        "phases": [{"steps": 2}],
        "phantoms": 2,
        "generations": 4,
        "studies_per_step": 2,
        "max_new_tokens": 8,
        "checkpoint_every": 1,
    },
    "evaluate": {"base_set": 2, "resamples": 100},
}


@pytest.fixture(scope="session")
def seeded_folder(tiny_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight signed training readings and six held-out ones, drafted by the tiny model."""
    folder = tmp_path_factory.mktemp("seeded")
    settings = Settings(data_folder=folder, model=str(tiny_folder))
    database = Database.open(settings.database_url, settings.data_folder)
    simulated_readers.seed_database(database, settings, readings_wanted=8, held_out_wanted=6, choices=4)
    database.close()
    return folder


@pytest.fixture
def settings(seeded_folder: Path, tiny_folder: Path, tmp_path: Path) -> Settings:
    """Settings of a private installation, as it was seeded."""
    shutil.copytree(seeded_folder, tmp_path / "data")
    return Settings(data_folder=tmp_path / "data", model=str(tiny_folder))


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    database = Database.open(settings.database_url, settings.data_folder)
    yield database
    database.close()


@pytest.fixture
def job(settings: Settings, database: Database) -> Job:
    """A job folder with a small configuration and no row."""
    folder = JobFolder(settings.data_folder / "jobs" / "by-hand")
    config = TrainingConfig.model_validate(SMALL)
    return Job(folder, config, FileEvents(folder.path / "events.jsonl"), settings, database)
