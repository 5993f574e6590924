"""The configuration of a model that reads regions and writes a report. Knows nothing about weights."""

from typing import Any, ClassVar

from transformers import AutoConfig, PreTrainedConfig
from transformers.configuration_utils import SubConfigSpec

from lmrrg.profiles import DEFAULT, load


class LmrrgConfig(PreTrainedConfig):
    """Vision backbone + region extractor + causal language model.

    Attributes:
        vision_config: any configuration that ``AutoBackbone`` (feature maps) or ``AutoModel`` (patch tokens) takes.
        text_config: any configuration that ``AutoModel`` takes for a decoder.
        profile: the kind of examination that it was made for, a name that ``lmrrg.profiles.load`` knows; a folder
            from before there were several is for the chest.
        image_token_id: the placeholder in the prompt; one stands for each region token and each global token.
        region_description_ids: token ids of each region's description, in the profile's order; the queries are
            made from the decoder's own embeddings of them.
        num_regions, num_findings: as many as the profile has.
        region_dim: width of the region extractor.
        num_global_tokens: tokens pooled from the whole grid; a square number.
        image_size: side of the square that the vision backbone sees, in pixels.
    """

    model_type = "lmrrg"
    sub_configs_defaults: ClassVar = {
        "vision_config": SubConfigSpec(config_class=AutoConfig, model_type="resnet"),
        "text_config": SubConfigSpec(config_class=AutoConfig, model_type="llama"),
    }
    vision_config: dict | PreTrainedConfig | None = None  # type: ignore[type-arg]
    text_config: dict | PreTrainedConfig | None = None  # type: ignore[type-arg]
    profile: str = DEFAULT
    image_token_id: int = 4
    region_description_ids: list | None = None  # type: ignore[type-arg]
    region_dim: int = 192
    region_layers: int = 2
    region_heads: int = 6
    num_regions: int = 0
    num_findings: int = 0
    num_global_tokens: int = 4
    image_size: int = 256
    tie_word_embeddings: bool = False

    def __post_init__(self, **kwargs: Any) -> None:
        """Raises ProfileError where the program does not know the profile."""
        kind = load(self.profile)
        self.num_regions = self.num_regions or len(kind.regions)
        self.num_findings = self.num_findings or len(kind.findings)
        super().__post_init__(**kwargs)

    @property
    def tokens_per_image(self) -> int:
        """Placeholders that one image takes in the prompt."""
        return self.num_regions + self.num_global_tokens
