"""Supervised fine-tuning: the decoder learns to write what was signed, and does not forget the base phantoms.

Knows the snapshot and the live model, no database. Only adapters on the decoder learn; they are merged into the
weights at the end. Images are encoded once, before the first step.
"""

import shutil
from typing import Any

import torch
from peft import get_peft_model
from torch.nn.utils.rnn import pad_sequence
from transformers import Trainer, TrainingArguments

from lmrrg.model import LmrrgForConditionalGeneration, LmrrgProcessor
from train.data import snapshot
from train.data.examples import Example
from train.data.mixture import mixture
from train.launch.processes import is_first, number_of_processes
from train.policy import candidate
from train.policy.encoding import prompt_ids
from train.stages.cheaper_steps import step_arguments
from train.work.job import Job
from train.work.progress import ProgressEvents

_IGNORED = -100  # label of a position that is not learned


def tokens_of(processor: LmrrgProcessor, example: Example) -> dict[str, list[int]]:
    """``input_ids`` and ``labels`` of prompt and report; the prompt's labels are ignored."""
    tokenizer = processor.tokenizer
    before = prompt_ids(processor, **example.asked)
    report = tokenizer((example.reference or "") + tokenizer.eos_token, add_special_tokens=False)["input_ids"]
    return {"input_ids": before + report, "labels": [_IGNORED] * len(before) + report}


class Collator:
    """Pads rows of ``input_ids``, ``labels`` and ``image_tokens`` on the right to one batch."""

    def __init__(self, pad_token: int) -> None:
        self.pad_token = pad_token

    def __call__(self, rows: list[dict[str, Any]]) -> dict[str, torch.Tensor]:
        ids = [torch.tensor(row["input_ids"]) for row in rows]
        labels = [torch.tensor(row["labels"]) for row in rows]
        return {
            "input_ids": pad_sequence(ids, batch_first=True, padding_value=self.pad_token),
            "labels": pad_sequence(labels, batch_first=True, padding_value=_IGNORED),
            "attention_mask": pad_sequence([torch.ones_like(x) for x in ids], batch_first=True),
            "image_tokens": torch.stack([row["image_tokens"] for row in rows]),
        }


def _learn(
    job: Job,
    model: LmrrgForConditionalGeneration,
    rows: list[dict[str, Any]],
    steps: int,
    collator: Collator,
) -> tuple[LmrrgForConditionalGeneration, float | None]:
    """The model after ``steps`` steps, and the mean loss of those that were taken now."""
    config, checkpoints = job.config, job.folder.stage("sft") / "checkpoints"
    last = candidate.last_checkpoint(checkpoints)
    if last and last[1] >= steps:
        return candidate.merged(model, last[0]), None
    arguments = TrainingArguments(
        output_dir=str(checkpoints),
        max_steps=steps,
        per_device_train_batch_size=max(1, config.sft.batch_size // number_of_processes()),
        learning_rate=config.sft.learning_rate,
        warmup_steps=round(config.sft.warmup_share * steps),
        lr_scheduler_type="cosine",
        weight_decay=0.01,
        save_steps=config.sft.checkpoint_every,
        save_total_limit=1,
        seed=config.seed,
        remove_unused_columns=False,
        label_names=["labels"],
        # Smaller where a GPU's memory does not hold the batch; a processor's would swap first.
        auto_find_batch_size=job.settings.device.startswith("cuda"),
        **step_arguments(job.settings.device),
    )
    words = candidate.words_to_learn(model.config) if config.sft.vocabulary else []
    trainer = Trainer(
        model=get_peft_model(model, candidate.adapter(config.lora, words=words)),
        args=arguments,
        train_dataset=rows,
        data_collator=collator,
        callbacks=[ProgressEvents(job.events, "sft")],
    )
    loss = trainer.train(resume_from_checkpoint=str(last[0]) if last else None).training_loss
    return trainer.model.merge_and_unload(), loss


def run(job: Job) -> dict[str, Any]:
    """Fine-tune the live version on the snapshot; the result is a whole model in ``sft/model``."""
    config, folder = job.config, job.folder.stage("sft")
    torch.manual_seed(config.seed)
    frozen = snapshot.load(job)
    model, processor = candidate.load(frozen.model_folder, job.settings.device)
    size = model.config.image_size
    message = "Draws the studies that are shown beside the signed ones, and looks at each image once."
    job.events.record("log", "sft", data={"message": message})
    seen = mixture(
        model,
        processor,
        frozen.examples(size),
        frozen.unread_examples(size),
        config.sft,
        seed=config.seed,
    )
    rows = [
        {**tokens_of(processor, example), "image_tokens": tokens}
        for example, tokens in zip(seen.examples, seen.image_tokens, strict=True)
    ]
    steps = config.sft.epochs * -(-len(rows) // config.sft.batch_size) + config.sft.extra_steps
    loss = None
    if steps:
        model, loss = _learn(job, model, rows, steps, Collator(processor.tokenizer.pad_token_id))
    if is_first():
        candidate.save(model, processor, folder / "model", candidate.version_of(frozen.model_folder))
        shutil.rmtree(folder / "checkpoints", ignore_errors=True)
    return {
        "signed": len(frozen.readings),
        "reworded": seen.reworded,
        "replayed": seen.replayed,
        "steps": steps,
        "loss": loss,
    }
