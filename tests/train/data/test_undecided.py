"""Reinforcement takes the studies whose sampled texts state different findings."""

from collections.abc import Sequence
from typing import Any

from lmrrg.profiles import DEFAULT_PROFILE
from lmrrg.reporters.registry import folder_of
from train.data.examples import Example
from train.data.phantoms import phantom_examples
from train.data.undecided import undecided
from train.policy.base import Seen
from train.policy.by_model_type import load
from train.work.job import Job


class Numbered(Seen):
    """Images that are told apart by their number."""

    def __init__(self, numbers: Sequence[int]) -> None:
        self.numbers = list(numbers)

    def __len__(self) -> int:
        return len(self.numbers)

    def pick(self, chosen: Sequence[int]) -> "Numbered":
        return Numbered([self.numbers[index] for index in chosen])


def test_a_study_is_undecided_where_two_texts_differ_in_a_finding_and_not_in_words() -> None:
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

    class Says:
        """A policy that says what is listed above."""

        profile = DEFAULT_PROFILE

        def write(self, asked: list[Example], seen: Numbered, **named: Any) -> list[str]:
            assert seen.numbers == [number[one.key] for one in asked]
            return [next(said[one.key]) for one in asked]

    says: Any = Says()
    found = undecided(says, studies, Numbered([0, 1, 2]), max_new_tokens=8, temperature=1.0, seed=3)
    assert found == [False, True, True]


def test_nearly_greedy_texts_of_a_study_are_the_same(job: Job) -> None:
    policy = load(folder_of(job.settings.model))
    examples = phantom_examples(range(3), 64)
    seen = policy.look(examples)
    found = undecided(policy, examples, seen, max_new_tokens=32, temperature=1e-4, seed=0)
    assert found == [False] * 3
