"""One configuration for a job: it travels as JSON and refuses what it does not know."""

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from feedback_db.errors import BrokenConfiguration
from feedback_db.training import configuration
from feedback_db.training.configuration import LoraSettings, TrainingConfig


def test_it_comes_back_from_a_job_row_as_it_went() -> None:
    config = TrainingConfig(seed=7)
    assert TrainingConfig.model_validate(config.model_dump(mode="json")) == config


def test_a_job_that_the_release_before_filed_can_be_taken_up() -> None:
    release = Path(__file__).parents[1] / "release_0003/expected.json"
    filed = [job["config"] for job in json.loads(release.read_text("utf-8"))["tables"]["training_job"]]
    assert [TrainingConfig.model_validate(config).seed for config in filed] == [0, 3, 4, 5, 5, 5, 0, 7]


@pytest.mark.parametrize(
    "wrong",
    [
        {"sft": {"epoch": 3}},  # a misspelt name
        {"grpo": {"generations": 1}},  # a group of one has nothing to be compared with
        {"grpo": {"phases": [{"rewards": {"bleu": 1.0}}]}},  # no such reward
        {"grpo": {"phases": [{"rewards": {}}]}},
        {"processes": 3, "grpo": {"generations": 4, "studies_per_step": 4}},  # 16 texts for three
    ],
)
def test_what_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        TrainingConfig.model_validate(wrong)


NO_PREFERENCE = {"phases": [{"rewards": {"radcliq_lite": 1.0}}]}


@pytest.mark.parametrize(
    ("learn", "said"),
    [
        ([], "names no stage that changes the model"),
        (["preference"], "names no stage that changes the model"),
        (["sft", "sft"], "names “sft” more than once"),
        (["preference", "grpo", "sft"], "has sft after dpo or grpo"),
        (["dpo", "sft"], "has sft after dpo or grpo"),
        (["sft", "preference"], "needs grpo after preference"),
        (["sft", "grpo", "preference"], "needs grpo after preference"),
        (["sft", "grpo"], "needs preference before grpo"),
        (["sft", "evaluate"], "“learn.1” must be one of 'sft', 'preference', 'dpo' or 'grpo', not evaluate."),
    ],
)
def test_an_order_of_stages_that_makes_no_sense_is_refused_in_a_sentence(learn: list[str], said: str) -> None:
    with pytest.raises(BrokenConfiguration, match=said):
        configuration.read({"learn": learn})


@pytest.mark.parametrize(
    ("learn", "more"),
    [
        (["sft"], {}),
        (["dpo"], {}),
        (["sft", "dpo", "preference", "grpo"], {}),
        (["preference", "grpo", "dpo"], {}),
        (["sft", "grpo"], {"grpo": NO_PREFERENCE}),
    ],
)
def test_a_job_takes_the_stages_that_it_names_in_their_order(learn: list[str], more: dict[str, Any]) -> None:
    stages = configuration.read({"learn": learn, **more}).stages
    assert stages == ("snapshot", *learn, "evaluate", "gate")


def test_published_scorers_reward_radcliq_in_the_place_of_the_rules() -> None:
    by_rules = TrainingConfig()
    published = configuration.read({"scorers": "published"})
    assert [phase.rewards for phase in by_rules.phases] == [phase.rewards for phase in by_rules.grpo.phases]
    for ours, theirs in zip(published.phases, by_rules.phases, strict=True):
        assert ours.rewards == {
            "radcliq_v1" if name == "radcliq_lite" else name: weight
            for name, weight in theirs.rewards.items()
        }
    both = {"phases": [{"rewards": {"radcliq_lite": 1.0, "radcliq_v1": 0.5}}], "phantoms": 2}
    (phase,) = configuration.read({"scorers": "published", "learn": ["sft", "grpo"], "grpo": both}).phases
    assert phase.rewards == {"radcliq_v1": 1.5}


def test_a_phase_without_steps_is_no_phase() -> None:
    phases = [{"steps": 0}, {"steps": 3}]
    assert [phase.steps for phase in configuration.read({"grpo": {"phases": phases}}).phases] == [3]


def test_a_published_reward_needs_published_scorers() -> None:
    rewarded = {"learn": ["sft", "grpo"], "grpo": {"phases": [{"rewards": {"radcliq_v1": 1.0}}]}}
    with pytest.raises(BrokenConfiguration, match="set “scorers” to “published”"):
        configuration.read(rewarded)
    assert configuration.read(rewarded | {"scorers": "published"}).scorers == "published"


def test_an_empty_row_means_the_defaults() -> None:
    assert TrainingConfig.model_validate({}) == TrainingConfig()


@pytest.mark.parametrize(
    "targets",
    [
        r".*\.q_proj",  # a vision tower has those too
        r"model\.vision_tower\..*",
        r".*(region_extractor|language_model).*\.q_proj",
        r"model\.region_extractor\.layers\.\d+\.feed_forward\.0",
        r"model\.projector\.\d",
        r".*global_projector",
        r".*shortcut\.convolution",
        "all-linear",
        ".*",
    ],
)
def test_adapters_on_the_image_s_side_are_refused(targets: str) -> None:
    with pytest.raises(ValidationError, match="adapters there would learn nothing"):
        LoraSettings(targets=targets)


def test_adapters_on_a_part_of_the_decoder_are_fine() -> None:
    chosen = r".*language_model.*\.(q_proj|v_proj)"
    assert LoraSettings(targets=chosen).targets == chosen
    with pytest.raises(ValidationError, match="not a regular expression"):
        LoraSettings(targets="(q_proj")


def test_everything_that_is_wrong_is_said_at_once_and_in_our_words() -> None:
    wrong = {
        "seed": 1.5,
        "sft": {"vocabulary": "maybe", "learning_rate": float("inf")},
        "phases": [],
        "gate": {},
    }
    with pytest.raises(BrokenConfiguration) as caught:
        configuration.read(wrong)
    assert caught.value.faults == (
        "“seed” must be a whole number, not 1.5.",
        "“sft.learning_rate” must be a finite number, not inf.",
        "“sft.vocabulary” must be true or false, not maybe.",
        "There is no setting “phases”.",
    )


@pytest.mark.parametrize("wrong", [[], "sft", 3])
def test_what_is_no_group_of_settings_is_refused(wrong: Any) -> None:
    with pytest.raises(BrokenConfiguration, match="“settings” must be a group of settings by name"):
        configuration.read(wrong)
