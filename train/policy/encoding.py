"""Each image is encoded once, however many texts are written or scored for it.

As long as vision tower, region extractor and projector do not learn, an image always gives the same tokens. Here
they are computed once per study; this module does not know what the decoder does with them.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from lmrrg.model import LmrrgForConditionalGeneration, LmrrgModel, LmrrgProcessor, conversation
from train.data.examples import Example
from train.policy.base import Seen
from train.policy.precision import quicker

_BATCH = 16


@dataclass(frozen=True, slots=True, eq=False)
class Encoded(Seen):
    """Images as the decoder sees them, and what the region extractor sees in them.

    Attributes:
        tokens: ``[N, tokens per image, text width]``, on the model's device.
        findings: ``[N, F]``, each finding's probability by the region that shows it most, as in ``lmrrg.reporters``.
        maps: ``[N, R, grid rows · grid columns]``, each region's map.
        grid: (rows, columns).
    """

    tokens: Tensor
    findings: Tensor
    maps: Tensor
    grid: tuple[int, int]

    def __len__(self) -> int:
        return len(self.tokens)

    def pick(self, chosen: Sequence[int]) -> "Encoded":
        rows = list(chosen)
        return Encoded(self.tokens[rows], self.findings[rows], self.maps[rows], self.grid)

    @property
    def probabilities(self) -> list[list[float]]:
        found: list[list[float]] = self.findings.tolist()
        return found


def prompt_of(
    processor: LmrrgProcessor, indication: str = "", style: str = "", *, prior_report: str = ""
) -> str:
    """The words that ask for a report, with the image's placeholders spread out; as ``lmrrg.reporters`` asks."""
    messages = conversation(indication, prior_report=prior_report, style=style)
    prompt: str = processor.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
    return prompt.replace(processor.image_token, processor.image_token * processor.tokens_per_image)


def prompt_ids(
    processor: LmrrgProcessor, indication: str = "", style: str = "", *, prior_report: str = ""
) -> list[int]:
    """Token ids of ``prompt_of``."""
    asked = prompt_of(processor, indication, style, prior_report=prior_report)
    ids: list[int] = processor.tokenizer(asked, add_special_tokens=False)["input_ids"]
    return ids


@torch.no_grad()
def encode(
    model: LmrrgForConditionalGeneration,
    processor: LmrrgProcessor,
    examples: Sequence[Example],
    *,
    to_learn: bool = False,
) -> Encoded:
    """Each example's picture, in their order; at least one.

    What is only learned from is encoded in bf16 where that is quicker, as the steps themselves reckon; what somebody
    is shown or a version is judged by never is.
    """
    was_training = model.training
    model.eval()
    tokens, findings, maps = [], [], []
    for start in range(0, len(examples), _BATCH):
        pictures = [example.picture for example in examples[start : start + _BATCH]]
        pixels = processor.image_processor(images=pictures, return_tensors="pt")["pixel_values"]
        pixels = pixels.to(model.device, memory_format=torch.channels_last)  # as convolutions are quickest
        with quicker(model.device) if to_learn else nullcontext():
            regions, grid = model.model.extract_regions(pixels)
            tokens.append(model.model.image_tokens(regions, grid).to(model.dtype))
        findings.append(regions.image_findings(model.profile).float().cpu())
        maps.append(regions.maps.float().cpu())
    model.train(was_training)
    return Encoded(torch.cat(tokens), torch.cat(findings), torch.cat(maps), regions.grid)


class _TokenMemory:
    """Stands before the inner model: pixels seen before are replaced by their tokens."""

    def __init__(self) -> None:
        self.known: dict[bytes, Tensor] = {}

    @torch.no_grad()
    def __call__(
        self, inner: LmrrgModel, arguments: tuple[Any, ...], named: dict[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        pixels: Tensor | None = named.get("pixel_values")
        if pixels is None:
            return arguments, named
        keys = [hashlib.blake2b(row.contiguous().cpu().numpy().tobytes()).digest() for row in pixels]
        fresh = {key: index for index, key in enumerate(keys) if key not in self.known}
        if fresh:
            regions, grid = inner.extract_regions(pixels[list(fresh.values())])
            for key, tokens in zip(fresh, inner.image_tokens(regions, grid), strict=True):
                self.known[key] = tokens
        tokens = torch.stack([self.known[key] for key in keys])
        return arguments, {**named, "pixel_values": None, "image_tokens": tokens}


@contextmanager
def encoded_once(model: LmrrgForConditionalGeneration) -> Iterator[None]:
    """While open, ``model`` encodes each distinct image once. Only for a model whose image side does not learn."""
    handle = model.model.register_forward_pre_hook(_TokenMemory(), with_kwargs=True)
    try:
        yield
    finally:
        handle.remove()
