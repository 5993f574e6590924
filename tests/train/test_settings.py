"""One configuration for a job: it travels as JSON and refuses what it does not know."""

import pytest
from pydantic import ValidationError

from train.settings import TrainingConfig


def test_it_comes_back_from_a_job_row_as_it_went() -> None:
    config = TrainingConfig(seed=7)
    assert TrainingConfig.model_validate(config.model_dump(mode="json")) == config


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


def test_an_empty_row_means_the_defaults() -> None:
    assert TrainingConfig.model_validate({}) == TrainingConfig()
