"""Jitter moves pixels, boxes and maps alike, and never mirrors; several processes make different batches."""

from itertools import islice
from pathlib import Path

import torch

from lmrrg.model import LmrrgProcessor
from train.build_default.batches import batches, clipped_boxes, jittered, worked_batches
from train.build_default.phantom_cache import Recipe, fill


def test_a_bright_box_stays_in_its_box() -> None:
    side, cells = 128, 32
    pixels = torch.zeros(8, 1, side, side)
    pixels[:, :, 32:64, 48:80] = 1
    boxes = torch.tensor([48, 32, 32, 32]).div(side).expand(8, 29, 4)
    maps = torch.zeros(8, 29, cells, cells)
    maps[:, :, 8:16, 12:20] = 1
    moved, boxes, maps = jittered(pixels, boxes, maps, torch.Generator().manual_seed(0))
    for image, (x, y, w, h), cell in zip(moved[:, 0], boxes[:, 0], maps[:, 0], strict=True):
        rows, columns = (image > 0.5).nonzero().unbind(1)
        found = torch.tensor([columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]) / side
        assert torch.allclose(found, torch.stack([x, y, x + w, y + h]), atol=1.5 / side)
        centre = (cell * torch.arange(cells)).sum() / cell.sum()
        assert abs((centre + 0.5) / cells - (x + w / 2)) < 0.01


def test_boxes_are_cut_at_the_edge() -> None:
    box = torch.tensor([[-0.2, 0.5, 0.4, 1.0]])  # x, y, w, h: only .2 × .5 of it is in the image
    assert torch.allclose(clipped_boxes(box), torch.tensor([[0.1, 0.75, 0.2, 0.5]]))


def test_each_worker_makes_batches_of_its_own_and_they_take_turns(tiny_folder: Path, tmp_path: Path) -> None:
    cache = fill(tmp_path, Recipe(count=12, first_seed=1, size=64), workers=2)
    processor = LmrrgProcessor.from_pretrained(tiny_folder)
    alone = next(batches(cache, processor, size=2, seed=5))
    first, second = islice(worked_batches(cache, processor, size=2, seed=5, workers=2), 2)
    assert torch.equal(first.pixel_values, alone.pixel_values)
    assert not torch.equal(second.pixel_values, alone.pixel_values)
