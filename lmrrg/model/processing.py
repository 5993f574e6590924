"""From an image and words to tensors: the image processor, the processor and the prompt.

Knows nothing about weights. A radiograph is padded to a square with black and resized
(``imaging.transforms.SquareFrame``), so that boxes and maps can be carried back exactly.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray
from transformers import BatchFeature, PreTrainedTokenizerBase, ProcessorMixin
from transformers.image_processing_backends import PilBackend
from transformers.image_utils import PILImageResampling

from lmrrg.imaging.transforms import SquareFrame
from lmrrg.profiles import DEFAULT_PROFILE, Profile

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


def instruction(indication: str = "", *, prior_report: str = "", style: str = "") -> str:
    """The words of the prompt: why, what was seen last time, and how to write; empty parts are left out."""
    parts = (("Indication", indication), ("Prior report", prior_report), ("Style", style))
    said = [f"{name}: {text.strip()}" for name, text in parts if text.strip()]
    return " ".join([*said, INSTRUCTION])


def conversation(indication: str = "", *, prior_report: str = "", style: str = "") -> list[dict[str, Any]]:
    """The chat messages that ask for one image's report; ``apply_chat_template`` and TRL take them."""
    words = instruction(indication, prior_report=prior_report, style=style)
    return [{"role": "user", "content": [{"type": "image"}, {"type": "text", "text": words}]}]


_EQUALISER_CLIP, _EQUALISER_TILES = 2.0, (4, 4)


def equalised(square: NDArray[np.float32]) -> NDArray[np.float32]:
    """Take exposure out of an image: float32 ``[size, size]`` in 0 … 1, the same out.

    The greys between the 1st and the 99th percentile of what is not black padding are stretched to 0 … 1, then
    contrast is equalised locally (CLAHE: Zuiderveld, Graphics Gems IV, 1994) on a grid of 4 × 4 tiles. A foggy
    bedside image and a crisp one look alike afterwards.
    """
    sample = square[::4, ::4]
    sample = sample[sample > 0]
    low, high = np.quantile(sample, (0.01, 0.99)) if sample.size else (0.0, 1.0)
    stretched = np.clip((square - low) / max(high - low, 0.02), 0, 1)
    equaliser = cv2.createCLAHE(_EQUALISER_CLIP, _EQUALISER_TILES)
    even: NDArray[np.float32] = equaliser.apply(np.round(stretched * 255).astype(np.uint8)) / np.float32(255)
    return even


def describe_regions(
    tokenizer: PreTrainedTokenizerBase, profile: Profile = DEFAULT_PROFILE
) -> list[list[int]]:
    """Token ids of each region's description, for ``LmrrgConfig.region_description_ids``."""
    descriptions = [region.description for region in profile.regions]
    ids: list[list[int]] = tokenizer(descriptions, add_special_tokens=False)["input_ids"]
    return ids


class LmrrgImageProcessor(PilBackend):
    """Letterboxed to a square, equalised where ``do_equalise``, normalised; in grey unless ``in_colour``.

    Takes PIL images and arrays ``[channels, rows, columns]`` of 8 or 16 bits or 0 … 1 floats. Equalising is for grey:
    colour is left as it is.
    """

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
    do_equalise = True
    in_colour = False

    def _preprocess(
        self, images: list[np.ndarray], size: Any, image_mean: Any, image_std: Any, **kwargs: Any
    ) -> BatchFeature:
        side = int(size["height"])
        squares = []
        for image in images:
            scale = np.iinfo(image.dtype).max if np.issubdtype(image.dtype, np.integer) else 1.0
            channels = image[:3].astype(np.float32)
            if not self.in_colour:
                channels = channels.mean(0, keepdims=True)
            channels = channels / scale
            frame = SquareFrame(channels.shape[1], channels.shape[2], side)
            square = np.stack([frame.apply(channel) for channel in channels])
            if self.do_equalise and not self.in_colour:
                square = equalised(square[0])[None]
            # One mean and deviation per channel of the vision backbone: grey is repeated over its channels.
            normalised = (square - np.reshape(image_mean, (-1, 1, 1))) / np.reshape(image_std, (-1, 1, 1))
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
