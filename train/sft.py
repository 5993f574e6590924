"""Supervised fine-tuning: the decoder learns to write what was signed, and does not forget the base phantoms.

Knows the snapshot and the live model, no database. Only adapters on the decoder learn; they are merged into the
weights at the end. Images are encoded once, before the first step.
"""

import lmrrg.model  # noqa: F401  readies transformers for this build of torch

# isort: split

import random
import shutil
from typing import Any

import torch
from peft import get_peft_model
from torch.nn.utils.rnn import pad_sequence
from transformers import Trainer, TrainingArguments

from lmrrg.model import LmrrgForConditionalGeneration, LmrrgProcessor, conversation
from train import candidate, snapshot
from train.encoding import encode
from train.examples import REPLAY_SEEDS, Example, phantom_examples
from train.job import Job
from train.progress import ProgressEvents

_IGNORED = -100  # label of a position that is not learned


def tokens_of(processor: LmrrgProcessor, example: Example) -> dict[str, list[int]]:
    """``input_ids`` and ``labels`` of prompt and report; the prompt's labels are ignored."""
    messages = conversation(example.indication)
    prompt = processor.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
    spread = prompt.replace(processor.image_token, processor.image_token * processor.tokens_per_image)
    tokenizer = processor.tokenizer
    before = tokenizer(spread, add_special_tokens=False)["input_ids"]
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


def _mixture(job: Job, examples: list[Example], size: int) -> list[Example]:
    """The signed studies with replayed phantoms among them."""
    count = round(job.config.sft.replay_share * len(examples))
    first = REPLAY_SEEDS + random.Random(job.config.seed).randrange(1_000_000)
    return examples + phantom_examples(range(first, first + count), size)


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
    on_gpu = job.settings.device.startswith("cuda")
    arguments = TrainingArguments(
        output_dir=str(checkpoints),
        max_steps=steps,
        per_device_train_batch_size=config.sft.batch_size,
        learning_rate=config.sft.learning_rate,
        warmup_steps=round(config.sft.warmup_share * steps),
        lr_scheduler_type="cosine",
        weight_decay=0.01,
        logging_steps=2,
        save_steps=config.sft.checkpoint_every,
        save_total_limit=1,
        seed=config.seed,
        use_cpu=not on_gpu,
        bf16=on_gpu,
        report_to="none",
        disable_tqdm=True,
        remove_unused_columns=False,
        label_names=["labels"],
        dataloader_pin_memory=on_gpu,
    )
    trainer = Trainer(
        model=get_peft_model(model, candidate.adapter(config.lora)),
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
    signed = frozen.examples(model.config.image_size)
    mixture = _mixture(job, signed, model.config.image_size)
    encoded = encode(model, processor, mixture).tokens.cpu()
    rows = [
        {**tokens_of(processor, example), "image_tokens": tokens}
        for example, tokens in zip(mixture, encoded, strict=True)
    ]
    steps = config.sft.epochs * -(-len(rows) // config.sft.batch_size)
    loss = None
    if steps:
        model, loss = _learn(job, model, rows, steps, Collator(processor.tokenizer.pad_token_id))
    candidate.save(model, processor, folder / "model", candidate.version_of(frozen.model_folder))
    shutil.rmtree(folder / "checkpoints", ignore_errors=True)
    return {"signed": len(signed), "replayed": len(rows) - len(signed), "steps": steps, "loss": loss}
