"""Parts and sizes of the default model: small ResNet, region extractor, small Llama. Knows nothing about data."""

from dataclasses import dataclass

import torch
from transformers import LlamaConfig, PreTrainedTokenizerFast, ResNetConfig

from lmrrg.model import LmrrgConfig, LmrrgForConditionalGeneration, LmrrgImageProcessor, LmrrgProcessor
from lmrrg.model.processing import describe_regions
from lmrrg.profiles import DEFAULT_PROFILE, Profile


@dataclass(frozen=True)
class Architecture:
    """Sizes of the parts; the defaults are the shipped model's, about 8 million weights."""

    image_size: int = 256
    vision_widths: tuple[int, ...] = (32, 64, 128, 256)
    vision_depths: tuple[int, ...] = (2, 2, 2, 2)
    region_dim: int = 192
    region_layers: int = 2
    region_heads: int = 6
    text_width: int = 256
    text_layers: int = 4
    text_heads: int = 4
    vocabulary_size: int = 2048


def build(
    architecture: Architecture,
    tokenizer: PreTrainedTokenizerFast,
    *,
    seed: int = 0,
    profile: Profile = DEFAULT_PROFILE,
) -> tuple[LmrrgForConditionalGeneration, LmrrgProcessor]:
    """A model with random weights drawn from ``seed``, and the processor that feeds it."""
    torch.manual_seed(seed)
    a = architecture
    special = {
        "bos_token_id": tokenizer.bos_token_id,
        "eos_token_id": tokenizer.eos_token_id,
        "pad_token_id": tokenizer.pad_token_id,
    }
    config = LmrrgConfig(
        profile=profile.name,
        vision_config=ResNetConfig(
            num_channels=profile.channels,
            embedding_size=a.vision_widths[0],
            hidden_sizes=list(a.vision_widths),
            depths=list(a.vision_depths),
            layer_type="basic",
            out_features=["stage3", "stage4"],
        ),
        text_config=LlamaConfig(
            vocab_size=len(tokenizer),
            hidden_size=a.text_width,
            intermediate_size=3 * a.text_width,
            num_hidden_layers=a.text_layers,
            num_attention_heads=a.text_heads,
            max_position_embeddings=1024,
            tie_word_embeddings=False,
            **special,
        ),
        image_token_id=tokenizer.convert_tokens_to_ids("<image>"),
        region_description_ids=describe_regions(tokenizer, profile),
        region_dim=a.region_dim,
        region_layers=a.region_layers,
        region_heads=a.region_heads,
        image_size=a.image_size,
    )
    model = LmrrgForConditionalGeneration(config)
    for name, value in special.items():
        setattr(model.generation_config, name, value)
    processor = LmrrgProcessor(
        LmrrgImageProcessor(
            size={"height": a.image_size, "width": a.image_size}, in_colour=profile.channels == 3
        ),
        tokenizer,
        tokens_per_image=config.tokens_per_image,
    )
    return model, processor
