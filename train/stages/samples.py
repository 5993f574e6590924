"""What the policy would write now: drafts of the same few signed studies while reinforcement goes on, for the page.

Greedy, as drafts are. The texts that reinforcement itself samples are of other studies in every step, and more random
on purpose. Does not know what a reward does.
"""

from collections.abc import Sequence
from typing import Any

from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from train.data.examples import Example
from train.policy.base import Policy, Seen
from train.rewards.advantages import Observed
from train.work.events import Events


class SampleEvents(TrainerCallback):
    """Records every ``every`` steps what is written of each of ``examples``, what was signed, and the rewards of it.

    ``seen`` is what ``policy`` has seen of them. A draft takes about half a second.
    """

    def __init__(
        self,
        events: Events,
        rewards: Sequence[Observed],
        policy: Policy,
        examples: Sequence[Example],
        seen: Seen,
        *,
        every: int,
        max_new_tokens: int,
        offset: int,
        total: int,
    ) -> None:
        self.events, self.rewards, self.policy = events, rewards, policy
        self.examples, self.seen = examples, seen
        self.every, self.max_new_tokens, self.offset, self.total = every, max_new_tokens, offset, total

    def on_step_end(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        **kwargs: Any,
    ) -> None:
        if state.global_step != 1 and state.global_step % self.every:
            return
        # Every process writes: where weights are spread over them, none can alone.
        texts = self.policy.write(self.examples, self.seen, max_new_tokens=self.max_new_tokens)
        if not state.is_world_process_zero:
            return
        for example, text in zip(self.examples, texts, strict=True):
            earned = {one.__name__: one.earned(text, example.key, example.reference) for one in self.rewards}
            data = {"study": example.key, "text": text, "signed": example.reference, "rewards": earned}
            step = self.offset + state.global_step
            self.events.record("sample", "grpo", step=step, total=self.total, data=data)
