"""Direct preference optimisation on the snapshot's comparisons: the other way to learn from what readers preferred.

TRL's, with images, for jobs whose settings name it. Knows the snapshot and the model that earlier stages made, and
nothing about the database.
"""

import dataclasses
import shutil
from collections.abc import Sequence
from typing import Any

import torch
from datasets import Dataset, List
from datasets import Image as ImageColumn
from trl import DPOConfig, DPOTrainer

from train.data import snapshot
from train.data.examples import Example
from train.launch.processes import is_first, number_of_processes
from train.policy.base import Policy
from train.policy.by_model_type import load
from train.policy.checkpoints import last_checkpoint
from train.rewards.preference_scorer import Choice
from train.stages.cheaper_steps import step_arguments
from train.work.job import Job
from train.work.progress import ProgressEvents
from train.work.results import Preferring

Pair = tuple[Example, str, str]  # a study, the text that was chosen, the one that was not


def pairs_of(choices: Sequence[Choice], examples: Sequence[Example]) -> list[Pair]:
    """What was preferred to what, where the study is at hand; ties are left out."""
    studies = {example.key: example for example in examples}
    decided = [choice for choice in choices if not choice.tie and choice.study in studies]
    return [(studies[choice.study], choice.chosen, choice.rejected) for choice in decided]


def dataset_of(policy: Policy, pairs: Sequence[Pair]) -> Dataset:
    """The columns that TRL reads: ``images``, ``prompt``, ``chosen``, ``rejected``."""
    rows: dict[str, list[Any]] = {"images": [], "prompt": [], "chosen": [], "rejected": []}
    for example, chosen, rejected in pairs:
        asked = [{"type": "image", "text": None}, {"type": "text", "text": policy.question(example)}]
        rows["images"].append([policy.picture(example)])
        rows["prompt"].append([{"role": "user", "content": asked}])
        for name, text in (("chosen", chosen), ("rejected", rejected)):
            rows[name].append([{"role": "assistant", "content": [{"type": "text", "text": text}]}])
    return Dataset.from_dict(rows).cast_column("images", List(ImageColumn()))


def share_likelier(policy: Policy, pairs: Sequence[Pair]) -> float | None:
    """The share of pairs where ``policy`` is likelier to write the chosen text; None without a pair."""
    if not pairs:
        return None
    examples = [example for example, _, _ in pairs]
    seen = policy.look(examples)

    def likely(texts: Sequence[str]) -> list[float]:
        told = [dataclasses.replace(one, reference=text) for one, text in zip(examples, texts, strict=True)]
        return policy.log_probabilities(told, seen)

    chosen, rejected = likely([text for _, text, _ in pairs]), likely([text for _, _, text in pairs])
    return sum(one > other for one, other in zip(chosen, rejected, strict=True)) / len(pairs)


def run(job: Job) -> Preferring:
    """Prefer what was chosen, from what the stages before have made."""
    settings, folder = job.config.dpo, job.folder.stage("dpo")
    torch.manual_seed(job.config.seed)
    frozen = snapshot.load(job)
    policy = load(job.model_before("dpo"), job.settings.device)
    pairs = pairs_of(frozen.choices(), frozen.compared_examples(policy.side))
    checkpoints = folder / "checkpoints"
    last = last_checkpoint(checkpoints)
    before = None if last else share_likelier(policy, pairs)
    if last and last[1] >= settings.steps:
        policy.keep_checkpoint(last[0])
    elif pairs:
        arguments = DPOConfig(
            output_dir=str(checkpoints),
            max_steps=settings.steps,
            per_device_train_batch_size=max(1, settings.batch_size // number_of_processes()),
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
            train_dataset=dataset_of(policy, pairs),
            processing_class=policy.processor,
            peft_config=policy.adapter(job.config.lora),
            callbacks=[ProgressEvents(job.events, "dpo")],
        )
        trainer.train(resume_from_checkpoint=str(last[0]) if last else None)
        policy.keep(trainer.model)
    if is_first():
        policy.save(folder / "model")
        shutil.rmtree(checkpoints, ignore_errors=True)
    steps = settings.steps if pairs else 0
    return Preferring(len(pairs), steps, before, share_likelier(policy, pairs))
