"""The page shows what the policy would write now of the same signed studies, every few steps."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from transformers import TrainerControl, TrainerState, TrainingArguments

from train.data.examples import Example
from train.data.phantoms import phantom_examples
from train.policy.by_model_type import load
from train.rewards.advantages import Observed
from train.stages.samples import SampleEvents
from train.work.events import FileEvents


class Words:
    """A reward: how many words a text has; None where nobody has signed."""

    __name__ = "words"

    def __call__(
        self, completions: Sequence[Any], *, reference: Sequence[str | None], **columns: Any
    ) -> list[float | None]:
        pairs = zip(completions, reference, strict=True)
        return [None if signed is None else float(len(text.split())) for text, signed in pairs]


@pytest.mark.parametrize(("step", "told"), [(1, True), (4, False), (5, True), (10, True)])
def test_every_few_steps_the_same_studies_are_drafted_as_anyone_would_be(
    tiny_folder: Path, tmp_path: Path, step: int, told: bool
) -> None:
    policy = load(tiny_folder)
    one, two = phantom_examples(range(2), 64)
    examples = [one, Example("study 2", two.picture)]
    seen = policy.look(examples)
    events = FileEvents(tmp_path / "events.jsonl")
    samples = SampleEvents(
        events,
        [Observed(Words())],
        policy,
        examples,
        seen,
        every=5,
        max_new_tokens=6,
        offset=20,
        total=40,
    )
    state = TrainerState(global_step=step)
    samples.on_step_end(TrainingArguments(str(tmp_path)), state, TrainerControl())
    kept = events.path.read_text("utf-8").splitlines() if events.path.exists() else []
    drafts = policy.write(examples, seen, max_new_tokens=6)
    expected = [
        {
            "study": e.key,
            "text": text,
            "signed": e.reference,
            "rewards": {"words": len(text.split()) if e.reference else None},
        }
        for e, text in zip(examples, drafts, strict=True)
    ]
    assert [json.loads(line)["data"] for line in kept] == (expected if told else [])
    assert all(json.loads(line)["step"] == 20 + step for line in kept)
