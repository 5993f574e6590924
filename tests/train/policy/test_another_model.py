"""A model of another class goes through the same stages, by the same functions."""

import dataclasses
import json
from pathlib import Path

import pytest
import torch

from feedback_db.training import evaluations, versions
from feedback_db.training.configuration import TrainingConfig
from lmrrg.reporters import VersionFolder
from tests.train.policy import llava
from train.data.phantoms import phantom_examples
from train.errors import BrokenJobFolder
from train.policy import by_model_type
from train.policy.native import NativePolicy
from train.work import pipeline
from train.work.job import Job
from train.work.results import Evaluated, FineTuned, Preferring, Reinforced

# transformers 5.23 warns of its own use of a name that it renamed.
pytestmark = pytest.mark.filterwarnings("ignore:.*gradient_checkpointing.*:FutureWarning")

SMALL = {
    "learn": ["sft", "dpo", "preference", "grpo"],
    "dpo": {"steps": 1, "batch_size": 2},
}


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(by_model_type.POLICIES, "llava", "tests.train.policy.llava:LlavaPolicy")


@pytest.fixture
def live(job: Job) -> Job:
    """A job that begins with a LLaVA as the live version."""
    with job.database.session() as session:
        version = versions.register_candidate(session, parent_id=1, snapshot_hash=None)
        versions.promote(session, version_id=version.id, by=None)
    llava.make(job.settings.data_folder / version.folder)
    config = TrainingConfig.model_validate(job.config.model_dump() | SMALL)
    return dataclasses.replace(job, config=config)


def test_the_folder_decides_which_policy_it_is(tiny_folder: Path, tmp_path: Path) -> None:
    llava.make(tmp_path)
    assert by_model_type.policy_of(tiny_folder) is NativePolicy
    assert by_model_type.policy_of(tmp_path) is llava.LlavaPolicy


def test_a_class_that_nobody_can_train_is_refused_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "brain"}))
    with pytest.raises(by_model_type.CannotBeTrained, match="kind “brain” cannot be trained here"):
        by_model_type.load(tmp_path)
    (tmp_path / "config.json").unlink()
    with pytest.raises(BrokenJobFolder):
        by_model_type.load(tmp_path)


def test_a_whole_retrain_of_a_model_that_is_not_ours(live: Job) -> None:
    outcome = pipeline.run(live)
    made = live.settings.data_folder / "versions" / "1.2"
    assert VersionFolder(made).name.version == outcome.version == "1.2"
    assert isinstance(by_model_type.load(made), llava.LlavaPolicy)
    for kind in (FineTuned, Preferring, Reinforced):
        assert live.folder.result(kind).steps > 0
    figures = live.folder.result(Evaluated).sets["held_out"].figures
    assert {"radcliq_lite", "label_f1_lite"} <= set(figures)
    assert not {"map_side", "map_pointing"} & set(figures)  # it shows no maps
    told = [json.loads(line) for line in (live.folder.path / "events.jsonl").read_text("utf-8").splitlines()]
    said = [event["data"]["message"] for event in told if event["kind"] == "log"]
    assert "This model tells no findings of an image, so the reward “consistency” says nothing." in said
    assert (
        said.count("llava 1.1 shows no maps, so none are measured.") == 2
    )  # of the candidate and of its parent
    with live.database.reading_session() as session:
        assert evaluations.of_version(session, version_id=outcome.candidate_id)


@pytest.mark.parametrize("kind", ["native", "llava"])
def test_how_likely_a_text_is_does_not_depend_on_who_is_in_the_batch(
    tiny_folder: Path, tmp_path: Path, kind: str
) -> None:
    llava.make(tmp_path)
    policy = by_model_type.load(tiny_folder if kind == "native" else tmp_path)
    examples = [
        dataclasses.replace(one, reference=text)
        for one, text in zip(
            phantom_examples(range(3), policy.side), ("Clear.", "The lungs are clear.", ""), strict=True
        )
    ]
    seen = policy.look(examples)
    together = policy.log_probabilities(examples, seen)
    alone = [policy.log_probabilities([one], seen.pick([n]))[0] for n, one in enumerate(examples)]
    torch.testing.assert_close(together, alone, atol=1e-3, rtol=1e-4)
    assert together[1] < together[0] < together[2] < 0  # more tokens are less likely
