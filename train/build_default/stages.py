"""Trains the default model: the region extractor first, then extractor and decoder together.

Knows how to step, log, stop and resume; what a phantom looks like is ``phantom_cache``'s business. On a CPU
with AMX, bf16 autocast with channels_last runs a step about 2.6 times as fast as float32.
"""

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_model, save_model
from torch import Tensor

from lmrrg.model import LmrrgForConditionalGeneration, LmrrgProcessor
from train.build_default.batches import Batch, worked_batches
from train.build_default.losses import evidence_loss, region_losses
from train.build_default.phantom_cache import PhantomCache

log = logging.getLogger(__name__)

REGION_WEIGHTS = {"map": 1.0, "box": 1.0, "visible": 0.5, "finding": 1.0, "significance": 0.5}
EVIDENCE_WEIGHT = 0.3


@dataclass(frozen=True)
class Stage:
    """One stretch of training.

    ``write`` adds the report to what is learned. A frozen vision tower (``freeze_vision``) saves its backward pass,
    two thirds of a step.
    """

    name: str
    steps: int
    batch_size: int
    learning_rate: float
    write: bool
    freeze_vision: bool = False
    # The parts trained before learn more slowly than the decoder that is new.
    seen_rate: float = 1.0
    warm_up: int = 150
    save_every: int = 250


def _parameter_groups(model: LmrrgForConditionalGeneration, stage: Stage) -> list[dict[str, object]]:
    groups: dict[tuple[bool, bool], list[Tensor]] = {}
    for name, parameter in model.named_parameters():
        if not parameter.requires_grad:
            continue
        seen = "region_extractor" in name
        groups.setdefault((seen, parameter.ndim > 1), []).append(parameter)
    return [
        {
            "params": parameters,
            "lr": stage.learning_rate * (stage.seen_rate if seen else 1.0),
            "weight_decay": 0.05 if matrix else 0.0,
        }
        for (seen, matrix), parameters in groups.items()
    ]


def losses(model: LmrrgForConditionalGeneration, batch: Batch, *, write: bool) -> dict[str, Tensor]:
    """Every loss of one batch by name; the report's two only where it is written."""
    regions, grid = model.model.extract_regions(batch.pixel_values)
    parts = region_losses(regions, batch)
    if write:
        out = model(
            input_ids=batch.input_ids,
            attention_mask=batch.attention_mask,
            image_tokens=model.model.image_tokens(regions, grid),
            labels=batch.labels,
            output_attentions=True,
            use_cache=False,
        )
        parts["report"] = out.loss
        parts["evidence"] = evidence_loss(out.attentions[-1].mean(1), batch, model.config.image_token_id)
    return parts


def total(parts: dict[str, Tensor]) -> Tensor:
    weights = {**REGION_WEIGHTS, "report": 1.0, "evidence": EVIDENCE_WEIGHT}
    return torch.stack([weights[name] * value for name, value in parts.items()]).sum()


Losses = Callable[..., dict[str, Tensor]]


def run(
    model: LmrrgForConditionalGeneration,
    processor: LmrrgProcessor,
    cache: PhantomCache,
    stage: Stage,
    folder: Path,
    *,
    seed: int,
    device: str,
    workers: int = 0,
    compute: Losses = losses,
) -> None:
    """Train ``model`` in place by ``compute``; resumes from ``folder`` and leaves its checkpoint there.

    ``workers`` processes make the batches (0: this one does): a processor core jitters some 200 phantoms a second, and
    an H100 learned from 1,100 to 1,280 when fifteen fed it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    model.to(device, memory_format=torch.channels_last)
    model.model.vision_tower.requires_grad_(not stage.freeze_vision)
    model.model.language_model.set_attn_implementation("eager" if stage.write else "sdpa")
    optimizer = torch.optim.AdamW(_parameter_groups(model, stage), betas=(0.9, 0.98))
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer,
        [float(group["lr"]) for group in optimizer.param_groups],
        total_steps=stage.steps + 1,
        pct_start=min(stage.warm_up / stage.steps, 0.3),
        cycle_momentum=False,
    )
    step = _resume(model, optimizer, schedule, folder, device)
    source = worked_batches(cache, processor, size=stage.batch_size, seed=seed + step, workers=workers)
    model.train()
    started, first = time.monotonic(), step
    sums: dict[str, float] = {}
    while step < stage.steps:
        batch = next(source).to(device)
        with torch.autocast(torch.device(device).type, torch.bfloat16):
            parts = compute(model, batch, write=stage.write)
        optimizer.zero_grad()
        total(parts).backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        schedule.step()
        step += 1
        for name, value in parts.items():
            sums[name] = sums.get(name, 0.0) + float(value.detach())
        if step % 50 == 0:
            rate = (step - first) * stage.batch_size / (time.monotonic() - started)
            means = {name: round(value / 50, 4) for name, value in sums.items()}
            log.info("%s %d/%d  %.1f images/s  %s", stage.name, step, stage.steps, rate, json.dumps(means))
            sums = {}
        if step % stage.save_every == 0 or step == stage.steps:
            _save(model, optimizer, schedule, step, folder)
    model.eval()
    model.model.language_model.set_attn_implementation("sdpa")


def _save(
    model: LmrrgForConditionalGeneration,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
    step: int,
    folder: Path,
) -> None:
    state = {"optimizer": optimizer.state_dict(), "schedule": schedule.state_dict(), "step": step}
    save_model(model, str(folder / "model.partial"))
    torch.save(state, folder / "state.partial")
    (folder / "model.partial").replace(folder / "model.safetensors")
    (folder / "state.partial").replace(folder / "state.pt")


def _resume(
    model: LmrrgForConditionalGeneration,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LRScheduler,
    folder: Path,
    device: str,
) -> int:
    if not (folder / "state.pt").exists():
        return 0
    state = torch.load(folder / "state.pt", map_location=device, weights_only=True)
    load_model(model, str(folder / "model.safetensors"), device=device)
    optimizer.load_state_dict(state["optimizer"])
    schedule.load_state_dict(state["schedule"])
    log.info("resuming at step %d from %s", state["step"], folder)
    return int(state["step"])
