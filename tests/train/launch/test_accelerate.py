"""The configurations for several processes are read as what they say they are."""

from pathlib import Path

import pytest
from accelerate.commands.config.config_args import load_config_from_file
from accelerate.commands.launch import launch_command_parser
from accelerate.utils import DistributedType

from train.work.worker import under_accelerate

FOLDER = Path(__file__).resolve().parents[3] / "train/launch"
CLAIMED = {
    "ddp.yaml": DistributedType.MULTI_GPU,
    "fsdp.yaml": DistributedType.FSDP,
}


def test_each_is_known_here() -> None:
    assert {path.name for path in FOLDER.glob("*.yaml")} == set(CLAIMED)


@pytest.mark.parametrize("name", CLAIMED)
def test_it_names_the_distribution_that_it_claims(name: str) -> None:
    """Read by accelerate itself, which refuses a key that it does not know."""
    config = load_config_from_file(str(FOLDER / name))
    assert (config.distributed_type, config.num_processes) == (CLAIMED[name], 2)
    assert bool(config.fsdp_config) == (name == "fsdp.yaml")
    assert not config.use_cpu


def test_a_worker_starts_its_jobs_with_it() -> None:
    """The command as accelerate's own parser takes it."""
    _, _, module, *given = [*under_accelerate(FOLDER / "ddp.yaml"), "7"]
    assert module == "accelerate.commands.launch"
    asked = launch_command_parser().parse_args(given)
    assert (asked.config_file, asked.module) == (str(FOLDER / "ddp.yaml"), True)
    assert [asked.training_script, *asked.training_script_args] == ["train", "run-job", "7"]
