"""Images are encoded once, and what the decoder sees does not change by it."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor

from lmrrg.profiles.chest.findings import FINDING_INDEX
from train.data.examples import Example
from train.policy import precision
from train.policy.batch_drafts import draft_texts
from train.policy.by_model_type import load
from train.policy.encoding import encode, encoded_once


def loaded(folder: Path) -> tuple[Any, Any]:
    policy = load(folder)
    return policy.model, policy.processor


def pictures(count: int) -> list[Example]:
    chance = np.random.default_rng(0)
    return [
        Example(str(i), Image.fromarray(chance.integers(0, 255, (64, 64), np.uint8))) for i in range(count)
    ]


def test_the_same_logits_from_one_encoding_per_image(
    tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, processor = loaded(tiny_folder)
    model.eval()
    images = [example.picture for example in pictures(2)]
    batch = processor(
        images=[images[0], images[1], images[0]],
        text=["<s><image>Write.", "<s><image>Write.", "<s><image>Write."],
        return_tensors="pt",
        add_special_tokens=False,
    )
    encodings: list[int] = []
    extract = model.model.extract_regions
    monkeypatch.setattr(
        model.model, "extract_regions", lambda pixels: (encodings.append(len(pixels)), extract(pixels))[1]
    )
    with torch.no_grad():
        plain = model(**batch).logits
        with encoded_once(model):
            once, again = model(**batch).logits, model(**batch).logits
        after = model(**batch).logits
    assert encodings == [3, 2, 3]  # plain, two distinct images and none the second time, plain again
    for logits in (once, again, after):
        torch.testing.assert_close(logits, plain)


def test_what_is_only_learned_from_is_rounded_and_nothing_else_is(
    tiny_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, processor = loaded(tiny_folder)

    def encoded(*, bf16: bool, to_learn: bool) -> Tensor:
        monkeypatch.setattr(precision, "in_bf16", lambda device: bf16)
        return encode(model, processor, pictures(2), to_learn=to_learn).tokens

    exact, rounded = encoded(bf16=False, to_learn=True), encoded(bf16=True, to_learn=True)
    assert torch.equal(encoded(bf16=True, to_learn=False), exact)
    assert rounded.dtype == exact.dtype
    assert 0 < float((rounded - exact).norm() / exact.norm()) < 0.02


def test_no_finding_is_none_of_the_diseases(tiny_folder: Path) -> None:
    model, processor = loaded(tiny_folder)
    row = encode(model, processor, pictures(1)).findings[0]
    diseases = [i for name, i in FINDING_INDEX.items() if name not in ("No Finding", "Support Devices")]
    assert float(row[FINDING_INDEX["No Finding"]]) == pytest.approx(1 - float(row[diseases].max()))


def test_drafts_do_not_depend_on_who_is_in_the_batch(tiny_folder: Path) -> None:
    model, processor = loaded(tiny_folder)
    examples = pictures(3)
    together = draft_texts(model, processor, examples, max_new_tokens=6)
    alone = [draft_texts(model, processor, [example], max_new_tokens=6)[0] for example in examples]
    assert together == alone


def test_sampled_drafts_can_be_had_again(tiny_folder: Path) -> None:
    model, processor = loaded(tiny_folder)
    one, two, other = (
        draft_texts(model, processor, pictures(2), max_new_tokens=6, temperature=1.0, seed=seed)
        for seed in (1, 1, 2)
    )
    assert one == two
    assert one != other
