"""``python -m train`` over a job folder, stage by stage."""

import json
from pathlib import Path

import pytest

from train.__main__ import format_outcome, main
from train.work.job import Job


@pytest.fixture(autouse=True)
def _installation(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMRRG_DATA_FOLDER", str(job.settings.data_folder))
    monkeypatch.setenv("LMRRG_MODEL", job.settings.model)


def test_a_stage_prints_what_it_did(job: Job, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["snapshot", str(job.folder.path)]) == 0
    assert json.loads(capsys.readouterr().out)["readings"] == 8
    assert job.folder.finished("snapshot")


def test_a_stage_out_of_turn_says_what_to_run_first(job: Job, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gate", str(job.folder.path)]) == 1
    assert "“evaluate” has not been run" in capsys.readouterr().err


def test_a_stage_that_is_run_again_begins_anew_and_what_was_built_on_it_is_gone(job: Job) -> None:
    folder = str(job.folder.path)
    job.folder.write_config(job.config)
    assert main(["snapshot", folder]) == 0
    for left in ("sft/model/weights", "grpo/undecided.json"):
        path = job.folder.path / left
        path.parent.mkdir(parents=True)
        path.write_text("{}", "utf-8")
    assert main(["snapshot", folder]) == 0
    assert job.folder.finished("snapshot")
    assert sorted(path.name for path in job.folder.path.iterdir() if path.is_dir()) == ["snapshot"]


def test_a_stage_that_was_interrupted_keeps_its_checkpoints(job: Job) -> None:
    checkpoint = job.folder.stage("sft") / "checkpoints" / "checkpoint-1"
    checkpoint.mkdir(parents=True)
    job.folder.forget("sft")
    assert checkpoint.is_dir()


@pytest.mark.parametrize("content", [None, "{", '{"sft": {"epocs": 3}}'])
def test_settings_that_cannot_be_used_are_told_in_a_sentence(
    job: Job, tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None
) -> None:
    path = tmp_path / "settings.json"
    if content is not None:
        path.write_text(content, "utf-8")
    assert main(["sft", str(job.folder.path), "--config", str(path)]) == 1
    assert "settings.json cannot be used" in capsys.readouterr().err


def test_the_outcome_is_a_table_with_its_reasons() -> None:
    row = {
        "metric": "label F1",
        "candidate": 0.75,
        "live": 0.5,
        "difference": 0.25,
        "ci95": [0.1, 0.4],
        "n": 12,
    }
    outcome = {
        "table": [row],
        "version": "1.1",
        "decision": "promote",
        "reasons": ["Better."],
        "seconds": {"sft": 2.0},
    }
    lines = format_outcome(outcome).splitlines()
    assert lines[1].split() == ["label", "F1", "0.750", "0.500", "+0.250", "+0.100", "…", "+0.400", "12"]
    assert lines[2:] == ["Version 1.1: promote.", "  Better.", "Seconds: sft 2.0"]
