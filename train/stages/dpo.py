"""Direct preference optimisation on the snapshot's comparisons: the other way to learn from what readers preferred.

TRL's, with images. The pipeline does not take this stage: ``python -m train dpo`` does, and the benchmark compares it
with reinforcement. Knows the snapshot and the fine-tuned model, no database.
"""

import shutil
from collections.abc import Sequence
from typing import Any

import torch
from datasets import Dataset, List
from datasets import Image as ImageColumn
from trl import DPOConfig, DPOTrainer

from train.data import snapshot
from train.data.examples import Example
from train.policy.base import Policy
from train.policy.checkpoints import last_checkpoint
from train.policy.registry import load
from train.rewards.preference_scorer import Choice
from train.stages.cheaper_steps import step_arguments
from train.work.job import Job
from train.work.progress import ProgressEvents


def pairs_of(policy: Policy, choices: Sequence[Choice], examples: Sequence[Example]) -> Dataset:
    """The columns that TRL reads: ``images``, ``prompt``, ``chosen``, ``rejected``; ties are left out."""
    studies = {example.key: example for example in examples}
    rows: dict[str, list[Any]] = {"images": [], "prompt": [], "chosen": [], "rejected": []}
    for choice in choices:
        example = studies.get(choice.study)
        if example is None or choice.tie:
            continue
        rows["images"].append([policy.picture(example)])
        asked = [{"type": "image", "text": None}, {"type": "text", "text": policy.question(example)}]
        rows["prompt"].append([{"role": "user", "content": asked}])
        for name in ("chosen", "rejected"):
            said = [{"type": "text", "text": getattr(choice, name)}]
            rows[name].append([{"role": "assistant", "content": said}])
    return Dataset.from_dict(rows).cast_column("images", List(ImageColumn()))


def run(job: Job) -> dict[str, Any]:
    """Prefer what was chosen, from the fine-tuned model; the result is a whole model in ``dpo/model``."""
    settings, folder = job.config.dpo, job.folder.stage("dpo")
    torch.manual_seed(job.config.seed)
    frozen = snapshot.load(job)
    start = job.folder.path / "sft" / "model"
    policy = load(start, job.settings.device)
    pairs = pairs_of(policy, frozen.choices(), frozen.compared_examples(policy.side))
    checkpoints = folder / "checkpoints"
    last = last_checkpoint(checkpoints)
    if last and last[1] >= settings.steps:
        policy.keep_checkpoint(last[0])
    elif len(pairs):
        arguments = DPOConfig(
            output_dir=str(checkpoints),
            max_steps=settings.steps,
            per_device_train_batch_size=settings.batch_size,
            learning_rate=settings.learning_rate,
            beta=settings.beta,
            max_length=None,
            gradient_checkpointing=False,
            save_steps=settings.checkpoint_every,
            save_total_limit=1,
            seed=job.config.seed,
            **step_arguments(job.settings.device),
        )
        trainer = DPOTrainer(
            model=policy.model,
            args=arguments,
            train_dataset=pairs,
            processing_class=policy.processor,
            peft_config=policy.adapter(job.config.lora),
            callbacks=[ProgressEvents(job.events, "dpo")],
        )
        trainer.train(resume_from_checkpoint=str(last[0]) if last else None)
        policy.keep(trainer.model)
    policy.save(folder / "model")
    shutil.rmtree(checkpoints, ignore_errors=True)
    return {"pairs": len(pairs), "steps": settings.steps if len(pairs) else 0, "model": "dpo/model"}
