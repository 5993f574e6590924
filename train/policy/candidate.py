"""Model folders: load a version to train from, save what a stage made of it as a whole new version.

A version's folder holds weights (safetensors), configuration, processor and ``lmrrg_version.json``. Knows nothing of
how weights are learned, nor of which version is live.
"""

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel

from feedback_db.training.configuration import LoraSettings
from lmrrg.grounding.confidence import CALIBRATION_FILE
from lmrrg.grounding.image_check import IMAGE_CHECK_FILE
from lmrrg.model import LmrrgConfig, LmrrgForConditionalGeneration, LmrrgProcessor
from lmrrg.reporters import DEFAULT_FOLDER
from train.errors import BrokenJobFolder
from train.work.job import read_json, write_json

VERSION_FILE = "lmrrg_version.json"
# Adapters touch the decoder alone: what was fitted to the image side holds as it is, and how sure a sentence is holds
# as nearly as the decoder has stayed the same.
FITTED_FILES = (IMAGE_CHECK_FILE, CALIBRATION_FILE)


def weights_folder(model: str | Path) -> Path:
    """The folder of a version; ``"default"`` is the model that ships with the package."""
    return DEFAULT_FOLDER if str(model) == "default" else Path(model)


def load(folder: Path, device: str = "cpu") -> tuple[LmrrgForConditionalGeneration, LmrrgProcessor]:
    """Model and processor of a version's folder; float32, ready to learn."""
    model = LmrrgForConditionalGeneration.from_pretrained(
        folder, dtype=torch.float32, local_files_only=True, trust_remote_code=False
    )
    processor = LmrrgProcessor.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    return model.to(device), processor


def save(
    model: LmrrgForConditionalGeneration,
    processor: LmrrgProcessor,
    folder: Path,
    version: dict[str, Any],
) -> None:
    """Save a whole version; ``version`` is written last, so a folder without it is not one."""
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder, safe_serialization=True)
    processor.save_pretrained(folder)
    write_json(folder / VERSION_FILE, version)


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


def image_size(folder: Path) -> int:
    """Side, in pixels, of the square that the model in ``folder`` sees."""
    return int(LmrrgConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False).image_size)


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


def merged(model: LmrrgForConditionalGeneration, checkpoint: Path) -> LmrrgForConditionalGeneration:
    """``model`` with the adapter of a checkpoint merged into its weights."""
    return PeftModel.from_pretrained(model, str(checkpoint)).merge_and_unload()


def words_to_learn(config: LmrrgConfig) -> list[int]:
    """The tokens whose embeddings may change: all but those that describe the regions.

    The image side asks for each region by the embeddings of its description. Were they to change, images would be seen
    otherwise than they were learned from, and every version otherwise than the one before.
    """
    asked = {token for description in config.region_description_ids or [] for token in description}
    return [token for token in range(config.get_text_config().vocab_size) if token not in asked]


def adapter(settings: LoraSettings, *, words: Sequence[int] = ()) -> LoraConfig:
    """Low-rank adapters on the decoder alone; with ``words`` their embeddings and the output layer learn whole."""
    return LoraConfig(
        r=settings.rank,
        lora_alpha=settings.alpha,
        lora_dropout=settings.dropout,
        target_modules=settings.targets,
        trainable_token_indices={"embed_tokens": list(words)} if words else None,
        modules_to_save=["lm_head"] if words else None,
        task_type="CAUSAL_LM",
    )
