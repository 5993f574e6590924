"""``python -m train`` over a job folder, stage by stage."""

import json

import pytest

from train.__main__ import format_outcome, main
from train.job import Job


@pytest.fixture(autouse=True)
def _installation(job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LMRRG_DATA_FOLDER", str(job.settings.data_folder))
    monkeypatch.setenv("LMRRG_MODEL", job.settings.model)


def test_a_stage_prints_what_it_did(job: Job, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["snapshot", str(job.folder.path)]) == 0
    assert json.loads(capsys.readouterr().out)["readings"] == 8
    assert job.folder.finished("snapshot") is not None


def test_a_stage_out_of_turn_says_what_to_run_first(job: Job, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["gate", str(job.folder.path)]) == 1
    assert "“evaluate” has not been run" in capsys.readouterr().err


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
