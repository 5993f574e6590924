"""Supervised fine-tuning: the decoder learns to write what was signed, and does not forget the base phantoms.

Knows the snapshot and the live model, and nothing about the database. Only adapters on the decoder learn; they are
merged into the weights at the end. Images are looked at once, before the first step.
"""

import shutil
from typing import Any

import torch
from peft import get_peft_model
from transformers import Trainer, TrainingArguments

from train.data import snapshot
from train.data.mixture import mixture
from train.launch.processes import is_first, number_of_processes
from train.policy.base import Policy
from train.policy.by_model_type import load
from train.policy.checkpoints import last_checkpoint
from train.stages.cheaper_steps import step_arguments
from train.work.job import Job
from train.work.progress import ProgressEvents
from train.work.results import FineTuned


def _learn(
    job: Job,
    policy: Policy,
    rows: list[dict[str, Any]],
    steps: int,
) -> float | None:
    """Take the policy ``steps`` steps further; the mean loss of those that were taken now."""
    config, checkpoints = job.config, job.folder.stage("sft") / "checkpoints"
    last = last_checkpoint(checkpoints)
    if last and last[1] >= steps:
        policy.keep_checkpoint(last[0])
        return None
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
    trainer = Trainer(
        model=get_peft_model(policy.model, policy.adapter(config.lora, vocabulary=config.sft.vocabulary)),
        args=arguments,
        train_dataset=rows,
        data_collator=policy.collate,
        callbacks=[ProgressEvents(job.events, "sft")],
    )
    loss: float = trainer.train(resume_from_checkpoint=str(last[0]) if last else None).training_loss
    policy.keep(trainer.model)
    return loss


def run(job: Job) -> FineTuned:
    """Fine-tune the live version on the snapshot."""
    config, folder = job.config, job.folder.stage("sft")
    torch.manual_seed(config.seed)
    frozen = snapshot.load(job)
    policy = load(frozen.model_folder, job.settings.device)
    message = "Draws the studies that are shown beside the signed ones, and looks at each image once."
    job.events.record("log", "sft", data={"message": message})
    seen = mixture(
        policy,
        frozen.examples(policy.side),
        frozen.unread_examples(policy.side),
        config.sft,
        seed=config.seed,
    )
    rows = policy.rows(seen.examples, seen.seen)
    steps = config.sft.epochs * -(-len(rows) // config.sft.batch_size) + config.sft.extra_steps
    loss = None
    if steps:
        loss = _learn(job, policy, rows, steps)
    if is_first():
        policy.save(folder / "model")
        shutil.rmtree(folder / "checkpoints", ignore_errors=True)
    return FineTuned(len(frozen.readings), seen.reworded, seen.replayed, steps, loss)
