"""How trainers run on this machine: its precision, and reinforcement made cheaper without a change to what it learns.

Knows nothing about rewards or studies.
"""

import math
from typing import Any

import torch

from train.policy.precision import in_bf16


def step_arguments(device: str) -> dict[str, Any]:
    """What all trainers are given: bf16 where that is quicker, pinned memory on a GPU, no reports to others."""
    on_gpu = device.startswith("cuda")
    return {
        "use_cpu": not on_gpu,
        "bf16": in_bf16(device),
        "dataloader_pin_memory": on_gpu,
        "report_to": "none",
        "disable_tqdm": True,
        "logging_steps": 1,
    }


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
