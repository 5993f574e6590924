"""The whole pipeline with two processes on processor cores, as a worker starts them."""

import pytest

from feedback_db import jobs
from feedback_db.database import Database
from feedback_db.settings import Settings
from tests.train.conftest import SMALL
from train.job import STAGES
from train.worker import Worker

TWO = {**SMALL, "processes": 2}


@pytest.mark.timeout(900)  # two processes import torch and TRL three times over
def test_two_processes_make_one_version(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LMRRG_MODEL", settings.model)
    with database.session() as session:
        number = jobs.enqueue(session, requested_by=None, config=TWO).id
    Worker(database, settings).run(until_idle=True)
    with database.reading_session() as session:
        done = jobs.get(session, job_id=number)
        told = jobs.events_since(session, job_id=number)
    assert (done.reason, done.status) == ("", "succeeded")
    # Each thing is said once: the second process is silent.
    assert [event.stage for event in told if event.data.get("state") == "begins"] == list(STAGES)
    steps = [event.step for event in told if event.kind == "progress" and event.stage == "grpo"]
    assert steps == [1, 2]
    assert (settings.data_folder / "versions" / "1.1" / "model.safetensors").is_file()
