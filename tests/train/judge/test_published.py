"""A job that goes by published scorers: what it is rewarded with, measured by and judged on, over tiny weights."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from feedback_db.settings import Settings
from feedback_db.training.configuration import TrainingConfig
from lmrrg.errors import ModelError, ScoringError
from lmrrg.metrics.published.scorers import PublishedScorers
from tests.chat_protocol import answer, serving
from train.__main__ import main
from train.errors import BrokenSettings
from train.judge import judged_by
from train.judge.published_figures import PUBLISHED, measured_by, published_figures
from train.rewards.base import Evidence
from train.rewards.by_name import build_rewards
from train.work import pipeline
from train.work.job import Job
from train.work.results import Evaluated, Judged

# transformers 5.23 warns of its own use of a name that it renamed.
pytestmark = pytest.mark.filterwarnings("ignore:.*gradient_checkpointing.*:FutureWarning")
SIGNED, OTHER = "No pleural effusion. Lungs clear.", "Small left pleural effusion."
CATEGORIES = [
    "false_finding",
    "missed_finding",
    "wrong_location",
    "wrong_severity",
    "false_comparison",
    "missed_comparison",
]


def by_published(job: Job, folder: Path | str, judge: str = "", **config: Any) -> Job:
    """The job by published scorers, as the installation's settings name them."""
    settings = job.settings.model_copy(update={"published": str(folder), "judge": judge})
    changed = job.config.model_dump() | {"scorers": "published"} | config
    return dataclasses.replace(job, settings=settings, config=TrainingConfig.model_validate(changed))


def logged(job: Job) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (job.folder.path / "events.jsonl").read_text("utf-8").splitlines()]


def count(significant: int) -> str:
    row = {"significant": significant, "insignificant": 0}
    return json.dumps(
        {name: row if name == CATEGORIES[0] else row | {"significant": 0} for name in CATEGORIES}
    )


def test_a_whole_retrain_is_rewarded_measured_and_judged_by_them(job: Job, published_weights: Path) -> None:
    ours = by_published(job, published_weights)
    outcome = pipeline.run(ours)
    curves = {name for event in logged(ours) for name in event.get("data", {}) if name.startswith("reward_")}
    assert "reward_radcliq_v1" in curves
    assert "reward_radcliq_lite" not in curves
    figures = ours.folder.result(Evaluated).sets["held_out"].figures
    assert set(PUBLISHED) - {"judged_errors"} <= set(figures)
    assert figures["radcliq_v1"].n == 6
    assert any(reason.startswith("radcliq_v1 on 6 held-out studies") for reason in outcome.reasons)
    assert "RadCliQ-v1" in [row.metric for row in outcome.table]


def test_the_command_names_the_folders_and_the_gate_follows(
    job: Job, published_weights: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LMRRG_DATA_FOLDER", str(job.settings.data_folder))
    monkeypatch.setenv("LMRRG_MODEL", job.settings.model)
    folder = str(job.folder.path)
    learns = TrainingConfig.model_validate(job.config.model_dump() | {"learn": ["sft"]})
    job.folder.write_config(learns)
    assert main(["snapshot", folder]) == 0
    assert main(["sft", folder]) == 0
    assert main(["evaluate", folder, "--published", f"{folder}/none"]) == 1
    assert "FOLDER/bertscore should hold distilroberta-base" in capsys.readouterr().err
    assert main(["evaluate", folder, "--published", str(published_weights)]) == 0
    assert main(["gate", folder]) == 0
    reasons = job.folder.result(Judged).reasons
    assert any(reason.startswith("radcliq_v1 on 6 held-out studies") for reason in reasons)


def test_a_job_without_weights_is_refused_before_it_begins(job: Job, tmp_path: Path) -> None:
    with pytest.raises(BrokenSettings, match="set LMRRG_PUBLISHED to the folder"):
        pipeline.run(by_published(job, ""))
    with pytest.raises(ScoringError, match="radcliq_v1 cannot be computed"):
        pipeline.run(by_published(job, tmp_path))
    assert not job.folder.finished("snapshot")


def test_a_reward_by_a_judge_that_is_not_named_is_refused(job: Job, published_weights: Path) -> None:
    phases = {"grpo": {"phases": [{"rewards": {"judged_errors": 1.0}}]}}
    with pytest.raises(BrokenSettings, match="set LMRRG_JUDGE"):
        judged_by.rewarded(by_published(job, published_weights, **phases))
    with pytest.raises(ModelError, match="write server:URL#NAME"):
        judged_by.rewarded(by_published(job, published_weights, "gpt", **phases))


def test_the_settings_name_folders_in_their_order(tmp_path: Path) -> None:
    settings = Settings(data_folder=tmp_path, published="/one:/two/three:")
    assert settings.published_folders == (Path("/one"), Path("/two/three"))


def test_rewards_are_larger_for_the_better_text(published_weights: Path) -> None:
    scorers = PublishedScorers([published_weights], ["radcliq_v1", "ratescore"])
    evidence = Evidence(metrics={one.name: one for one in scorers.metrics()})
    asked = {"reference": [SIGNED, SIGNED, None], "study": ["a", "a", "b"]}
    for name, reward in zip(
        ("radcliq_v1", "ratescore"), build_rewards(["radcliq_v1", "ratescore"], evidence), strict=True
    ):
        assert reward.__name__ == name
        same, other, unsigned = reward([SIGNED, OTHER, SIGNED], **asked)
        assert same is not None
        assert other is not None
        assert same > other
        assert unsigned is None
    (score,) = scorers.scores([OTHER], [SIGNED])
    assert build_rewards(["radcliq_v1"], evidence)[0]([OTHER], reference=[SIGNED], study=["a"]) == [
        -score["radcliq_v1"]
    ]


def test_a_text_that_could_not_be_judged_earns_nothing_and_loses_nothing(
    job: Job, published_weights: Path
) -> None:
    def reply(asked: dict[str, Any], number: int) -> Any:
        return answer("Splendid." if OTHER in asked["messages"][-1]["content"] else count(2))

    with serving(reply) as server:
        metrics = judged_by.rewarded(by_published(job, published_weights, f"server:{server.url}#judge"))
        (reward,) = build_rewards(["judged_errors"], Evidence(metrics=metrics))
        asked = {"reference": [SIGNED, SIGNED], "study": ["a", "a"]}
        assert reward(["No edema.", OTHER], **asked) == [-2.0, None]


def test_studies_that_could_not_be_judged_are_left_out_for_both_versions(
    job: Job, published_weights: Path
) -> None:
    def reply(asked: dict[str, Any], number: int) -> Any:
        said = json.loads(asked["messages"][-1]["content"])["candidate"]
        return answer("Splendid.") if said == "unclear" else answer(count(len(said.split())))

    with serving(reply) as server:
        ours = by_published(job, published_weights, f"server:{server.url}#judge")
        figures = published_figures(judged_by.scorers(ours), judged_by.judge(ours))
        found = measured_by(
            {"judged_errors": figures["judged_errors"]},
            ["one", "unclear", "one two"],
            ["one two", "one", "one two three"],
            [SIGNED] * 3,
            resamples=100,
        )["judged_errors"]
    assert (found.n, found.candidate, found.live) == (2, 1.5, 2.5)


def test_chexbert_f1_counts_labels_that_both_reports_have(published_weights: Path) -> None:
    figures = published_figures(PublishedScorers([published_weights]))
    hits = figures["chexbert_f1"].count([SIGNED, OTHER], [SIGNED, SIGNED])
    assert hits[0, 1:].tolist() == [0, 0]
    assert hits[0, 0] == hits[1, 0] + hits[1, 2]
