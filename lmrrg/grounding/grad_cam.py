"""Grad-CAM of a sentence: where the grid must have been otherwise for its words to become less likely.

The second opinion on the sentence map (``evidence``), which shows where the decoder looked. Selvaraju et al., ICCV
2017, by the package ``grad-cam``; the target is the summed log-probability of the sentence's tokens, and the
gradient flows tokens → regions → grid. The layer is the convolution that makes the one feature grid out of the
vision backbone's maps: everything that the decoder learns of the image passes it, it is laid out in rows and
columns whatever the backbone is (a plain ViT needs no reshaping of its own), and it has the grid of the region maps.

Knows token ids and the model's square, not the original image. Measured by ``faithfulness``.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import torch
from numpy.typing import NDArray
from pytorch_grad_cam import GradCAM
from torch import Tensor, nn

from lmrrg.model import LmrrgForConditionalGeneration

# The package's hooks see every pass through the layer, whichever thread it comes from.
_HOOKED = threading.Lock()


class SentenceScores(nn.Module):
    """``pixel_values [B, c, size, size]`` → ``[B, 1]``, the summed log-probability of one sentence per row.

    Args:
        ids: ``[1, T]``, prompt and report.
        sentences: (first, past the last) token in ``ids``, one for each row of the batch; the first at least 1.
    """

    def __init__(
        self, model: LmrrgForConditionalGeneration, ids: Tensor, sentences: list[tuple[int, int]]
    ) -> None:
        super().__init__()
        self.model = model
        self.ids = ids[:, : max(last for _, last in sentences)]  # what stands after them changes nothing
        self.sentences = sentences

    def forward(self, pixel_values: Tensor) -> Tensor:
        ids = self.ids.expand(len(pixel_values), -1)
        out = self.model(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            pixel_values=pixel_values,
            use_cache=False,
        )
        logs = out.logits[:, :-1].float().log_softmax(-1).gather(2, ids[:, 1:, None])[..., 0]
        rows = [logs[row, first - 1 : last - 1].sum() for row, (first, last) in enumerate(self.sentences)]
        return torch.stack(rows)[:, None]


@contextmanager
def _frozen(model: nn.Module) -> Iterator[None]:
    """No gradients of the weights, which nobody needs here; as before afterwards."""
    learning = [parameter for parameter in model.parameters() if parameter.requires_grad]
    for parameter in learning:
        parameter.requires_grad_(False)
    try:
        yield
    finally:
        for parameter in learning:
            parameter.requires_grad_(True)


def _score(output: Tensor) -> Tensor:
    return output.sum()


def grad_cams(
    model: LmrrgForConditionalGeneration, pixel_values: Tensor, ids: Tensor, sentences: list[tuple[int, int]]
) -> list[NDArray[np.float32]]:
    """Grad-CAM of each sentence over the feature grid, float32 ``[grid rows, grid columns]`` in 0 … 1.

    One forward and one backward pass over a batch with one row per sentence. A sentence that no part of the grid
    speaks for has a map of zeros.

    Args:
        pixel_values: ``[1, c, size, size]``, normalised as the processor does.
        ids, sentences: as for ``SentenceScores``.
    """
    if not sentences:
        return []
    batch = pixel_values.detach().repeat(len(sentences), 1, 1, 1).requires_grad_(True)
    scores = SentenceScores(model, ids, sentences).eval()
    layer = model.model.region_extractor.smooth
    with _HOOKED, _frozen(model), torch.enable_grad(), _OnTheGrid(scores, [layer]) as cam:
        maps = cam(input_tensor=batch, targets=[_score] * len(sentences))
    if len(maps) != len(sentences) or not np.isfinite(maps).all():
        raise RuntimeError("Grad-CAM gave no finite map for each sentence")
    return [np.asarray(one, np.float32) for one in maps]


class _OnTheGrid(GradCAM):
    """Grad-CAM that stays on the layer's own grid: the maps are enlarged once, onto the original image."""

    def get_target_width_height(self, input_tensor: Tensor) -> tuple[int, int]:
        rows, columns = self.activations_and_grads.activations[0].shape[-2:]
        return int(columns), int(rows)
