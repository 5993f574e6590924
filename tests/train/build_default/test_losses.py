"""The losses of the default model, on cases worked out by hand."""

import math

import pytest
import torch

from train.build_default.batches import Batch
from train.build_default.losses import evidence_loss, iou

IMAGE = 4


def test_iou_of_two_half_overlapping_squares() -> None:
    a = torch.tensor([0.25, 0.25, 0.5, 0.5])  # left, top, right, bottom: 0, 0, .5, .5
    b = torch.tensor([0.5, 0.25, 0.5, 0.5])  # .25, 0, .75, .5
    ratio, generalised = iou(a, b)
    assert ratio == pytest.approx(1 / 3)
    assert generalised == pytest.approx(1 / 3)  # the hull is the union


def test_generalised_iou_of_boxes_apart_is_negative() -> None:
    a, b = torch.tensor([0.1, 0.5, 0.2, 1.0]), torch.tensor([0.9, 0.5, 0.2, 1.0])
    ratio, generalised = iou(a, b)
    assert ratio == 0
    assert generalised == pytest.approx(-0.6)  # hull 1, union .4


def one_token_batch(behind: list[int]) -> Batch:
    ids = torch.tensor([[IMAGE] * 29 + [7]])
    regions = torch.zeros(1, 30, 29)
    regions[0, 29, behind] = 1
    labels = torch.full((1, 30), -100)
    labels[0, 29] = 7
    empty = torch.empty(0)
    return Batch(empty, empty, empty, empty, empty, empty, ids, torch.ones_like(ids), labels, regions)


def attention_to(regions: dict[int, float]) -> torch.Tensor:
    attention = torch.zeros(1, 30, 30)
    for region, share in regions.items():
        attention[0, 28, region] = share  # the row before the token predicts it
    return attention


@pytest.mark.parametrize(
    ("behind", "looked_at", "expected"),
    [
        ([3], {3: 0.2}, 0.0),  # what goes to other tokens does not matter
        ([3], {3: 0.1, 5: 0.1}, math.log(2)),
        ([0, 8], {0: 0.3, 8: 0.3}, 0.0),
        (
            [0, 8],
            {0: 0.9, 8: 0.1},
            -(math.log(0.9) + math.log(0.1)) / 2 - math.log(2),
        ),  # both must be looked at
    ],
)
def test_evidence(behind: list[int], looked_at: dict[int, float], expected: float) -> None:
    loss = evidence_loss(attention_to(looked_at), one_token_batch(behind), IMAGE)
    assert loss.item() == pytest.approx(expected, abs=1e-5)
