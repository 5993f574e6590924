"""Grad-CAM of sentences: finite, on the grid, and nothing left behind in the model."""

from pathlib import Path

import numpy as np
import pytest
import torch
from transformers import LlamaConfig, ViTConfig

from lmrrg.grounding.grad_cam import SentenceScores, grad_cams
from lmrrg.model import LmrrgConfig, LmrrgForConditionalGeneration

IDS = torch.tensor([[1, *[4] * 33, *range(20, 40)]])
SENTENCES = [(35, 42), (42, 54)]


@pytest.fixture(scope="module")
def tiny(tiny_folder: Path) -> LmrrgForConditionalGeneration:
    return LmrrgForConditionalGeneration.from_pretrained(tiny_folder).eval()


@pytest.fixture
def pixels() -> torch.Tensor:
    return torch.randn(1, 1, 64, 64, generator=torch.Generator().manual_seed(0))


def test_one_map_on_the_grid_for_each_sentence(tiny: LmrrgForConditionalGeneration, pixels) -> None:
    maps = grad_cams(tiny, pixels, IDS, SENTENCES)
    assert [m.shape for m in maps] == [(4, 4), (4, 4)]
    for one in maps:
        assert one.min() == 0
        assert one.max() == pytest.approx(1, abs=1e-3)
    assert not np.allclose(*maps)


def test_no_hook_stays_and_weights_learn_as_before(tiny: LmrrgForConditionalGeneration, pixels) -> None:
    learning = [p.requires_grad for p in tiny.parameters()]
    grad_cams(tiny, pixels, IDS, SENTENCES)
    assert not any(module._forward_hooks or module._backward_hooks for module in tiny.modules())
    assert [p.requires_grad for p in tiny.parameters()] == learning
    assert all(p.grad is None for p in tiny.parameters())


def test_hooks_are_released_after_a_failure_too(tiny: LmrrgForConditionalGeneration, pixels) -> None:
    with pytest.raises(ValueError, match="image placeholders"):
        grad_cams(tiny, pixels, IDS[:, 5:], [(30, 40)])
    assert not any(module._forward_hooks for module in tiny.modules())


def test_a_score_is_the_log_probability_of_the_sentence(tiny: LmrrgForConditionalGeneration, pixels) -> None:
    with torch.no_grad():
        logits = tiny(input_ids=IDS, attention_mask=torch.ones_like(IDS), pixel_values=pixels).logits[0]
        expected = sum(logits[k - 1].log_softmax(-1)[IDS[0, k]] for k in range(35, 42))
        score = SentenceScores(tiny, IDS, SENTENCES[:1])(pixels)
    assert score.shape == (1, 1)
    assert float(score) == pytest.approx(float(expected), rel=1e-4)


def test_a_report_without_sentences_has_no_maps(tiny: LmrrgForConditionalGeneration, pixels) -> None:
    assert grad_cams(tiny, pixels, IDS, []) == []


def test_a_plain_vision_transformer_works_alike(tiny: LmrrgForConditionalGeneration, pixels) -> None:
    config = LmrrgConfig(
        vision_config=ViTConfig(
            hidden_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            intermediate_size=16,
            image_size=64,
            patch_size=16,
            num_channels=1,
        ),
        text_config=LlamaConfig(
            vocab_size=400,
            hidden_size=16,
            intermediate_size=16,
            num_hidden_layers=1,
            num_attention_heads=2,
            pad_token_id=0,
        ),
        region_description_ids=tiny.config.region_description_ids,
        region_dim=16,
        region_layers=1,
        region_heads=2,
        image_size=64,
    )
    torch.manual_seed(0)
    model = LmrrgForConditionalGeneration(config).eval()
    maps = grad_cams(model, pixels, IDS, SENTENCES)
    assert [m.shape for m in maps] == [(4, 4), (4, 4)]
    assert all(np.isfinite(m).all() for m in maps)
