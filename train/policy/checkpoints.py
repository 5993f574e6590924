"""Where a trainer that was interrupted goes on. Knows nothing about versions or models."""

import shutil
from pathlib import Path

from train.errors import BrokenJobFolder
from train.work.job import read_json


def last_checkpoint(folder: Path) -> tuple[Path, int] | None:
    """A trainer's newest whole checkpoint and the steps it has behind it; None where there is none.

    A checkpoint that was cut short while it was written is removed: the trainer writes its state last.
    """
    for path in sorted(
        folder.glob("checkpoint-*"), key=lambda path: int(path.name.split("-")[1]), reverse=True
    ):
        try:
            return path, int(read_json(path / "trainer_state.json")["global_step"])
        except BrokenJobFolder:
            shutil.rmtree(path)
    return None
