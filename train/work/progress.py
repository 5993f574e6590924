"""Turns a Hugging Face trainer's log into events, in the words of the training page.

Knows the names under which transformers and TRL log, and nothing about how the numbers come about.
"""

from collections.abc import Callable
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from train.work.events import Events

# theirs → ours
_NAMES = {
    "loss": "loss",
    "grad_norm": "gradient_norm",
    "learning_rate": "learning_rate",
    "reward": "reward",
    "reward_std": "reward_spread",
    "kl": "kl",
    "entropy": "entropy",
    "completions/mean_length": "length",
    "completions/clipped_ratio": "cut_off",
    "step_time": "seconds_per_step",
}


def in_our_words(logs: dict[str, Any]) -> dict[str, float]:
    """The numbers of a trainer's log that the page shows; ``rewards/x/mean`` becomes ``reward_x``."""
    data = {ours: logs[theirs] for theirs, ours in _NAMES.items() if logs.get(theirs) is not None}
    for name, value in logs.items():
        if name.startswith("rewards/") and name.endswith("/mean") and value is not None:
            data[f"reward_{name.split('/')[1]}"] = value
    return data


class ProgressEvents(TrainerCallback):
    """Records one progress event for every line of the trainer's log.

    ``offset`` and ``total`` place this trainer's steps within the stage, where a stage has several trainers; ``more``
    is asked for further numbers at each line.
    """

    def __init__(
        self,
        events: Events,
        stage: str,
        *,
        offset: int = 0,
        total: int = 0,
        more: Callable[[], dict[str, float]] = dict,
    ) -> None:
        self.events, self.stage, self.offset, self.total, self.more = events, stage, offset, total, more

    def on_log(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        logs: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        data = in_our_words(logs or {})
        if state.is_world_process_zero and "loss" in data:
            self.events.record(
                "progress",
                self.stage,
                step=self.offset + state.global_step,
                total=self.total or state.max_steps,
                data={**data, **self.more()},
            )
