"""The configurations for several processes are read as what they say they are."""

from pathlib import Path

import pytest
from accelerate.commands.config.config_args import load_config_from_file
from accelerate.utils import DistributedType

FOLDER = Path(__file__).resolve().parents[2] / "train/accelerate"
CLAIMED = {
    "cpu.yaml": DistributedType.MULTI_CPU,
    "ddp.yaml": DistributedType.MULTI_GPU,
    "fsdp.yaml": DistributedType.FSDP,
}


def test_each_is_known_here() -> None:
    assert {path.name for path in FOLDER.iterdir()} == set(CLAIMED)


@pytest.mark.parametrize("name", CLAIMED)
def test_it_names_the_distribution_that_it_claims(name: str) -> None:
    """Read by accelerate itself, which refuses a key that it does not know."""
    config = load_config_from_file(str(FOLDER / name))
    assert (config.distributed_type, config.num_processes) == (CLAIMED[name], 2)
    assert bool(config.fsdp_config) == (name == "fsdp.yaml")
    assert config.use_cpu == (name == "cpu.yaml")
