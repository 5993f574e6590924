"""Reinforcement takes the studies of which sampled texts state different findings."""

from typing import Any

import pytest
import torch

from train.policy import candidate
from train.data import undecided
from train.policy.encoding import encode
from train.data.examples import Example, phantom_examples
from train.work.job import Job


def test_a_study_is_undecided_where_two_texts_differ_in_a_finding_and_not_in_words(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    sampled = [
        "The lungs are clear.",
        "Lung fields are clear.",
        "There is a small left pleural effusion.",
        "There is a small right pleural effusion.",
        "Heart size is normal.",
        "The heart is enlarged.",
    ]
    studies = phantom_examples(range(3), 64)
    said = {study.key: iter(sampled[2 * index :]) for index, study in enumerate(studies)}
    number = {study.key: index for index, study in enumerate(studies)}

    def draft(model: Any, processor: Any, asked: list[Example], image_tokens: Any, **named: Any) -> list[str]:
        assert image_tokens.tolist() == [number[one.key] for one in asked]
        return [next(said[one.key]) for one in asked]

    monkeypatch.setattr(undecided, "draft_texts", draft)
    found = undecided.undecided(
        None, None, studies, torch.arange(3), max_new_tokens=8, temperature=1.0, seed=3
    )
    assert found == [False, True, True]


def test_nearly_greedy_texts_of_a_study_are_the_same(job: Job) -> None:
    model, processor = candidate.load(candidate.weights_folder(job.settings.model))
    examples = phantom_examples(range(3), 64)
    tokens = encode(model, processor, examples).tokens
    found = undecided.undecided(
        model, processor, examples, tokens, max_new_tokens=32, temperature=1e-4, seed=0
    )
    assert found == [False] * 3
