"""The native model's sampled texts made cheaper, without a change to what is sampled.

Knows nothing about rewards, studies or trainers.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from peft import PeftModel
from transformers import GenerationConfig

from train.policy.sampling import sample


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
