"""The configuration of a model that reads regions and writes a report. Knows no weights."""

from typing import ClassVar

from transformers import AutoConfig, PreTrainedConfig
from transformers.configuration_utils import SubConfigSpec

from lmrrg.profiles.chest.findings import FINDINGS
from lmrrg.profiles.chest.regions import REGIONS


class LmrrgConfig(PreTrainedConfig):
    """Vision backbone + region extractor + causal language model.

    Attributes:
        vision_config: any configuration that ``AutoBackbone`` (feature maps) or ``AutoModel`` (patch tokens) takes.
        text_config: any configuration that ``AutoModel`` takes for a decoder.
        image_token_id: the placeholder in the prompt; one stands for each region token and each global token.
        region_description_ids: token ids of each region's description, the regions in the order of
            ``lmrrg.profiles.chest.regions.REGIONS``; the queries are made from the decoder's own embeddings of them.
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
    image_token_id: int = 4
    region_description_ids: list | None = None  # type: ignore[type-arg]
    region_dim: int = 192
    region_layers: int = 2
    region_heads: int = 6
    num_regions: int = len(REGIONS)
    num_findings: int = len(FINDINGS)
    num_global_tokens: int = 4
    image_size: int = 256
    tie_word_embeddings: bool = False

    @property
    def tokens_per_image(self) -> int:
        """Placeholders that one image takes in the prompt."""
        return self.num_regions + self.num_global_tokens
