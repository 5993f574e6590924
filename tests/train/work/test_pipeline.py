"""A whole job in one process: it ends with a version, and running it again changes nothing."""

from dataclasses import replace
from pathlib import Path

import pytest

from feedback_db.settings import Settings
from feedback_db.store.database import Database
from feedback_db.training import evaluations, jobs, versions
from feedback_db.training.configuration import TrainingConfig
from lmrrg.reporters import DEFAULT_FOLDER, VersionFolder, load_reporter
from train.errors import BrokenJobFolder, BrokenSettings
from train.work import pipeline, publish, retention
from train.work.child import open_job
from train.work.job import Job, Times, read_json, write_json
from train.work.results import (
    Decision,
    Evaluated,
    FineTuned,
    Judged,
    MeasuredSet,
    Preferring,
    Reinforced,
    Result,
    Scored,
    Taken,
    as_json,
)

pytestmark = pytest.mark.filterwarnings("ignore:.*gradient_checkpointing.*:FutureWarning")


@pytest.fixture
def asked(settings: Settings, database: Database, job: Job) -> Job:
    """A job with a row."""
    with database.session() as session:
        asked = job.config.model_dump(mode="json")
        row = jobs.enqueue(session, requested_by=None, config=asked, reason="a small base set is quick")
    return open_job(row.id, settings, database)


def finish_stages(job: Job, decision: Decision) -> None:
    """The end of every stage, as if a candidate had been made and judged; its weights are the live model's."""
    live = Path(job.settings.model)
    results: list[Result] = [
        Taken("ab" * 32, 1),
        FineTuned(8, 0, 0, 2),
        Scored(0, heard=False),
        Reinforced("grpo/phase-1/model"),
        Evaluated(1, "1.0", {"held_out": MeasuredSet(6), "base": MeasuredSet(0, sha256="cd" * 32)}),
        Judged(decision, ("Because.",)),
    ]
    made = job.folder.path / "grpo" / "phase-1" / "model"
    made.mkdir(parents=True)
    for file in live.iterdir():
        (made / file.name).write_bytes(file.read_bytes())
    for result in results:
        job.folder.finish(result, Times(0.1, 0.1))


def test_a_whole_retrain_makes_a_version_that_writes_reports(asked: Job) -> None:
    outcome = pipeline.run(asked)
    with asked.database.reading_session() as session:
        version = versions.get(session, version_id=outcome.candidate_id)
        measured = evaluations.of_job(session, job_id=asked.number or 0)
        told = jobs.events_since(session, job_id=asked.number or 0)
    reporter = load_reporter(version.folder, data_folder=asked.settings.data_folder)
    assert (reporter.name.version, reporter.name.name) == ("1.1", "tiny")
    assert version.snapshot_hash == outcome.snapshot_sha256
    assert TrainingConfig.model_validate(version.config) == asked.config
    assert [(one.set, one.n) for one in measured] == [("held_out", 6), ("base", 2)]
    assert [e.stage for e in told if e.data.get("state") == "begins"] == list(asked.config.stages)
    assert told[-1].kind == "result"
    assert {row["metric"] for row in told[-1].data["table"]} >= {"radcliq_lite", "label F1 by rules"}
    assert set(told[-1].data["table"][0]) == {
        "set", "metric", "direction", "candidate", "live", "difference", "ci95", "n",
    }  # fmt: skip
    # Again, as after an end between the last stage and the job's row: the same version, no second one.
    assert pipeline.run(asked).candidate_id == version.id
    with asked.database.reading_session() as session:
        assert [one.number for one in versions.history(session)] in (["1.0", "1.1"], ["1.1", "1.0"])


def test_a_retrain_that_learns_from_preferences_directly_as_well(job: Job) -> None:
    changes = {
        "learn": ["sft", "dpo", "preference", "grpo"],
        "dpo": {"steps": 1, "batch_size": 2},
        "evaluate": {"base_set": 0, "resamples": 100},
    }
    longer = replace(job, config=TrainingConfig.model_validate(job.config.model_dump() | changes))
    pipeline.run(longer)
    told = longer.folder.result(Preferring)
    assert (told.steps, told.model) == (1, "dpo/model")
    assert told.pairs > 0
    assert 0 <= (told.likelier_before or 0) <= 1
    assert 0 <= (told.likelier_after or 0) <= 1
    # Reinforcement began where direct preference optimisation ended.
    assert longer.model_before("grpo") == longer.folder.path / "dpo" / "model"
    assert longer.model_before("dpo") == longer.folder.path / "sft" / "model"


def test_a_job_without_fine_tuning_begins_with_the_live_version(job: Job) -> None:
    alone = replace(job, config=TrainingConfig.model_validate({"learn": ["dpo"]}))
    alone.folder.finish(Taken("ab" * 32, 1, model="default"))
    assert alone.model_before("dpo") == DEFAULT_FOLDER


def test_a_stage_that_the_settings_do_not_name_is_not_run(job: Job) -> None:
    with pytest.raises(BrokenSettings, match="does not take the stage “dpo”"):
        pipeline.run_stage(job, "dpo")


@pytest.mark.parametrize(("decision", "live"), [("promote", "1.1"), ("reject", "1.0")])
def test_the_gate_decides_what_is_live(asked: Job, decision: Decision, live: str) -> None:
    finish_stages(asked, decision)
    outcome = publish.publish(asked)
    with asked.database.reading_session() as session:
        assert versions.live(session).number == live
        assert versions.get(session, version_id=outcome.candidate_id).reason == "Because."
    assert (asked.settings.data_folder / "versions" / "1.1" / "model.safetensors").is_file()


def test_a_candidate_judged_against_a_version_that_is_live_no_more_is_not_promoted(asked: Job) -> None:
    finish_stages(asked, "promote")
    with asked.database.session() as session:
        other = versions.register_candidate(session, parent_id=1, snapshot_hash=None)
        versions.promote(session, version_id=other.id, by=None)
    outcome = publish.publish(asked)
    assert outcome.decision == "reject"
    assert outcome.reasons[0].startswith("The live version changed while")
    with asked.database.reading_session() as session:
        assert versions.live(session).id == other.id


def test_what_an_interrupted_publication_left_is_replaced(asked: Job) -> None:
    finish_stages(asked, "reject")
    left = asked.settings.data_folder / "versions" / "1.1"
    write_json(left / "half.json", {})
    publish.publish(asked)
    assert not (left / "half.json").exists()


def test_a_stage_without_the_one_before_says_which(job: Job) -> None:
    with pytest.raises(BrokenJobFolder, match="“grpo” has not been run"):
        pipeline.run_stage(job, "evaluate")


def test_a_version_says_by_what_it_was_made(asked: Job) -> None:
    finish_stages(asked, "promote")
    outcome = publish.publish(asked)
    made_by = VersionFolder(asked.settings.data_folder / "versions" / "1.1").made_by
    assert (made_by["parent"], made_by["judged_against"], made_by["snapshot_sha256"]) == (
        "1.0",
        "1.0",
        "ab" * 32,
    )
    assert made_by["evaluation"]["base"]["sha256"] == "cd" * 32
    assert TrainingConfig.model_validate(made_by["config"]) == asked.config
    assert made_by["environment"] == outcome.environment
    assert set(made_by["environment"]["libraries"]) >= {"torch", "transformers", "trl", "peft"}


def test_only_weights_that_nobody_can_go_back_to_are_cleared(asked: Job) -> None:
    """Of 1.1 (live once), 1.2, 1.3 (rejected) and 1.4 (live), one rejected version is kept."""
    settings = asked.settings
    with asked.database.session() as session:
        for number, decision in (
            ("1.1", "promote"),
            ("1.2", "reject"),
            ("1.3", "reject"),
            ("1.4", "promote"),
        ):
            version = versions.register_candidate(session, parent_id=1, snapshot_hash=None)
            (settings.data_folder / "versions" / number).mkdir(parents=True)
            if decision == "promote":
                versions.promote(session, version_id=version.id, by=None)
            else:
                versions.reject(session, version_id=version.id, reason="Worse.")
    assert retention.clear_old_versions(asked.database, settings, keep=1) == ["1.2"]
    assert retention.clear_old_versions(asked.database, settings, keep=1) == []
    left = sorted(path.name for path in (settings.data_folder / "versions").iterdir())
    assert left == ["1.1", "1.3", "1.4"]


def test_a_jobs_models_go_when_it_is_done_and_its_account_stays(asked: Job) -> None:
    finish_stages(asked, "reject")
    outcome = pipeline.run(asked)
    assert not list(asked.folder.path.rglob("*.safetensors"))
    assert read_json(asked.folder.path / "outcome.json") == as_json(outcome)
    assert asked.folder.finished("grpo")
