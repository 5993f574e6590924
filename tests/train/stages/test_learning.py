"""Fine-tuning and reinforcement on a tiny model: they learn, they tell, they take up where they ended."""

import json
import sqlite3
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file

from feedback_db.training.configuration import TrainingConfig
from lmrrg.model import LmrrgForConditionalGeneration, conversation
from train.data import snapshot
from train.data.examples import Example
from train.data.phantoms import phantom_examples
from train.policy.base import Policy, Seen
from train.policy.by_model_type import load
from train.policy.checkpoints import last_checkpoint
from train.policy.native import NativePolicy
from train.rewards.advantages import Observed
from train.stages import grpo
from train.work import pipeline
from train.work.job import Job, write_json

# transformers 5.23 warns of its own use of a name that it renamed.
pytestmark = pytest.mark.filterwarnings("ignore:.*gradient_checkpointing.*:FutureWarning")


def events(job: Job) -> list[dict]:  # type: ignore[type-arg]
    return [json.loads(line) for line in (job.folder.path / "events.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture
def rewarded(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str | None, str, float | None]]:
    """What reinforcement asked of its rewards: study, reference, reward and answer for each text."""
    heard: list[tuple[str, str | None, str, float | None]] = []
    answer = Observed.__call__

    def listening(self: Observed, completions: Any, **columns: Any) -> list[float | None]:
        answers = answer(self, completions, **columns)
        asked = zip(columns["study"], columns["reference"], answers, strict=True)
        heard.extend((study, reference, self.__name__, said) for study, reference, said in asked)
        return answers

    monkeypatch.setattr(Observed, "__call__", listening)
    return heard


def with_steps(job: Job, **changes: object) -> Job:
    config = job.config.model_dump()
    config["grpo"] |= changes
    return replace(job, config=TrainingConfig.model_validate(config))


def changed_weights(before: Path, after: Path) -> set[str]:
    old, new = load_file(before / "model.safetensors"), load_file(after / "model.safetensors")
    assert old.keys() == new.keys()
    return {name for name in old if not torch.equal(old[name], new[name])}


def test_only_the_report_is_learned(tiny_folder: Path) -> None:
    policy = load(tiny_folder)
    processor = policy.processor
    (example,) = phantom_examples([1], 64)
    (row,) = policy.rows([example], policy.look([example]))
    learned = [token for token in row["labels"] if token != -100]
    assert processor.tokenizer.decode(learned) == f"{example.reference}</s>"
    assert row["input_ids"].count(processor.image_token_id) == processor.tokens_per_image


def test_reinforcement_asks_with_the_words_that_drafting_uses(tiny_folder: Path) -> None:
    (example,) = phantom_examples([1], 64)
    asked = Example("study 1", example.picture, "Cough.", "Clear.")
    (row,) = grpo.dataset_of(load(tiny_folder), [asked])
    text = row["prompt"][0]["content"]
    rebuilt = [{"role": "user", "content": [{"type": "image"}, {"type": "text", "text": text}]}]
    assert rebuilt == conversation("Cough.")


def test_sft_changes_the_decoder_alone_and_leaves_a_whole_model(job: Job) -> None:
    pipeline.run_stage(job, "snapshot")
    summary = pipeline.run_stage(job, "sft")
    made = job.folder.path / "sft" / "model"
    changed = changed_weights(snapshot.load(job).model_folder, made)
    assert (summary.signed, summary.replayed, summary.steps) == (8, 2, 2)
    assert changed
    vocabulary = {"model.language_model.embed_tokens.weight", "lm_head.weight"}
    assert all(".language_model.layers." in name for name in changed - vocabulary)
    assert isinstance(load(made).model, LmrrgForConditionalGeneration)


def test_fine_tuning_learns_words_but_not_those_that_ask_for_regions(job: Job) -> None:
    pipeline.run_stage(job, "snapshot")
    pipeline.run_stage(job, "sft")
    folders = (snapshot.load(job).model_folder, job.folder.path / "sft" / "model")
    before, after = (load(folder).model.model for folder in folders)
    assert not torch.equal(before.get_input_embeddings().weight, after.get_input_embeddings().weight)
    assert torch.equal(before.region_queries(), after.region_queries())


def test_two_steps_of_reinforcement_change_weights_and_tell(job: Job) -> None:
    for stage in ("snapshot", "sft", "preference", "grpo"):
        summary = pipeline.run_stage(job, stage)
    made = job.folder.path / summary.model
    assert changed_weights(job.folder.path / "sft" / "model", made)
    told = [event for event in events(job) if event["stage"] == "grpo"]
    progress = [event for event in told if event["kind"] == "progress"]
    assert [(event["step"], event["total"]) for event in progress] == [(1, 2), (2, 2)]
    assert {
        "loss",
        "reward",
        "reward_radcliq_lite",
        "reward_guards",
        "length",
        "entropy",
        "flat_groups",
    } <= set(progress[0]["data"])
    samples = [event["data"] for event in told if event["kind"] == "sample"]
    assert [set(sample) for sample in samples] == [{"study", "text", "signed", "rewards"}] * 2


def test_reinforcement_learns_from_a_study_that_nobody_has_signed(
    job: Job, rewarded: list[tuple[str, str | None, str, float | None]]
) -> None:
    with sqlite3.connect(job.settings.data_folder / "feedback.sqlite3") as connection:
        connection.execute(
            "update reading set status = 'open' where study_id in "
            "(select id from study where split = 'training' order by id desc limit 4)"
        )
    connection.close()
    config = job.config.model_dump() | {"minimum_readings": 4}
    config["grpo"] |= {"phantoms": 0}
    asked = replace(job, config=TrainingConfig.model_validate(config))
    for stage in ("snapshot", "sft", "preference", "grpo"):
        summary = pipeline.run_stage(asked, stage)
    assert (summary.studies, summary.unread) == (4, 4)
    unread = {(name, said is None) for _, reference, name, said in rewarded if reference is None}
    assert {("radcliq_lite", True), ("consistency", False)} <= unread


def test_reinforcement_draws_on_the_undecided_studies_alone(
    job: Job, monkeypatch: pytest.MonkeyPatch, rewarded: list[tuple[str, str | None, str, float | None]]
) -> None:
    for stage in ("snapshot", "sft", "preference"):
        pipeline.run_stage(job, stage)
    signed = [f"study {row['study_id']}" for row in snapshot.load(job).readings]
    chosen = set(signed[:2])

    def undecided(policy: Policy, examples: list[Example], seen: Seen, **named: object) -> list[bool]:
        return [example.key in chosen for example in examples]

    monkeypatch.setattr(grpo, "undecided", undecided)
    grpo.run(job)
    assert {study for study, *_ in rewarded} == chosen


def test_preferences_can_be_learned_directly_and_taken_up_where_that_ended(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    config = job.config.model_dump()
    config["learn"] = ["sft", "dpo"]
    config["dpo"] |= {"steps": 2, "batch_size": 2, "checkpoint_every": 1}
    asked = replace(job, config=TrainingConfig.model_validate(config))
    for stage in ("snapshot", "sft"):
        pipeline.run_stage(asked, stage)

    def dies(*arguments: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(NativePolicy, "save", dies)
        with pytest.raises(MemoryError):
            pipeline.run_stage(asked, "dpo")
    done = pipeline.run_stage(asked, "dpo")
    assert done.steps == 2
    assert done.pairs >= 8
    assert changed_weights(job.folder.path / "sft" / "model", job.folder.path / done.model)
    steps = [e["step"] for e in events(job) if e["kind"] == "progress" and e["stage"] == "dpo"]
    assert steps == [1, 2]  # not learned twice


def test_a_phase_that_was_interrupted_at_its_end_is_not_learned_twice(
    job: Job, monkeypatch: pytest.MonkeyPatch
) -> None:
    for stage in ("snapshot", "sft", "preference"):
        pipeline.run_stage(job, stage)
    two = [{"steps": 2}, {"steps": 1, "beta": 0.04, "rewards": {"radcliq_lite": 1.0}}]
    longer = with_steps(job, phases=two)

    def dies(*arguments: object) -> None:
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(NativePolicy, "save", dies)
        with pytest.raises(MemoryError):
            grpo.run(longer)
    assert (job.folder.path / "grpo" / "phase-1" / "checkpoints" / "checkpoint-2").is_dir()
    assert grpo.run(longer).model == "grpo/phase-2/model"
    told = events(job)
    said = [e["data"]["message"] for e in told if e["kind"] == "log"]
    assert [message for message in said if "resumes" in message] == ["Phase 1 resumes after 2 of 2 steps."]
    assert [e["step"] for e in told if e["kind"] == "progress" and e["stage"] == "grpo"] == [1, 2, 3]
    # The second phase pulls back to where it started, so it tells how far it went.
    assert "kl" in told[-1]["data"]


def test_a_checkpoint_that_was_cut_short_is_passed_over(tmp_path: Path) -> None:
    assert last_checkpoint(tmp_path / "none") is None
    write_json(tmp_path / "checkpoint-9" / "trainer_state.json", {"global_step": 9})
    (tmp_path / "checkpoint-10").mkdir()
    (tmp_path / "checkpoint-11").mkdir()
    (tmp_path / "checkpoint-11" / "trainer_state.json").write_text('{"global_st')
    assert last_checkpoint(tmp_path) == (tmp_path / "checkpoint-9", 9)
    assert [path.name for path in tmp_path.iterdir()] == ["checkpoint-9"]
