"""From an image and words to tensors: the image processor, the processor and the prompt.

Knows no weights. A radiograph is padded to a square with black and resized (``imaging.transforms.SquareFrame``),
so that boxes and maps can be carried back exactly.
"""

from typing import Any

import numpy as np
from transformers import BatchFeature, PreTrainedTokenizerBase, ProcessorMixin
from transformers.image_processing_backends import PilBackend
from transformers.image_utils import PILImageResampling

from lmrrg.anatomy import DESCRIPTIONS
from lmrrg.imaging.transforms import SquareFrame

IMAGE_TOKEN = "<image>"
INSTRUCTION = "Write the report."

CHAT_TEMPLATE = (
    "{{ bos_token }}{% for m in messages %}<|{{ m['role'] }}|>"
    "{% if m['content'] is string %}{{ m['content'] }}"
    "{% else %}{% for part in m['content'] %}"
    "{% if part['type'] == 'image' %}<image>{% elif part['type'] == 'text' %}{{ part['text'] }}{% endif %}"
    "{% endfor %}{% endif %}{{ eos_token }}{% endfor %}"
    "{% if add_generation_prompt %}<|assistant|>{% endif %}"
)


def instruction(indication: str = "") -> str:
    """The words of the prompt."""
    return f"Indication: {indication.strip()} {INSTRUCTION}" if indication.strip() else INSTRUCTION


def conversation(indication: str = "") -> list[dict[str, Any]]:
    """The chat messages that ask for one image's report; ``apply_chat_template`` and TRL take them."""
    parts = [{"type": "image"}, {"type": "text", "text": instruction(indication)}]
    return [{"role": "user", "content": parts}]


def describe_regions(tokenizer: PreTrainedTokenizerBase) -> list[list[int]]:
    """Token ids of each region's description, for ``LmrrgConfig.region_description_ids``."""
    ids: list[list[int]] = tokenizer(list(DESCRIPTIONS), add_special_tokens=False)["input_ids"]
    return ids


class LmrrgImageProcessor(PilBackend):
    """Greyscale, letterboxed to a square, normalised. Takes PIL images and arrays of 8 or 16 bits or 0 … 1 floats."""

    model_input_names = ("pixel_values",)
    # Kept as attributes so that they are saved beside the weights.
    size = {"height": 256, "width": 256}  # noqa: RUF012
    image_mean = (0.45,)
    image_std = (0.27,)
    resample = PILImageResampling.BOX  # areas are averaged, see SquareFrame
    do_convert_rgb = False
    do_resize = True
    do_rescale = True
    do_normalize = True

    def _preprocess(
        self, images: list[np.ndarray], size: Any, image_mean: Any, image_std: Any, **kwargs: Any
    ) -> BatchFeature:
        side = int(size["height"])
        squares = []
        for image in images:
            scale = np.iinfo(image.dtype).max if np.issubdtype(image.dtype, np.integer) else 1.0
            grey = image[:3].astype(np.float32).mean(0) / scale
            square = SquareFrame(grey.shape[0], grey.shape[1], side).apply(grey)
            # One mean and deviation per channel of the vision backbone: grey is repeated over its channels.
            normalised = (square[None] - np.reshape(image_mean, (-1, 1, 1))) / np.reshape(
                image_std, (-1, 1, 1)
            )
            squares.append(normalised.astype(np.float32))
        return BatchFeature({"pixel_values": squares}, tensor_type=kwargs.get("return_tensors"))


class LmrrgProcessor(ProcessorMixin):
    """Image processor and tokenizer in one; spreads ``<image>`` over one placeholder per region and global token."""

    def __init__(
        self,
        image_processor: Any = None,
        tokenizer: Any = None,
        chat_template: str | None = None,
        tokens_per_image: int = 33,
        image_token: str = IMAGE_TOKEN,
        **kwargs: Any,
    ) -> None:
        self.tokens_per_image = tokens_per_image
        self.image_token = image_token
        self.image_token_id = tokenizer.convert_tokens_to_ids(image_token)
        super().__init__(image_processor, tokenizer, chat_template=chat_template or CHAT_TEMPLATE)

    def replace_image_token(self, image_inputs: Any, image_idx: int, **kwargs: Any) -> str:
        return self.image_token * self.tokens_per_image
