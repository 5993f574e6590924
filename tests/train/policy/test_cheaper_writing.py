"""Cheaper writing changes nothing: merged adapters and beginnings written once give the same texts."""

from pathlib import Path

import pytest
import torch
from peft import PeftModel, get_peft_model
from torch import Tensor
from transformers import GenerationConfig

from feedback_db.training.configuration import LoraSettings
from train.data.phantoms import phantom_examples
from train.policy.by_model_type import load
from train.policy.cheaper_writing import beginnings_written_once, merged_while_writing
from train.policy.encoding import encode, prompt_of


@pytest.fixture
def adapted(tiny_folder: Path) -> PeftModel:
    """The tiny model under adapters that say something."""
    loaded = load(tiny_folder)
    policy = get_peft_model(loaded.model, loaded.adapter(LoraSettings(rank=2, alpha=4)))
    torch.manual_seed(0)
    for name, weight in policy.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(weight, std=0.2)
    return policy


@pytest.fixture
def asked(adapted: PeftModel, tiny_folder: Path) -> dict[str, Tensor]:
    """The same question of three studies."""
    processor = load(tiny_folder).processor
    prompt = prompt_of(processor)
    ids = processor.tokenizer([prompt] * 3, add_special_tokens=False, return_tensors="pt")["input_ids"]
    tokens = encode(adapted.get_base_model(), processor, phantom_examples(range(3), 64)).tokens
    return {"input_ids": ids, "attention_mask": torch.ones_like(ids), "image_tokens": tokens}


def test_the_same_texts_and_the_same_weights(adapted: PeftModel, asked: dict[str, Tensor]) -> None:
    def write() -> list[list[int]]:
        written: list[list[int]] = adapted.generate(**asked, max_new_tokens=8, do_sample=False).tolist()
        return written

    plain = write()
    before = {name: weight.clone() for name, weight in adapted.state_dict().items()}
    with merged_while_writing(adapted):
        merged = [write() for _ in range(3)]
    assert merged == [plain] * 3
    after = adapted.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)


def test_beginnings_written_once_give_the_texts_that_generate_gives(
    adapted: PeftModel, asked: dict[str, Tensor]
) -> None:
    told = {"max_new_tokens": 8, "eos_token_id": [2], "pad_token_id": 0}
    plain = adapted.generate(**asked, generation_config=GenerationConfig(**told, do_sample=False))
    nearly_greedy = GenerationConfig(**told, do_sample=True, temperature=1e-6)
    with beginnings_written_once(adapted), merged_while_writing(adapted):
        once = adapted.generate(**asked, generation_config=nearly_greedy)
    assert once.tolist() == plain.tolist()
    assert "generate" not in vars(adapted)


def test_an_error_while_writing_leaves_nothing_merged(adapted: PeftModel) -> None:
    prompt = torch.ones(1, 3, dtype=torch.long)
    with merged_while_writing(adapted), pytest.raises(ValueError, match="placeholders"):
        adapted.generate(input_ids=prompt, image_tokens=torch.zeros(1, 2, 32), max_new_tokens=1)
    assert not any(module.merged for module in adapted.modules() if hasattr(module, "lora_A"))
    assert "generate" not in vars(adapted)
