"""A second policy, for a class that is not ours: a LLaVA of a few thousand random weights, as transformers has it.

It tells no findings and shows no maps. Here to hold that the stages ask nothing of a model but what ``Policy`` says.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import torch
from peft import LoraConfig
from PIL.Image import Image
from torch import Tensor
from transformers import (
    AutoModelForImageTextToText,
    AutoProcessor,
    CLIPImageProcessorPil,
    LlavaConfig,
    LlavaForConditionalGeneration,
    LlavaProcessor,
)

from feedback_db.training.configuration import LoraSettings
from lmrrg.model.tokenizer import train_tokenizer
from lmrrg.profiles import DEFAULT_PROFILE
from lmrrg.report import ModelName
from lmrrg.reporters import MAX_NEW_TOKENS, VersionFolder
from train.data.examples import Example
from train.policy.adapted_layers import linear_layers
from train.policy.base import NOT_LEARNED, Abilities, Policy, Seen

SIDE = 64  # of the pictures that it is shown
SEEN = 28  # of what it makes of them
CHAT = (
    "{% for message in messages %}{{ message.role }}: {% if message.content is string %}{{ message.content }}"
    "{% else %}{% for part in message.content %}{% if part.type == 'image' %}<image>{% else %}{{ part.text }}"
    "{% endif %}{% endfor %}{% endif %}{% if message.role == 'assistant' %}</s>{% endif %}\n{% endfor %}"
    "{% if add_generation_prompt %}assistant: {% endif %}"
)


def make(folder: Path) -> None:
    """Save a LLaVA of two small layers as a version in ``folder``."""
    tokenizer = train_tokenizer(
        ["The lungs are clear.", "No pleural effusion.", "user: assistant: "] * 8, 300
    )
    sizes = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 2}
    special = {name: getattr(tokenizer, name) for name in ("bos_token_id", "eos_token_id", "pad_token_id")}
    torch.manual_seed(0)
    config = LlavaConfig(
        text_config={"model_type": "llama", "vocab_size": len(tokenizer), **sizes, **special},
        vision_config={"model_type": "clip_vision_model", "image_size": SEEN, "patch_size": 14, **sizes},
        image_token_id=tokenizer.convert_tokens_to_ids("<image>"),
        image_seq_length=4,
        vision_feature_layer=-1,
    )
    model = LlavaForConditionalGeneration(config)
    for name, value in special.items():
        setattr(model.generation_config, name, value)
    pictures = CLIPImageProcessorPil(size={"shortest_edge": SEEN}, crop_size={"height": SEEN, "width": SEEN})
    processor = LlavaProcessor(
        pictures,
        tokenizer,
        patch_size=14,
        vision_feature_select_strategy="default",
        num_additional_image_tokens=1,
        chat_template=CHAT,
    )
    model.save_pretrained(folder)
    processor.save_pretrained(folder)
    VersionFolder(folder).finish(ModelName("llava", "1.1", demonstration=True))


@dataclass(frozen=True)
class Pictures(Seen):
    """What this policy remembers of images is the images."""

    pictures: list[Image]

    def __len__(self) -> int:
        return len(self.pictures)

    def pick(self, chosen: Sequence[int]) -> "Pictures":
        return replace(self, pictures=[self.pictures[index] for index in chosen])


class LlavaPolicy(Policy):
    abilities = Abilities(findings=False, maps=False)
    side = SIDE
    profile = DEFAULT_PROFILE

    @classmethod
    def load(cls, folder: Path, device: str) -> Self:
        policy = cls()
        policy.version = VersionFolder(folder).name
        policy.model = AutoModelForImageTextToText.from_pretrained(
            folder, dtype=torch.float32, local_files_only=True, trust_remote_code=False
        ).to(device)
        policy.processor = AutoProcessor.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False
        )
        policy.processor.tokenizer.padding_side = "left"
        return policy

    @classmethod
    def side_of(cls, folder: Path) -> int:
        return SIDE

    def save(self, folder: Path) -> None:
        self.model.save_pretrained(folder)
        self.processor.save_pretrained(folder)
        VersionFolder(folder).finish(self.version)

    def question(self, example: Example) -> str:
        return f"The lungs? {example.indication}"

    def picture(self, example: Example) -> Image:
        return example.picture.convert("RGB")

    def look(self, examples: Sequence[Example], *, to_learn: bool = False) -> Pictures:
        return Pictures([self.picture(example) for example in examples])

    def _prompt(self, example: Example) -> str:
        asked = [{"type": "image"}, {"type": "text", "text": self.question(example)}]
        prompt: str = self.processor.apply_chat_template(
            [{"role": "user", "content": asked}], add_generation_prompt=True, tokenize=False
        )
        return prompt

    @torch.no_grad()
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
        assert isinstance(seen, Pictures)
        texts: list[str] = []
        torch.manual_seed(seed)
        how = {"do_sample": True, "temperature": temperature} if temperature else {"do_sample": False}
        for start in range(0, len(examples), batch_size):
            chosen = slice(start, start + batch_size)
            asked = self.processor(
                images=[[picture] for picture in seen.pictures[chosen]],
                text=[self._prompt(example) for example in examples[chosen]],
                padding=True,
                return_tensors="pt",
            )
            written = self.model.generate(
                **asked,
                **how,
                max_new_tokens=min(max_new_tokens, 16),
                suppress_tokens=[self.model.config.image_token_id],
            )
            new = written[:, asked["input_ids"].shape[1] :]
            texts += self.processor.tokenizer.batch_decode(new, skip_special_tokens=True)
        return [text.strip() for text in texts]

    def rows(self, examples: Sequence[Example], seen: Seen) -> list[dict[str, Any]]:
        assert isinstance(seen, Pictures)
        rows = []
        for example, picture in zip(examples, seen.pictures, strict=True):
            asked = self.processor(images=[picture], text=[self._prompt(example)], return_tensors="pt")
            before = asked["input_ids"][0].tolist()
            report = self.processor.tokenizer(f"{example.reference}</s>", add_special_tokens=False)[
                "input_ids"
            ]
            labels = [NOT_LEARNED] * len(before) + report
            rows.append(
                {"input_ids": before + report, "labels": labels, "pixel_values": asked["pixel_values"][0]}
            )
        return rows

    def collate(self, rows: list[dict[str, Any]]) -> dict[str, Tensor]:
        longest = max(len(row["input_ids"]) for row in rows)

        def padded(name: str, padding: int) -> Tensor:
            return torch.tensor([[padding] * (longest - len(row[name])) + row[name] for row in rows])

        ids = padded("input_ids", self.processor.tokenizer.pad_token_id)
        return {
            "input_ids": ids,
            "attention_mask": (padded("labels", 0) != 0).long(),
            "labels": padded("labels", NOT_LEARNED),
            "pixel_values": torch.stack([row["pixel_values"] for row in rows]),
        }

    def adapter(self, settings: LoraSettings, *, vocabulary: bool = False) -> LoraConfig:
        return LoraConfig(
            r=settings.rank,
            lora_alpha=settings.alpha,
            target_modules=settings.targets or linear_layers(self.model),
            task_type="CAUSAL_LM",
        )
