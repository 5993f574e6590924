"""What the policy would write now: drafts of the same few signed studies while reinforcement goes on, for the page.

Greedy, as drafts are. The texts that reinforcement itself samples are of other studies in every step, and written on
purpose with more chance. Knows no reward by what it does.
"""

from collections.abc import Sequence
from typing import Any

from torch import Tensor
from transformers import TrainerCallback, TrainerControl, TrainerState, TrainingArguments

from lmrrg.model import LmrrgProcessor
from train.data.examples import Example
from train.policy.drafting import draft_texts
from train.rewards.advantages import Observed
from train.work.events import Events


class SampleEvents(TrainerCallback):
    """Records every ``every`` steps what is written of each of ``examples``, what was signed, and the rewards of it.

    ``image_tokens [N, tokens, text width]`` are those of ``train.policy.encoding``. A draft takes about half a second.
    """

    def __init__(
        self,
        events: Events,
        rewards: Sequence[Observed],
        processor: LmrrgProcessor,
        examples: Sequence[Example],
        image_tokens: Tensor,
        *,
        every: int,
        max_new_tokens: int,
        offset: int,
        total: int,
    ) -> None:
        self.events, self.rewards, self.processor = events, rewards, processor
        self.examples, self.image_tokens = examples, image_tokens
        self.every, self.max_new_tokens, self.offset, self.total = every, max_new_tokens, offset, total

    def on_step_end(
        self,
        args: TrainingArguments,
        state: TrainerState,
        control: TrainerControl,
        *,
        model: Any = None,
        **kwargs: Any,
    ) -> None:
        if state.global_step != 1 and state.global_step % self.every:
            return
        # Every process writes: where weights are spread over them, none can alone.
        texts = draft_texts(
            model.get_base_model(),
            self.processor,
            self.examples,
            image_tokens=self.image_tokens,
            max_new_tokens=self.max_new_tokens,
        )
        if not state.is_world_process_zero:
            return
        for example, text in zip(self.examples, texts, strict=True):
            earned = {one.__name__: one.earned(text, example.key, example.reference) for one in self.rewards}
            data = {"study": example.key, "text": text, "signed": example.reference, "rewards": earned}
            step = self.offset + state.global_step
            self.events.record("sample", "grpo", step=step, total=self.total, data=data)
