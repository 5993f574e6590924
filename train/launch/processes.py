"""Several processes at one job, as ``torchrun`` or ``accelerate launch`` start them: who writes, and who waits.

The stages that change the model share their steps; every other stage is done by the first process while the others wait
for its ``done.json``. Files are what they meet in, so that a long stage runs into no timeout of a process group.
Does not know what a stage does.
"""

import os
import sys
import time
from pathlib import Path

# Stages in which every process takes part.
SHARED_STAGES = ("sft", "dpo", "grpo")
_LOOK_SECONDS = 0.2


def number_of_processes() -> int:
    """How many processes work on this job."""
    return int(os.environ.get("WORLD_SIZE", "1"))


def is_first() -> bool:
    """Whether this process writes files, events and rows."""
    return int(os.environ.get("RANK", "0")) == 0


def wait_for(path: Path) -> None:
    """Wait until the first process has written ``path``; the launcher ends us if that process dies."""
    while not path.exists():
        time.sleep(_LOOK_SECONDS)


def replace_with(processes: int, arguments: list[str]) -> None:
    """Become the launcher of so many processes, each ``python -m train`` with these arguments."""
    launcher = ["-m", "torch.distributed.run", "--standalone", f"--nproc-per-node={processes}", "-m", "train"]
    os.execv(sys.executable, [sys.executable, *launcher, *arguments])
