"""Sentence → regions → map, from one teacher-forced pass over the finished text.

Knows token ids and the grid, not the original image: ``reporters`` carries boxes and maps back to its pixels.
Generation is never slowed down for it: attention is read from a single extra pass, whose cost is that of one
training forward and grows linearly with the length of the report.
"""

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lmrrg.model.modeling import LmrrgForConditionalGeneration


@dataclass(frozen=True, eq=False)
class SentenceEvidence:
    """What one sentence was written from.

    Attributes:
        region_weights: float32 ``[R]``, the share of the decoder's attention to regions, summing to 1.
        map: float32 ``[grid rows, grid columns]`` in 0 … 1.
        confidence: geometric mean of the probabilities of the sentence's tokens.
        least: the smallest of them.
    """

    region_weights: NDArray[np.float32]
    map: NDArray[np.float32]
    confidence: float
    least: float


def peak_scaled(maps: Tensor) -> Tensor:
    """Each map over the last dimension divided by its own peak, so that 1 is where it looks hardest."""
    return maps / maps.amax(-1, keepdim=True).clamp_min(1e-9)


@torch.inference_mode()
def sentence_evidence(
    model: LmrrgForConditionalGeneration,
    ids: Tensor,
    sentences: list[tuple[int, int]],
    image_tokens: Tensor,
    maps: Tensor,
    grid: tuple[int, int],
) -> list[SentenceEvidence]:
    """Evidence for each sentence of a finished report.

    Args:
        ids: ``[1, T]``, prompt and report. The decoder must run with eager attention.
        sentences: (first, past the last) token of each sentence in ``ids``; the first must be at least 1.
        image_tokens: ``[1, R + global, width]``, the encoded image.
        maps: ``[R, P]``, each region's map over ``grid``, summing to 1.

    Raises:
        RuntimeError: the decoder gave no attention.
    """
    if not sentences:
        return []
    out = model(
        input_ids=ids,
        attention_mask=torch.ones_like(ids),
        image_tokens=image_tokens,
        output_attentions=True,
        use_cache=False,
    )
    if not out.attentions:
        raise RuntimeError("the decoder gave no attention: it must run with attn_implementation='eager'")
    first_region = int((ids[0] == model.config.image_token_id).int().argmax())
    columns = slice(first_region, first_region + len(maps))
    attention = out.attentions[-1][0].float().mean(0)[:, columns]
    log_probabilities = out.logits[0, :-1].float().log_softmax(-1).gather(1, ids[0, 1:, None])[:, 0]
    scaled = peak_scaled(maps)
    evidence = []
    for first, last in sentences:
        predicting = slice(first - 1, last - 1)
        weights = attention[predicting].mean(0)
        weights = weights / weights.sum().clamp_min(1e-9)
        heat = peak_scaled(weights @ scaled)
        evidence.append(
            SentenceEvidence(
                region_weights=weights.cpu().numpy().astype(np.float32),
                map=heat.unflatten(0, grid).cpu().numpy().astype(np.float32),
                confidence=float(log_probabilities[predicting].mean().exp()),
                least=float(log_probabilities[predicting].min().exp()),
            )
        )
    return evidence
