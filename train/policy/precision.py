"""The precision that training computes in: bf16 where the device multiplies in it, float32 elsewhere."""

import torch


def in_bf16(device: str) -> bool:
    """Whether bf16 is quicker there. Without instructions for it a processor imitates it at many times the cost."""
    processor = torch.cpu.get_capabilities()
    multiplies = processor.get("avx512_bf16", False) or processor.get("amx_bf16", False)
    return device.startswith("cuda") or bool(multiplies)


def quicker(device: torch.device) -> torch.autocast:
    """While open, what is multiplied on ``device`` is multiplied in bf16, where that is quicker."""
    return torch.autocast(device.type, torch.bfloat16, enabled=in_bf16(device.type))
