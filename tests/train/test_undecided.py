"""Reinforcement takes the studies of which sampled texts state different findings."""

import pytest
import torch

from train import candidate, undecided
from train.encoding import encode
from train.examples import phantom_examples
from train.job import Job


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
    monkeypatch.setattr(undecided, "draft_texts", lambda *given, **named: sampled)
    studies = phantom_examples(range(3), 64)
    found = undecided.undecided(None, None, studies, torch.empty(3), temperature=1.0, seed=3)
    assert found == [False, True, True]


def test_nearly_greedy_texts_of_a_study_are_the_same(job: Job) -> None:
    model, processor = candidate.load(candidate.weights_folder(job.settings.model))
    examples = phantom_examples(range(3), 64)
    tokens = encode(model, processor, examples).tokens
    assert undecided.undecided(model, processor, examples, tokens, temperature=1e-4, seed=0) == [False] * 3
