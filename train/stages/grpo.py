"""Reinforcement: TRL's group-relative policy optimisation on the rewards of ``train.rewards``.

For each study several texts are sampled; a sentence is pushed up or down by what it does to the rewards beside what the
other texts of the same study say in its place. Differs from the textbook: an advantage for each sentence
(``rewards.credit``), no reward model, each reward normalised before they are added so that their scales don't matter,
by the spread within the group or over the batch where that is larger (``rewards.advantages``), DAPO's token-level
loss, every batch used once so that there is nothing to clip, a rate that falls to nothing so that the last steps'
chance does not stay in the weights, and a text that was sampled twice learned once with twice the weight. What a policy
can do more cheaply than TRL asks it to, it does (``Policy.while_reinforcing``).
"""

import math
import os
import random
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch
from datasets import Dataset
from datasets import Image as ImageColumn
from transformers import TrainerCallback
from trl import GRPOConfig, GRPOTrainer

from feedback_db.training.configuration import GrpoPhase
from lmrrg.reporters import VersionFolder
from train.data import snapshot
from train.data.examples import Example
from train.data.mixture import in_the_readers_words
from train.data.phantoms import REINFORCED_SEEDS, PhantomStudies
from train.data.undecided import undecided
from train.errors import NotEnoughReadings
from train.judge import judged_by
from train.launch.processes import is_first, number_of_processes, wait_for
from train.policy.base import Policy, Seen
from train.policy.by_model_type import load
from train.policy.checkpoints import last_checkpoint
from train.rewards.advantages import Observed, duplicates, flat_groups, token_advantages
from train.rewards.base import Evidence
from train.rewards.by_name import SPEAK_OF_UNREAD, build_rewards
from train.rewards.preference_scorer import PreferenceScorer
from train.stages.cheaper_steps import each_once, step_arguments
from train.stages.samples import SampleEvents
from train.work.job import Job, read_json, write_json
from train.work.progress import ProgressEvents
from train.work.results import Reinforced

_SHOWN = 2  # signed studies whose drafts the page shows while the policy changes


class CreditingTrainer(GRPOTrainer):
    """TRL's trainer, with an advantage for each sentence in place of one for the whole text.

    ``observed`` are its rewards.
    """

    observed: Sequence[Observed] = ()

    def _generate_and_score_completions(self, inputs: list[dict[str, Any]]) -> dict[str, Any]:
        output: dict[str, Any] = super()._generate_and_score_completions(inputs)
        ids, mask = output["completion_ids"], output["completion_mask"].bool()
        rows = [tuple(row[kept].tolist()) for row, kept in zip(ids, mask, strict=True)]
        known = {row: self._reached(row) for row in set(rows)}  # half of the texts repeat another
        reached = [known[row] for row in rows]
        found = token_advantages(self.observed, self.reward_weights.tolist(), reached, self.num_generations)
        advantages = torch.zeros(ids.shape, dtype=output["advantages"].dtype)
        for row, earned in zip(advantages, found, strict=True):
            row[: len(earned)] = torch.from_numpy(earned)
        scored = {**output, "advantages": advantages.to(ids.device)}
        # TRL gathers a number for each row: all processes must have as many.
        return scored if number_of_processes() > 1 else each_once(scored, self.num_generations)

    def _reached(self, ids: tuple[int, ...]) -> list[int]:
        """Characters written once each token is. Whole beginnings are read: alone some tokens read otherwise."""
        beginnings = [ids[: number + 1] for number in range(len(ids))]
        read = self.processing_class.tokenizer.batch_decode(beginnings, skip_special_tokens=True)
        return [len(text) for text in read]


def dataset_of(policy: Policy, examples: Sequence[Example]) -> Dataset:
    """The columns TRL and the rewards read: ``prompt``, ``image``, ``study`` and ``reference``."""
    columns = {
        "prompt": [[{"role": "user", "content": policy.question(example)}] for example in examples],
        "image": [policy.picture(example) for example in examples],
        "study": [example.key for example in examples],
        "reference": [example.reference for example in examples],
    }
    return Dataset.from_dict(columns).cast_column("image", ImageColumn())


def _arguments(job: Job, phase: GrpoPhase, folder: Path, seed: int) -> GRPOConfig:
    settings = job.config.grpo
    return GRPOConfig(
        output_dir=str(folder),
        max_steps=phase.steps,
        per_device_train_batch_size=max(
            1, settings.generations * settings.studies_per_step // number_of_processes()
        ),
        num_generations=settings.generations,
        gradient_accumulation_steps=1,
        max_completion_length=settings.max_new_tokens,
        temperature=settings.temperature,
        top_k=0,
        beta=phase.beta,
        loss_type="dapo",
        reward_weights=list(phase.rewards.values()),
        multi_objective_aggregation="normalize_then_sum",
        learning_rate=settings.learning_rate,
        lr_scheduler_type="linear",
        warmup_steps=min(3, phase.steps // 4),
        gradient_checkpointing=False,
        save_steps=settings.checkpoint_every,
        save_total_limit=1,
        seed=seed,
        use_vllm=False,
        log_completions=False,
        **step_arguments(job.settings.device),
    )


def _train_phase(
    job: Job,
    phase: GrpoPhase,
    start: Path,
    folder: Path,
    examples: list[Example],
    shown: tuple[list[Example], Seen],
    evidence: Evidence,
    seed: int,
    offset: int,
    total: int,
) -> Path:
    """One phase from the model in ``start``; the folder of the model it made. By ``seed`` it takes its studies.

    ``shown`` are the studies, as they were looked at, whose drafts the page shows meanwhile.
    """
    made = folder / "model"
    if VersionFolder(made).is_version:
        return made
    torch.manual_seed(seed)
    policy = load(start, job.settings.device)
    checkpoints = folder / "checkpoints"
    last = last_checkpoint(checkpoints)
    if last:
        message = (
            f"Phase {folder.name.removeprefix('phase-')} resumes after {last[1]} of {phase.steps} steps."
        )
        job.events.record("log", "grpo", data={"message": message})
    if last and last[1] >= phase.steps:
        policy.keep_checkpoint(last[0])
    else:
        rewards = [Observed(reward) for reward in build_rewards(list(phase.rewards), evidence)]

        def collapse() -> dict[str, float]:
            """Signs that the policy has stopped to explore."""
            # A process may hold a part of a group only.
            group = math.gcd(job.config.grpo.generations, len(rewards[0].texts))
            return {"flat_groups": flat_groups(rewards, group), "duplicates": duplicates(rewards, group)}

        callbacks: list[TrainerCallback] = [
            ProgressEvents(job.events, "grpo", offset=offset, total=total, more=collapse),
            SampleEvents(
                job.events,
                rewards,
                policy,
                *shown,
                every=job.config.grpo.sample_every,
                max_new_tokens=job.config.grpo.max_new_tokens,
                offset=offset,
                total=total,
            ),
        ]
        trainer = CreditingTrainer(
            model=policy.model,
            reward_funcs=list[Callable[..., Any]](rewards),
            args=_arguments(job, phase, checkpoints, seed),
            train_dataset=dataset_of(policy, examples),
            processing_class=policy.processor,
            peft_config=policy.adapter(job.config.lora),
            callbacks=callbacks,
        )
        trainer.observed = rewards
        with policy.while_reinforcing(trainer.model):
            trainer.train(resume_from_checkpoint=str(last[0]) if last else None)
        policy.keep(trainer.model)
    if is_first():
        policy.save(made)
        shutil.rmtree(checkpoints, ignore_errors=True)
    wait_for(VersionFolder(made).last_written)
    return made


def _undecided_of(
    job: Job,
    folder: Path,
    policy: Policy,
    examples: list[Example],
    seen: Seen,
) -> set[str]:
    """Their keys; found once and kept: all processes, and a stage that resumes, must draw on the same studies."""
    kept = folder / "undecided.json"
    if is_first() and not kept.exists():
        differs = undecided(
            policy,
            examples,
            seen,
            max_new_tokens=job.config.grpo.max_new_tokens,
            temperature=job.config.grpo.temperature,
            seed=job.config.seed,
        )
        write_json(kept, [one.key for one, differ in zip(examples, differs, strict=True) if differ])
    wait_for(kept)
    return set(read_json(kept))


def run(job: Job) -> Reinforced:
    """Reinforce what the stages before have made, phase after phase."""
    folder = job.folder.stage("grpo")
    frozen = snapshot.load(job)
    start = job.model_before("grpo")
    policy = load(start, job.settings.device)
    signed, unread = frozen.examples(policy.side), frozen.unread_examples(policy.side)
    first = REINFORCED_SEEDS + random.Random(job.config.seed).randrange(1_000_000)
    plain = PhantomStudies.beside(policy.version, policy.side, policy.profile).plain(
        first, job.config.grpo.phantoms
    )
    drawn = in_the_readers_words(plain, signed, policy.profile)
    examples = frozen.to_reward(signed) + drawn + unread
    message = (
        f"Looks at {len(examples)} studies, and for those of which the model says now this and now that."
    )
    job.events.record("log", "grpo", data={"message": message})
    if not policy.abilities.findings and any("consistency" in one.rewards for one in job.config.phases):
        message = "This model tells no findings of an image, so the reward “consistency” says nothing."
        job.events.record("log", "grpo", data={"message": message})
    seen = policy.look(examples, to_learn=True)
    differ = _undecided_of(job, folder, policy, examples, seen)
    profile = policy.profile
    del policy
    lengths = [len((example.reference or "").split()) for example in signed]
    evidence = Evidence(
        probabilities=dict(zip([one.key for one in examples], seen.probabilities or [], strict=False)),
        scorer=_scorer(job),
        profile=profile,
        usual_words=(min(lengths), max(lengths)),
        metrics=judged_by.rewarded(job),
    )
    shown = (signed[:_SHOWN], seen.pick(range(len(signed[:_SHOWN]))))
    phases = job.config.phases
    total, offset = sum(phase.steps for phase in phases), 0
    for number, phase in enumerate(phases, 1):
        speaks_of_all = bool(SPEAK_OF_UNREAD & set(phase.rewards))
        judged = [one for one in examples if speaks_of_all or one.reference]
        if not judged:
            raise NotEnoughReadings(
                f"Phase {number} rewards {', '.join(phase.rewards)} alone, and of no signed report could the rules "
                "read half. Sign readings in words that they know, or reward consistency or preference too."
            )
        chosen = [example for example in judged if example.key in differ]
        if len(chosen) < job.config.grpo.studies_per_step:  # too few to fill a step
            chosen = judged
        made = folder / f"phase-{number}"
        seed = 1000 * job.config.seed + number
        start = _train_phase(job, phase, start, made, chosen, shown, evidence, seed, offset, total)
        offset += phase.steps
    return Reinforced(
        model=Path(os.path.relpath(start, job.folder.path)).as_posix(),
        steps=total,
        phases=len(phases),
        studies=len(signed),
        unread=len(unread),
        undecided=len(differ),
    )


def _scorer(job: Job) -> PreferenceScorer | None:
    """The preference model where the job fits one."""
    if "preference" not in job.config.learn:
        return None
    return PreferenceScorer.load(job.folder.path / "preference" / "scorer.json")
