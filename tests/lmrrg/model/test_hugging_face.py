"""The model behaves as any other of Hugging Face's: save, load, generate with and without cache, PEFT."""

from pathlib import Path

import numpy as np
import pytest
import torch
from peft import LoraConfig, get_peft_model
from PIL import Image
from transformers import (
    AutoModelForImageTextToText,
    AutoProcessor,
    AutoTokenizer,
    ConvNextConfig,
    GPT2Config,
    LlamaConfig,
    Qwen2Config,
    ResNetConfig,
    ViTConfig,
)

from lmrrg.model import LmrrgConfig, LmrrgForConditionalGeneration, LmrrgProcessor, conversation
from lmrrg.model.processing import describe_regions

RADIOGRAPH = Image.fromarray((np.random.default_rng(0).random((80, 60)) * 255).astype(np.uint8))


def asked(processor: LmrrgProcessor, image: Image.Image = RADIOGRAPH) -> dict[str, torch.Tensor]:
    prompt = processor.apply_chat_template(conversation(), add_generation_prompt=True, tokenize=False)
    return dict(processor(images=[image], text=[prompt], return_tensors="pt", add_special_tokens=False))


def written(model: torch.nn.Module, inputs: dict[str, torch.Tensor], **options: object) -> torch.Tensor:
    ids: torch.Tensor = model.generate(
        **inputs, max_new_tokens=12, min_new_tokens=12, do_sample=False, **options
    )
    return ids


@pytest.fixture
def tiny(tiny_folder: Path) -> tuple[LmrrgForConditionalGeneration, LmrrgProcessor]:
    model = AutoModelForImageTextToText.from_pretrained(tiny_folder).eval()
    return model, AutoProcessor.from_pretrained(tiny_folder)


def test_a_saved_model_writes_the_same(tiny, tmp_path) -> None:
    model, processor = tiny
    model.save_pretrained(tmp_path)
    again = LmrrgForConditionalGeneration.from_pretrained(tmp_path).eval()
    inputs = asked(processor)
    assert torch.equal(written(model, inputs), written(again, inputs))


def test_the_cache_changes_nothing(tiny) -> None:
    model, processor = tiny
    inputs = asked(processor)
    assert torch.equal(written(model, inputs), written(model, inputs, use_cache=False))


def test_an_image_encoded_before_writes_the_same(tiny) -> None:
    model, processor = tiny
    inputs = asked(processor)
    expected = written(model, inputs)
    with torch.inference_mode():
        tokens = model.model.image_tokens(*model.model.extract_regions(inputs.pop("pixel_values")))
    assert torch.equal(written(model, {**inputs, "image_tokens": tokens}), expected)


def test_the_image_matters(tiny) -> None:
    model, processor = tiny
    black, noise = (
        model(**asked(processor, i)).logits[0, -1] for i in (Image.new("L", (60, 80)), RADIOGRAPH)
    )
    assert not torch.allclose(black, noise)


def test_a_prompt_takes_one_placeholder_per_region_and_global_token(tiny) -> None:
    model, processor = tiny
    inputs = asked(processor)
    assert int((inputs["input_ids"] == model.config.image_token_id).sum()) == 29 + 4


def test_too_few_placeholders_are_refused(tiny) -> None:
    model, processor = tiny
    inputs = asked(processor)
    short = {"input_ids": inputs["input_ids"][:, -3:], "pixel_values": inputs["pixel_values"]}
    with pytest.raises(ValueError, match="image placeholders"):
        model(**short)


def test_queries_come_from_the_decoders_embeddings(tiny) -> None:
    model, processor = tiny
    ids = processor.tokenizer("spine, thoracic vertebrae", add_special_tokens=False)["input_ids"]
    expected = model.get_input_embeddings().weight[ids].mean(0)
    assert torch.allclose(model.model.region_queries()[17], expected)


def test_a_region_that_does_not_matter_is_hidden_from_the_decoder(tiny) -> None:
    model, processor = tiny
    regions, grid = model.model.extract_regions(asked(processor)["pixel_values"])
    regions.significance_logits = torch.full_like(regions.significance_logits, -50.0)
    first = model.model.image_tokens(regions, grid)
    regions.embeddings = torch.randn_like(regions.embeddings)
    assert torch.allclose(first, model.model.image_tokens(regions, grid), atol=1e-6)


def test_lora_reaches_only_the_decoder(tiny) -> None:
    model, processor = tiny
    adapted = get_peft_model(model, LoraConfig(target_modules=r".*language_model.*\.(q_proj|v_proj)"))
    names = [name for name, p in adapted.named_parameters() if p.requires_grad]
    assert names
    assert all("language_model" in name for name in names)
    assert written(adapted, asked(processor)).shape[1] == asked(processor)["input_ids"].shape[1] + 12


COMMON = {"vocab_size": 400, "bos_token_id": 1, "eos_token_id": 2, "pad_token_id": 0}
VISIONS = {
    "vit": ViTConfig(hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
                     image_size=64, patch_size=16, num_channels=1),
    "convnext": ConvNextConfig(num_channels=1, hidden_sizes=[8, 8, 8, 8], depths=[1, 1, 1, 1],
                               out_features=["stage3", "stage4"]),
    "resnet": ResNetConfig(num_channels=1, embedding_size=8, hidden_sizes=[8, 8, 8, 8], depths=[1, 1, 1, 1],
                           out_features=["stage4"]),
}  # fmt: skip
TEXTS = {
    "llama": LlamaConfig(hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2, **COMMON),
    "qwen2": Qwen2Config(hidden_size=16, intermediate_size=16, num_hidden_layers=1, num_attention_heads=2,
                         num_key_value_heads=1, **COMMON),
    "gpt2": GPT2Config(n_embd=16, n_layer=1, n_head=2, n_positions=256, **COMMON),
}  # fmt: skip


@pytest.mark.parametrize("vision", VISIONS)
@pytest.mark.parametrize("text", TEXTS)
def test_any_backbone_and_any_decoder(vision: str, text: str, tiny_folder: Path) -> None:
    processor = LmrrgProcessor.from_pretrained(tiny_folder)
    config = LmrrgConfig(
        vision_config=VISIONS[vision],
        text_config=TEXTS[text],
        region_dim=16,
        region_layers=1,
        region_heads=2,
        region_description_ids=describe_regions(AutoTokenizer.from_pretrained(tiny_folder)),
        image_size=64,
    )
    torch.manual_seed(0)
    model = LmrrgForConditionalGeneration(config).eval()
    inputs = asked(processor)
    assert torch.equal(written(model, inputs), written(model, inputs, use_cache=False))
