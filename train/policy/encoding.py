"""Each image is encoded once, however many texts are written or scored for it.

As long as vision tower, region extractor and projector do not learn, an image always gives the same tokens. Here
they are computed once per study; what the decoder does with them is not known here.
"""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from lmrrg.model import LmrrgForConditionalGeneration, LmrrgModel, LmrrgProcessor, conversation
from lmrrg.model.region_extractor import RegionFeatures
from train.data.examples import Example
from train.policy.precision import quicker

_BATCH = 16


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """Images as the decoder sees them.

    Attributes:
        tokens: ``[N, tokens per image, text width]``.
        probabilities: ``[N, 14]``, each finding's probability by the region that shows it most, as in
            ``lmrrg.reporters``.
    """

    tokens: Tensor
    probabilities: Tensor


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
def look(
    model: LmrrgForConditionalGeneration, processor: LmrrgProcessor, examples: Sequence[Example]
) -> tuple[Tensor, RegionFeatures]:
    """One batch of pictures as the decoder sees them, ``[B, tokens per image, text width]``, and their regions."""
    was_training = model.training
    model.eval()
    pictures = [example.picture for example in examples]
    pixels = processor.image_processor(images=pictures, return_tensors="pt")["pixel_values"]
    pixels = pixels.to(model.device, memory_format=torch.channels_last)  # as convolutions are quickest
    regions, grid = model.model.extract_regions(pixels)
    model.train(was_training)
    return model.model.image_tokens(regions, grid), regions


@torch.no_grad()
def encode(
    model: LmrrgForConditionalGeneration,
    processor: LmrrgProcessor,
    examples: Sequence[Example],
    *,
    to_learn: bool = False,
) -> Encoded:
    """Tokens and finding probabilities of each example's picture, in their order, on the model's device.

    What is only learned from is encoded in bf16 where that is quicker, as the steps themselves reckon; what somebody
    is shown or a version is judged by never is.
    """
    tokens, probabilities = [], []
    for start in range(0, len(examples), _BATCH):
        with quicker(model.device) if to_learn else nullcontext():
            seen, regions = look(model, processor, examples[start : start + _BATCH])
        tokens.append(seen.to(model.dtype))
        probabilities.append(regions.image_findings.cpu())
    return Encoded(torch.cat(tokens), torch.cat(probabilities))


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
