"""Cheaper reinforcement changes nothing: each text once weighs as much."""

import torch

from train.stages.cheaper_steps import each_once


def test_a_text_that_was_sampled_twice_stands_once_with_twice_the_weight() -> None:
    batch = {
        "completion_ids": torch.tensor([[5, 6], [5, 6], [5, 6], [7, 0]]),
        "advantages": torch.tensor([[1.0, 2.0], [1.0, 2.0], [3.0, 3.0], [4.0, 0.0]]),
        "num_images": [1, 1, 2, 1],
        "num_items_in_batch": torch.tensor(7),
    }
    once = each_once(batch, group=2)
    # The third row says what the first two say, but of another study.
    assert once["completion_ids"].tolist() == [[5, 6], [5, 6], [7, 0]]
    assert once["tool_mask"].tolist() == [[2, 2], [1, 1], [1, 1]]
    assert once["advantages"].tolist() == [[1, 2], [3, 3], [4, 0]]
    assert (once["num_images"], once["num_items_in_batch"].item()) == ([1, 2, 1], 7)
    whole, kept = batch["advantages"].sum(), (once["advantages"] * once["tool_mask"]).sum()
    assert whole == kept
