"""How faithful a map is to the model: what happens to a sentence when the pixels it points at are taken away.

ROAD (Rong et al., ICML 2022, arXiv 2202.00449; the imputer is the package ``grad-cam``'s): the most relevant x % of
pixels, or the least relevant, are replaced by what their surroundings suggest, with a little noise, and the sentence
is scored again by teacher forcing. A faithful map makes its sentence much less likely when the most relevant pixels
go, and hardly less when the least relevant go.

Knows nothing of whether the map lies on the *disease*: a faithful map of a wrong model is still faithful.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import torch
from numpy.typing import NDArray
from pytorch_grad_cam.metrics.road import ROADLeastRelevantFirst, ROADMostRelevantFirst
from torch import Tensor

from lmrrg.grounding.grad_cam import SentenceScores
from lmrrg.model import LmrrgForConditionalGeneration

SHARES = (10, 30, 50)


@dataclass(frozen=True)
class Faithfulness:
    """Change of a sentence's log-probability, in nats; one value for each share of pixels that was imputed.

    Attributes:
        shares: percent of the pixels.
        most: with the most relevant pixels imputed; the lower, the more faithful.
        least: with the least relevant pixels imputed; 0 is best.
    """

    shares: tuple[int, ...]
    most: tuple[float, ...]
    least: tuple[float, ...]

    @property
    def combined(self) -> float:
        """Half the mean of least − most over the shares; a random map has 0, higher is more faithful."""
        return float(np.subtract(self.least, self.most).mean() / 2)


def ranked(grid: NDArray[np.float32], size: int, rng: np.random.Generator) -> NDArray[np.float32]:
    """A map enlarged to ``[size, size]`` with each pixel's rank in 0 … 1 for its value.

    Equal values (the zeros of a Grad-CAM) are ordered at random, so that x % of the pixels are x % for every map.
    """
    enlarged = cv2.resize(np.asarray(grid, np.float32), (size, size), interpolation=cv2.INTER_LINEAR)
    order = np.lexsort((rng.random(enlarged.size), enlarged.ravel()))
    ranks = np.empty(enlarged.size, np.float32)
    ranks[order] = np.linspace(0, 1, enlarged.size, dtype=np.float32)
    return ranks.reshape(size, size)


def road(
    model: LmrrgForConditionalGeneration,
    pixel_values: Tensor,
    ids: Tensor,
    sentence: tuple[int, int],
    maps: Sequence[NDArray[np.float32]],
    *,
    shares: tuple[int, ...] = SHARES,
    seed: int = 0,
) -> list[Faithfulness]:
    """How faithful each of several maps of one sentence is. A second or two for each map and share: for measuring.

    Args:
        pixel_values: ``[1, c, size, size]``, normalised.
        ids: ``[1, T]``, prompt and report.
        sentence: (first, past the last) token in ``ids``.
        maps: ``[grid rows, grid columns]`` each, over the square.
        seed: of the imputer's noise and of the order of equal values.
    """
    rng = np.random.default_rng(seed)
    batch = pixel_values.detach().repeat(len(maps), 1, 1, 1)
    cams = np.stack([ranked(one, pixel_values.shape[-1], rng) for one in maps])
    scores = SentenceScores(model, ids, [sentence] * len(maps)).eval()
    targets = [torch.sum] * len(maps)
    most, least = [], []
    with torch.random.fork_rng(devices=[]), warnings.catch_warnings():
        # grad-cam 1.5.7 hands a tensor to a function of numpy's, which numpy is about to refuse.
        warnings.filterwarnings("ignore", "__array_wrap__ must accept", DeprecationWarning)
        torch.manual_seed(seed)
        for share in shares:
            most.append(ROADMostRelevantFirst(100 - share)(batch, cams, targets, scores))
            least.append(ROADLeastRelevantFirst(100 - share)(batch, cams, targets, scores))
    return [
        Faithfulness(shares, tuple(float(row[k]) for row in most), tuple(float(row[k]) for row in least))
        for k in range(len(maps))
    ]
