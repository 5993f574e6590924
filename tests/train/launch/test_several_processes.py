"""The whole pipeline with two processes on processor cores, as a worker starts them."""

import pytest
import torch
from trl import GRPOTrainer

from feedback_db.settings import Settings
from feedback_db.store.database import Database
from feedback_db.training import jobs
from feedback_db.training.configuration import TrainingConfig
from tests.train.conftest import SMALL
from train.rewards.advantages import Observed
from train.stages.grpo import CreditingTrainer
from train.work.worker import Worker

TWO = {**SMALL, "processes": 2}


@pytest.mark.parametrize(("processes", "rows"), [("1", 2), ("2", 4)])
def test_texts_that_repeat_are_merged_only_where_no_other_process_counts_on_the_rows(
    monkeypatch: pytest.MonkeyPatch, processes: str, rows: int
) -> None:
    ids = torch.tensor([[5, 2], [5, 2], [6, 2], [6, 2]])
    scored = {"completion_ids": ids, "completion_mask": torch.ones_like(ids), "advantages": torch.zeros(4)}
    monkeypatch.setattr(GRPOTrainer, "_generate_and_score_completions", lambda self, inputs: scored)
    monkeypatch.setattr(CreditingTrainer, "_reached", lambda self, ids: [1, 1])
    monkeypatch.setenv("WORLD_SIZE", processes)
    reward = Observed(lambda texts, **columns: [float(text == "5") for text in texts])  # type: ignore[arg-type]
    reward(["5", "5", "6", "6"], study=["one"] * 4, reference=[None] * 4)
    trainer = object.__new__(CreditingTrainer)
    trainer.observed, trainer.reward_weights, trainer.num_generations = [reward], torch.ones(1), 4
    batch = trainer._generate_and_score_completions([])
    assert len(batch["completion_ids"]) == len(batch["advantages"]) == rows


@pytest.mark.timeout(900)  # two processes import torch and TRL three times over
def test_two_processes_make_one_version(
    settings: Settings, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LMRRG_MODEL", settings.model)
    with database.session() as session:
        number = jobs.enqueue(session, requested_by=None, config=TWO, reason="a small base set is quick").id
    Worker(database, settings).run(until_idle=True)
    with database.reading_session() as session:
        done = jobs.get(session, job_id=number)
        told = jobs.events_since(session, job_id=number)
    assert (done.reason, done.status) == ("", "succeeded")
    # Each thing is said once: the second process is silent.
    assert [event.stage for event in told if event.data.get("state") == "begins"] == list(
        TrainingConfig().stages
    )
    steps = [event.step for event in told if event.kind == "progress" and event.stage == "grpo"]
    assert steps == [1, 2]
    assert (settings.data_folder / "versions" / "1.1" / "model.safetensors").is_file()
