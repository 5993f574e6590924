"""Adapters go onto the linear layers of the decoder and nowhere else, whatever the layers are called."""

import pytest
from transformers import (
    CLIPVisionConfig,
    GPT2Config,
    GPT2LMHeadModel,
    LlamaConfig,
    LlamaModel,
    LlavaConfig,
    LlavaForConditionalGeneration,
    Phi3Config,
)

from lmrrg.model import LmrrgForConditionalGeneration
from lmrrg.reporters.registry import DEFAULT_FOLDER
from train.policy.adapted_layers import NoDecoder, linear_layers

EYES = CLIPVisionConfig(
    hidden_size=8,
    intermediate_size=8,
    num_hidden_layers=1,
    num_attention_heads=1,
    image_size=28,
    patch_size=14,
)
LLAMA = LlamaConfig(
    vocab_size=20, hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=1
)
PHI3 = Phi3Config(
    vocab_size=20,
    hidden_size=8,
    intermediate_size=8,
    num_hidden_layers=1,
    num_attention_heads=1,
    pad_token_id=0,
)


@pytest.mark.parametrize(
    ("words", "layers"),
    [
        (
            LLAMA,
            {f"layers.0.self_attn.{name}_proj" for name in "qkvo"}
            | {f"layers.0.mlp.{name}_proj" for name in ("gate", "up", "down")},
        ),
        (
            PHI3,
            {f"layers.0.self_attn.{name}" for name in ("qkv_proj", "o_proj")}
            | {f"layers.0.mlp.{name}" for name in ("gate_up_proj", "down_proj")},
        ),
    ],
)
def test_the_linear_layers_of_the_decoder_alone(words, layers) -> None:
    model = LlavaForConditionalGeneration(LlavaConfig(vision_config=EYES, text_config=words))
    assert set(linear_layers(model)) == {f"model.language_model.{layer}" for layer in layers}


def test_layers_that_are_no_linear_class_but_linear() -> None:
    model = GPT2LMHeadModel(GPT2Config(vocab_size=20, n_embd=8, n_layer=1, n_head=1, n_positions=16))
    names = ("attn.c_attn", "attn.c_proj", "mlp.c_fc", "mlp.c_proj")
    assert set(linear_layers(model)) == {f"transformer.h.0.{name}" for name in names}


def test_of_the_model_that_comes_with_the_program() -> None:
    model = LmrrgForConditionalGeneration.from_pretrained(DEFAULT_FOLDER)
    layers = linear_layers(model)
    assert {layer.rpartition(".")[2] for layer in layers} == {
        *("q_proj", "k_proj", "v_proj", "o_proj"),
        *("gate_proj", "up_proj", "down_proj"),
    }
    assert all(layer.startswith("model.language_model.layers.") for layer in layers)


def test_a_model_that_is_all_decoder_says_so() -> None:
    with pytest.raises(NoDecoder, match=r"LlamaModel .* lora\.targets"):
        linear_layers(LlamaModel(LLAMA))
