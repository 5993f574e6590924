"""Batches for training: phantoms jittered on the fly, reports as tokens with the regions behind each token.

Knows nothing about losses. Jitter is a shift, a scale of each axis and a change of exposure, so that boxes move exactly
with the pixels; never a mirror image, since left and right must be learned.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.data import DataLoader, IterableDataset, get_worker_info
from transformers import PreTrainedTokenizerBase

from lmrrg.model import LmrrgProcessor
from lmrrg.model.processing import equalised
from train.build_default.phantom_cache import PhantomCache, Texts
from train.policy.encoding import prompt_ids

# Said in the prompt of some reports so that an indication does not surprise the decoder.
INDICATIONS = (
    "Cough.",
    "Shortness of breath.",
    "Chest pain.",
    "Fever.",
    "Preoperative evaluation.",
    "Follow up.",
)
MAP_SIDE = 32
# Shares of reports asked for in another style by name, and with an indication.
STYLED, INDICATED = 0.35, 0.3
_WORKERS_APART = 1_000_003  # between the seeds of two workers


@dataclass
class Batch:
    """B phantoms; T tokens.

    Attributes:
        pixel_values: ``[B, 1, size, size]``, normalised.
        boxes: ``[B, R, 4]`` (x centre, y centre, width, height) in 0 … 1, cut at the image's edge.
        visible: ``[B, R]`` 0 or 1.
        maps: ``[B, R, 32 · 32]``, each visible region's support summing to 1.
        findings: ``[B, R, F]`` 0 or 1.
        significant: ``[B, R]`` 0 or 1: there is something to tell of the region.
        input_ids, attention_mask, labels: ``[B, T]``; labels are −100 before the report and in the padding.
        token_regions: ``[B, T, R]``, 1 for the regions of the sentence that a token belongs to.
    """

    pixel_values: Tensor
    boxes: Tensor
    visible: Tensor
    maps: Tensor
    findings: Tensor
    significant: Tensor
    input_ids: Tensor
    attention_mask: Tensor
    labels: Tensor
    token_regions: Tensor

    def to(self, device: str) -> "Batch":
        return Batch(**{name: value.to(device, non_blocking=True) for name, value in vars(self).items()})


class ReportTokens:
    """Turns a phantom's texts into prompt + report ids with the regions behind each token."""

    def __init__(self, processor: LmrrgProcessor) -> None:
        self.processor = processor
        self.tokenizer: PreTrainedTokenizerBase = processor.tokenizer

    def __call__(self, texts: Texts, rng: np.random.Generator) -> tuple[list[int], int, list[list[int]]]:
        """Ids, the length of the prompt, and for each id the regions of its sentence (empty in the prompt).

        Without a style in the prompt the house style is written; a prior is given in any style.
        """
        styled = bool(rng.random() < STYLED)
        indication = INDICATIONS[int(rng.integers(len(INDICATIONS)))] if rng.random() < INDICATED else ""
        prior = texts.prior[int(rng.integers(len(texts.prior)))] if texts.prior else ""
        prompt = prompt_ids(self.processor, indication, texts.style if styled else "", prior_report=prior)
        ids = list(prompt)
        regions: list[list[int]] = [[] for _ in prompt]
        for index, (text, behind) in enumerate(texts.styled if styled else texts.house):
            new = self.tokenizer(text if index == 0 else " " + text, add_special_tokens=False)["input_ids"]
            ids += new
            regions += [behind] * len(new)
        return [*ids, int(self.tokenizer.eos_token_id)], len(prompt), [*regions, []]


def jittered(
    pixels: Tensor, boxes: Tensor, maps: Tensor, generator: torch.Generator
) -> tuple[Tensor, Tensor, Tensor]:
    """Shift and scale alike: ``pixels [B, 1, s, s]``, ``boxes [B, R, 4]`` (xywh, 0 … 1), ``maps [B, R, 32, 32]``."""
    n = len(pixels)
    scale = 1 + (torch.rand(n, 1, generator=generator) - 0.5) * 0.24
    scale = scale * (1 + (torch.rand(n, 2, generator=generator) - 0.5) * 0.14)  # [B, 2] for x and y
    shift = (torch.rand(n, 2, generator=generator) - 0.5) * 0.16
    # affine_grid maps output to input: input = out / scale − shift, in units where the image spans −1 … 1
    theta = torch.zeros(n, 2, 3)
    theta[:, 0, 0], theta[:, 1, 1] = 1 / scale[:, 0], 1 / scale[:, 1]
    theta[:, :, 2] = -shift
    moved = _sampled(pixels, theta)
    maps = _sampled(maps, theta)
    corner, extent = boxes[..., :2], boxes[..., 2:]
    s = scale[:, None]
    corner = ((2 * corner - 1 + shift[:, None]) * s + 1) / 2
    return moved, torch.cat([corner, extent * s], -1), maps


def _sampled(images: Tensor, theta: Tensor) -> Tensor:
    grid = torch.nn.functional.affine_grid(theta, list(images.shape), align_corners=False)
    return torch.nn.functional.grid_sample(images, grid, align_corners=False)


def exposed(pixels: Tensor, generator: torch.Generator) -> Tensor:
    """Change gamma, contrast, brightness and noise of ``pixels [B, 1, s, s]`` in 0 … 1."""
    n = len(pixels)

    def uniform(low: float, high: float) -> Tensor:
        return low + (high - low) * torch.rand(n, 1, 1, 1, generator=generator)

    pixels = pixels.clamp(0, 1) ** uniform(0.7, 1.4)
    pixels = pixels * uniform(0.8, 1.1) + uniform(-0.06, 0.06)
    return (pixels + torch.randn(pixels.shape, generator=generator) * uniform(0, 0.03)).clamp(0, 1)


def clipped_boxes(boxes: Tensor) -> Tensor:
    """(x, y, w, h) → (x centre, y centre, w, h), cut at the image's edge."""
    low = boxes[..., :2].clamp(0, 1)
    high = (boxes[..., :2] + boxes[..., 2:]).clamp(0, 1)
    return torch.cat([(low + high) / 2, high - low], -1)


def batches(
    cache: PhantomCache, processor: LmrrgProcessor, *, size: int, seed: int, jitter: bool = True
) -> Iterator[Batch]:
    """Endless batches of ``size`` phantoms in an order drawn from ``seed``.

    Studies with a prior have long prompts and come in batches of their own, so that no others are padded to them.
    """
    rng = np.random.default_rng(seed)
    generator = torch.Generator().manual_seed(seed)
    tokens = ReportTokens(processor)
    followed = np.array([bool(texts.prior) for texts in cache.reports])
    while True:
        chunks = []
        for kind in (np.flatnonzero(followed), np.flatnonzero(~followed)):
            order = rng.permutation(kind)
            chunks += [order[start : start + size] for start in range(0, len(order) - size + 1, size)]
        for chunk in rng.permutation(len(chunks)):
            yield collate(cache, chunks[chunk], processor, tokens, rng, generator, jitter=jitter)


class _Batches(IterableDataset[Batch]):
    """``batches`` for a loader's worker, each in an order of its own."""

    def __init__(self, make: Callable[..., Iterator[Batch]], seed: int) -> None:
        self.make, self.seed = make, seed

    def __iter__(self) -> Iterator[Batch]:
        worker = get_worker_info()
        return self.make(seed=self.seed + _WORKERS_APART * (worker.id if worker else 0))


def worked_batches(
    cache: PhantomCache, processor: LmrrgProcessor, *, size: int, seed: int, workers: int
) -> Iterator[Batch]:
    """``batches`` made by ``workers`` processes in turn, each in an order of its own; 0: by this process."""
    made = _Batches(partial(batches, cache, processor, size=size), seed)
    return iter(DataLoader(made, batch_size=None, num_workers=workers)) if workers else iter(made)


def collate(
    cache: PhantomCache,
    indices: Any,
    processor: LmrrgProcessor,
    tokens: ReportTokens,
    rng: np.random.Generator,
    generator: torch.Generator,
    *,
    jitter: bool,
) -> Batch:
    indices = np.sort(indices)
    pixels = torch.from_numpy(cache.pixels[indices].astype(np.float32) / 255)[:, None]
    boxes = torch.from_numpy(cache.boxes[indices])
    bits = np.unpackbits(cache.region_maps[indices], axis=-1, count=MAP_SIDE * MAP_SIDE)
    maps = torch.from_numpy(bits.astype(np.float32)).unflatten(-1, (MAP_SIDE, MAP_SIDE))
    visible = torch.from_numpy(cache.visible[indices].astype(np.float32))
    if jitter:
        pixels, boxes, maps = jittered(pixels, boxes, maps, generator)
        pixels = exposed(pixels, generator)
        centre = boxes[..., :2] + boxes[..., 2:] / 2
        visible = visible * ((centre > 0) & (centre < 1)).all(-1)
    pixels = torch.from_numpy(np.stack([equalised(square) for square in pixels[:, 0].numpy()]))[:, None]
    mass = maps.flatten(2).sum(-1, keepdim=True)
    visible = visible * (mass.squeeze(-1) > 0)
    image = processor.image_processor
    rows = [tokens(cache.reports[i], rng) for i in indices]
    longest = max(len(ids) for ids, _, _ in rows)
    shape = (len(rows), longest)
    input_ids = torch.full(shape, int(processor.tokenizer.pad_token_id))
    labels = torch.full(shape, -100)
    token_regions = torch.zeros(*shape, cache.boxes.shape[1])
    attention_mask = torch.zeros(shape, dtype=torch.long)
    for row, (ids, prompt_length, behind) in enumerate(rows):
        input_ids[row, : len(ids)] = torch.tensor(ids)
        attention_mask[row, : len(ids)] = 1
        labels[row, prompt_length : len(ids)] = input_ids[row, prompt_length : len(ids)]
        for column, regions in enumerate(behind):
            token_regions[row, column, regions] = 1
    return Batch(
        pixel_values=(pixels - image.image_mean[0]) / image.image_std[0],
        boxes=clipped_boxes(boxes),
        visible=visible,
        maps=maps.flatten(2) / mass.clamp_min(1e-6),
        findings=torch.from_numpy(cache.region_findings[indices].astype(np.float32)),
        significant=torch.from_numpy(cache.significant[indices].astype(np.float32)),
        input_ids=input_ids,
        attention_mask=attention_mask,
        labels=labels,
        token_regions=token_regions,
    )
