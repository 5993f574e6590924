"""The policy of our own model: images encoded once, beginnings that texts share written once, adapters on the decoder.

Vision tower, region extractor and projectors never learn, so what they make of an image is made once for all that is
done with it. Knows nothing about stages.
"""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, Self, cast

import torch
from peft import LoraConfig, PeftModel
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

from feedback_db.training.configuration import LoraSettings
from lmrrg.model import LmrrgConfig, LmrrgForConditionalGeneration, LmrrgProcessor, conversation
from lmrrg.report import ModelName
from lmrrg.reporters import MAX_NEW_TOKENS, VersionFolder
from train.data.examples import Example
from train.policy.adapted_layers import linear_layers
from train.policy.base import NOT_LEARNED, Abilities, Pointed, Policy, Seen
from train.policy.batch_drafts import draft_texts
from train.policy.cheaper_writing import beginnings_written_once, merged_while_writing
from train.policy.encoding import Encoded, encode, encoded_once, prompt_ids
from train.policy.sentence_maps import pointed


class NativePolicy(Policy):
    """A ``LmrrgForConditionalGeneration`` that learns."""

    abilities = Abilities(findings=True, maps=True)
    model: LmrrgForConditionalGeneration
    processor: LmrrgProcessor

    def __init__(
        self,
        model: LmrrgForConditionalGeneration,
        processor: LmrrgProcessor,
        version: ModelName,
    ) -> None:
        self.model, self.processor, self.version = model, processor, version
        self.profile, self.side = model.profile, int(model.config.image_size)

    @classmethod
    def load(cls, folder: Path, device: str) -> Self:
        model = LmrrgForConditionalGeneration.from_pretrained(
            folder, dtype=torch.float32, local_files_only=True, trust_remote_code=False
        )
        processor = LmrrgProcessor.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        return cls(model.to(device), processor, VersionFolder(folder).name)

    @classmethod
    def side_of(cls, folder: Path) -> int:
        config = LmrrgConfig.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
        return int(config.image_size)

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.model.save_pretrained(folder, safe_serialization=True)
        self.processor.save_pretrained(folder)
        VersionFolder(folder).finish(self.version)

    def question(self, example: Example) -> str:
        content = conversation(**example.asked)[0]["content"]
        return "".join(part["text"] for part in content if "text" in part)

    def look(self, examples: Sequence[Example], *, to_learn: bool = False) -> Encoded:
        return encode(self.model, self.processor, examples, to_learn=to_learn)

    def write(
        self,
        examples: Sequence[Example],
        seen: Seen,
        *,
        batch_size: int = 16,
        max_new_tokens: int = MAX_NEW_TOKENS,
        temperature: float = 0.0,
        seed: int = 0,
    ) -> list[str]:
        return draft_texts(
            self.model,
            self.processor,
            examples,
            cast(Encoded, seen),
            batch_size=batch_size,
            max_new_tokens=max_new_tokens,
            temperature=temperature,
            seed=seed,
        )

    def explain(self, examples: Sequence[Example], texts: Sequence[str], seen: Seen) -> list[list[Pointed]]:
        return pointed(self.model, self.processor, examples, texts, cast(Encoded, seen))

    def rows(self, examples: Sequence[Example], seen: Seen) -> list[dict[str, Any]]:
        tokens = cast(Encoded, seen).tokens.cpu()
        return [
            {**self._tokens_of(example), "image_tokens": image}
            for example, image in zip(examples, tokens, strict=True)
        ]

    def _tokens_of(self, example: Example) -> dict[str, list[int]]:
        tokenizer = self.processor.tokenizer
        before = prompt_ids(self.processor, **example.asked)
        told = (example.reference or "") + tokenizer.eos_token
        report = tokenizer(told, add_special_tokens=False)["input_ids"]
        return {"input_ids": before + report, "labels": [NOT_LEARNED] * len(before) + report}

    def collate(self, rows: list[dict[str, Any]]) -> dict[str, Tensor]:
        ids = [torch.tensor(row["input_ids"]) for row in rows]
        labels = [torch.tensor(row["labels"]) for row in rows]
        padding = self.processor.tokenizer.pad_token_id
        return {
            "input_ids": pad_sequence(ids, batch_first=True, padding_value=padding),
            "labels": pad_sequence(labels, batch_first=True, padding_value=NOT_LEARNED),
            "attention_mask": pad_sequence([torch.ones_like(x) for x in ids], batch_first=True),
            "image_tokens": torch.stack([row["image_tokens"] for row in rows]),
        }

    def adapter(self, settings: LoraSettings, *, vocabulary: bool = False) -> LoraConfig:
        words = words_to_learn(self.model.config) if vocabulary else []
        return LoraConfig(
            r=settings.rank,
            lora_alpha=settings.alpha,
            lora_dropout=settings.dropout,
            target_modules=settings.targets or linear_layers(self.model),
            trainable_token_indices={"embed_tokens": words} if words else None,
            modules_to_save=["lm_head"] if words else None,
            task_type="CAUSAL_LM",
        )

    @contextmanager
    def while_reinforcing(self, learner: PeftModel) -> Iterator[None]:
        with ExitStack() as stack:
            stack.enter_context(encoded_once(self.model))
            if self.model.device.type == "cpu":
                stack.enter_context(beginnings_written_once(learner))
                stack.enter_context(merged_while_writing(learner))
            yield


def words_to_learn(config: LmrrgConfig) -> list[int]:
    """The tokens whose embeddings may change: all but those that describe the regions.

    The image side asks for each region by the embeddings of its description. Were they to change, images would be seen
    otherwise than they were learned from, and every version otherwise than the one before.
    """
    asked = {token for description in config.region_description_ids or [] for token in description}
    return [token for token in range(config.get_text_config().vocab_size) if token not in asked]
