"""ROAD tells a map of what a model looks at from a map of something else."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch

from lmrrg.grounding.faithfulness import Faithfulness, ranked, road

IDS = torch.tensor([[0, 1]])


class LooksAtTheTopLeft(torch.nn.Module):
    """Token 1 is the likelier, the brighter the top left quarter of the image is."""

    def forward(
        self, input_ids: torch.Tensor, pixel_values: torch.Tensor, **kwargs: object
    ) -> SimpleNamespace:
        half = pixel_values.shape[-1] // 2
        bright = pixel_values[:, 0, :half, :half].mean((1, 2))
        logits = torch.stack([torch.zeros_like(bright), bright], -1)
        return SimpleNamespace(logits=logits[:, None].expand(-1, input_ids.shape[1], -1))


def corner(row: int, column: int) -> np.ndarray:
    grid = np.zeros((2, 2), np.float32)
    grid[row, column] = 1
    return grid


def test_the_map_of_what_is_looked_at_is_the_more_faithful() -> None:
    # bright where the model looks, so that what is filled in from around is darker
    pixels = torch.full((1, 1, 32, 32), -2.0)
    pixels[..., 3:13, 3:13] = 5.0
    right, wrong = road(LooksAtTheTopLeft(), pixels, IDS, (1, 2), [corner(0, 0), corner(1, 1)], shares=(20,))
    assert right.most[0] < wrong.most[0] - 0.5
    assert right.combined > 0.3 > abs(wrong.combined)


def test_the_same_seed_gives_the_same() -> None:
    pixels = torch.randn(1, 1, 16, 16, generator=torch.Generator().manual_seed(0))
    first, second = (
        road(LooksAtTheTopLeft(), pixels, IDS, (1, 2), [corner(0, 1)], shares=(30,), seed=3) for _ in range(2)
    )
    assert first == second


def test_ranks_split_equal_values_at_random_and_keep_the_order_of_others() -> None:
    ranks = ranked(corner(0, 0), 10, np.random.default_rng(0))
    assert sorted(ranks.ravel()) == pytest.approx(np.linspace(0, 1, 100))
    assert ranks[:2, :2].min() > ranks[8:, 8:].max()


def test_combined_is_half_the_mean_gap() -> None:
    assert Faithfulness((10, 30), (-2.0, -4.0), (0.0, -2.0)).combined == 1.0
