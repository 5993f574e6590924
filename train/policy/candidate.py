"""Folders of versions and of checkpoints: what a version is called, what it takes over, where a trainer ended.

A version's folder holds weights (safetensors), configuration, processor and ``lmrrg_version.json``. Knows nothing of
how weights are loaded or learned, nor of which version is live.
"""

import shutil
from pathlib import Path
from typing import Any

from lmrrg.grounding.confidence import CALIBRATION_FILE
from lmrrg.grounding.image_check import IMAGE_CHECK_FILE
from lmrrg.reporters import DEFAULT_FOLDER
from train.errors import BrokenJobFolder
from train.work.job import read_json

VERSION_FILE = "lmrrg_version.json"
# Adapters touch the decoder alone: what was fitted to the image side holds as it is, and how sure a sentence is holds
# as nearly as the decoder has stayed the same.
FITTED_FILES = (IMAGE_CHECK_FILE, CALIBRATION_FILE)


def weights_folder(model: str | Path) -> Path:
    """The folder of a version; ``"default"`` is the model that ships with the package."""
    return DEFAULT_FOLDER if str(model) == "default" else Path(model)


def carry_over(parent: Path, folder: Path) -> None:
    """Give the version in ``folder`` what its parent says of images and of its own sentences, where it says it."""
    for name in FITTED_FILES:
        if (parent / name).exists():
            # The content alone: what everybody may read in the package is not for everybody in the data folder.
            shutil.copyfile(parent / name, folder / name)


def version_of(folder: Path) -> dict[str, Any]:
    """``name``, ``version`` and ``demonstration`` of a version's folder."""
    described: dict[str, Any] = read_json(folder / VERSION_FILE)
    return described


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
