"""Texts that share their beginnings are drawn as each would be by itself."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
from torch import Tensor

from lmrrg.model import LmrrgForConditionalGeneration
from lmrrg.reporters import DEFAULT_FOLDER
from train.data.phantoms import phantom_examples
from train.policy.by_model_type import load
from train.policy.encoding import encode, prompt_of
from train.policy.sampling import sample

Asked = dict[str, Tensor]


@pytest.fixture
def model(tiny_folder: Path) -> LmrrgForConditionalGeneration:
    return load(tiny_folder).model.eval()


@pytest.fixture
def asked(model: LmrrgForConditionalGeneration, tiny_folder: Path) -> Asked:
    """Two studies, the second with a shorter question, asked for three texts each."""
    processor = load(tiny_folder).processor
    processor.tokenizer.padding_side = "left"
    prompts = [prompt_of(processor, "Cough and fever."), prompt_of(processor)]
    batch = processor.tokenizer(prompts, add_special_tokens=False, padding=True, return_tensors="pt")
    tokens = encode(model, processor, phantom_examples(range(2), 64)).tokens
    alike = {name: batch[name].repeat_interleave(3, 0) for name in ("input_ids", "attention_mask")}
    return {**alike, "image_tokens": tokens.repeat_interleave(3, 0)}


def drawn(
    model: LmrrgForConditionalGeneration,
    asked: Asked,
    temperature: float,
    new: int,
    suppressed: Sequence[int] = (),
) -> list[list[int]]:
    written = sample(
        model,
        asked["input_ids"],
        asked["attention_mask"],
        max_new_tokens=new,
        temperature=temperature,
        ends=[2],
        padding=0,
        suppressed=suppressed,
        image_tokens=asked["image_tokens"],
    )
    texts: list[list[int]] = written[:, asked["input_ids"].shape[1] :].tolist()
    return texts


def test_without_chance_the_texts_are_the_greedy_ones(
    model: LmrrgForConditionalGeneration, asked: Asked
) -> None:
    length = asked["input_ids"].shape[1]
    greedy = model.generate(**asked, max_new_tokens=12, do_sample=False)[:, length:].tolist()
    assert drawn(model, asked, 1e-6, 12) == greedy


def test_whole_reports_without_chance_are_the_greedy_ones() -> None:
    policy = load(DEFAULT_FOLDER)
    examples = phantom_examples(range(4), policy.side)
    seen = policy.look(examples)
    greedy, sampled = (policy.write(examples, seen, temperature=heat) for heat in (0.0, 1e-6))
    assert sampled == greedy
    assert len(set(greedy)) > 1


def test_a_text_ends_where_it_ends_and_the_others_go_on(
    model: LmrrgForConditionalGeneration, asked: Asked
) -> None:
    torch.manual_seed(0)
    texts = drawn(model, asked, 3.0, 300)
    ended = [text.index(2) for text in texts if 2 in text]
    assert len(set(ended)) > 1
    assert all(set(text[text.index(2) + 1 :]) <= {0} for text in texts if 2 in text)


def test_tokens_come_as_often_as_they_are_likely(model: LmrrgForConditionalGeneration, asked: Asked) -> None:
    many = {name: rows[:1].repeat_interleave(4000, 0) for name, rows in asked.items()}
    torch.manual_seed(0)
    came = Counter(tuple(text) for text in drawn(model, many, 0.05, 2))
    first = {name: rows[:1] for name, rows in asked.items()}
    with torch.no_grad():
        likely = (model(**first).logits[0, -1] / 0.05).softmax(-1)
        (text, times), *_ = came.most_common()
        longer = torch.cat([first["input_ids"], torch.tensor([text[:1]])], 1)
        mask = torch.ones_like(longer)
        mask[:, : first["attention_mask"].shape[1]] = first["attention_mask"]
        then = (
            model(longer, attention_mask=mask, image_tokens=first["image_tokens"]).logits[0, -1] / 0.05
        ).softmax(-1)
    expected = float(likely[text[0]] * then[text[1]])
    assert len(came) > 10
    assert times / 4000 == pytest.approx(expected, abs=4 * (expected * (1 - expected) / 4000) ** 0.5)


def test_a_token_that_is_suppressed_is_never_drawn(
    model: LmrrgForConditionalGeneration, asked: Asked
) -> None:
    usual = drawn(model, asked, 1e-6, 1)[0][0]
    other = drawn(model, asked, 1e-6, 1, suppressed=[usual])
    assert [usual] not in other
