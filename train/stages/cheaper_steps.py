"""How trainers run on this machine: its precision, and reinforcement made cheaper without a change to what it learns.

Knows no reward and no study.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from peft import PeftModel
from transformers import GenerationConfig

from train.policy.precision import in_bf16
from train.policy.sampling import sample


def step_arguments(device: str) -> dict[str, Any]:
    """What every trainer is told alike: bf16 where that is quicker, pinned memory on a GPU, no reports to others."""
    on_gpu = device.startswith("cuda")
    return {
        "use_cpu": not on_gpu,
        "bf16": in_bf16(device),
        "dataloader_pin_memory": on_gpu,
        "report_to": "none",
        "disable_tqdm": True,
        "logging_steps": 1,
    }


@contextmanager
def _generating(model: PeftModel, generate: Callable[..., Any]) -> Iterator[None]:
    """While open, ``generate`` stands in for the model's own."""
    before = vars(model).get("generate")
    model.generate = generate
    try:
        yield
    finally:
        del model.generate
        if before is not None:
            model.generate = before


@contextmanager
def merged_while_writing(model: PeftModel) -> Iterator[None]:
    """While open, ``generate`` runs with the adapters merged into the weights, which are put back exactly afterwards.

    On a processor small adapter matrices cost as much as the weights that they change; a report takes some eighty
    passes through them. On a GPU their cost vanishes, and a second copy of large weights would not fit: leave it.
    """
    generate = model.generate
    weights = {
        name: module.base_layer.weight for name, module in model.named_modules() if hasattr(module, "lora_A")
    }
    kept = {name: weight.detach().clone() for name, weight in weights.items()}

    def fast(*given: Any, **named: Any) -> Any:
        model.merge_adapter()
        try:
            return generate(*given, **named)
        finally:
            model.unmerge_adapter()
            # Adding and subtracting leaves a rounding error behind, which would grow from step to step.
            with torch.no_grad():
                for name, weight in weights.items():
                    weight.copy_(kept[name])

    with _generating(model, fast):
        yield


@contextmanager
def beginnings_written_once(model: PeftModel) -> Iterator[None]:
    """While open, ``generate`` samples as ``train.policy.sampling`` does, by the configuration that it is given."""

    def generate(*, generation_config: GenerationConfig, **asked: Any) -> torch.Tensor:
        ends = generation_config.eos_token_id
        return sample(
            model.get_base_model(),
            **asked,
            max_new_tokens=generation_config.max_new_tokens,
            temperature=generation_config.temperature,
            ends=ends if isinstance(ends, list) else [ends],
            padding=generation_config.pad_token_id,
            suppressed=generation_config.suppress_tokens or (),
        )

    with _generating(model, generate):
        yield


def each_once(batch: dict[str, Any], group: int) -> dict[str, Any]:
    """A scored batch of TRL's in which a text sampled several times for a study stands once and weighs as much.

    ``group`` rows belong to each study. ``tool_mask``, by which TRL multiplies each token's loss, carries how often a
    text was sampled, so loss and gradient are those of the whole batch. At low temperatures half of the texts repeat
    another of their group.
    """
    ids = batch["completion_ids"]
    group = math.gcd(group, len(ids))  # a process may hold a part of a group only
    times: dict[tuple[int, bytes], list[int]] = {}
    for row, text in enumerate(ids.cpu().numpy()):
        times.setdefault((row // group, text.tobytes()), []).append(row)
    chosen = [rows[0] for rows in times.values()]

    def pick(value: Any) -> Any:
        if isinstance(value, torch.Tensor):
            return value[chosen] if value.ndim else value
        return [value[row] for row in chosen] if isinstance(value, list) else value

    weights = torch.tensor([len(rows) for rows in times.values()], device=ids.device)
    picked = {name: pick(value) for name, value in batch.items()}
    return {**picked, "tool_mask": weights[:, None].expand_as(picked["completion_ids"])}
