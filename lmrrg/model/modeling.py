"""A native Hugging Face model: radiograph → regions → report.

Laid out like LLaVA, because TRL computes its loss on ``base_model`` and ``lm_head``: the inner model holds vision
tower, region extractor, projector and a headless decoder and returns ``last_hidden_state``; the outer one adds the
head. Knows nothing about files, sentences or original images: pixels come from ``processing``, maps stay on the grid.
"""

import math
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from transformers import AutoBackbone, AutoModel, GenerationMixin, PreTrainedModel
from transformers.backbone_utils import BackboneMixin
from transformers.modeling_outputs import BaseModelOutputWithPast, CausalLMOutputWithPast

from lmrrg.errors import ModelError
from lmrrg.model.config import LmrrgConfig
from lmrrg.model.region_extractor import RegionExtractor, RegionFeatures
from lmrrg.profiles import Profile, load


@dataclass
class LmrrgModelOutput(BaseModelOutputWithPast):
    """The decoder's output with what the region extractor saw; ``regions`` is None without pixels."""

    regions: RegionFeatures | None = None


@dataclass
class LmrrgOutput(CausalLMOutputWithPast):
    """Logits (and loss) with what the region extractor saw; ``regions`` is None without pixels."""

    regions: RegionFeatures | None = None


class LmrrgPreTrainedModel(PreTrainedModel):
    """Shared declarations of the inner and the outer model."""

    config_class = LmrrgConfig
    base_model_prefix = "model"
    input_modalities = ("image", "text")
    supports_gradient_checkpointing = True
    _supports_sdpa = True
    _supports_flash_attn = True
    _supports_attention_backend = True
    _skip_keys_device_placement = ("past_key_values",)

    @property
    def profile(self) -> Profile:
        """The kind of examination that the model was made for."""
        return load(self.config.profile)

    @torch.no_grad()
    def _init_weights(self, module: nn.Module) -> None:
        super()._init_weights(module)
        if isinstance(module, nn.MultiheadAttention):
            nn.init.xavier_uniform_(module.in_proj_weight)
            nn.init.zeros_(module.in_proj_bias)


def _vision_tower(config: LmrrgConfig) -> tuple[nn.Module, list[int]]:
    """The backbone and the channels of its feature maps, finest first."""
    vision: Any = config.vision_config
    try:
        backbone = AutoBackbone.from_config(vision, trust_remote_code=False)
        return backbone, list(backbone.channels)
    except ValueError:  # no backbone form (a plain ViT): patch tokens are laid back on their grid
        return AutoModel.from_config(vision, trust_remote_code=False), [vision.hidden_size]


class LmrrgModel(LmrrgPreTrainedModel):
    """Vision tower, region extractor, projector and headless decoder."""

    def __init__(self, config: LmrrgConfig) -> None:
        super().__init__(config)
        if not config.region_description_ids or len(config.region_description_ids) != config.num_regions:
            raise ModelError(
                "The model's configuration names no description for each region "
                "(region_description_ids); make it with lmrrg.model.processing.describe_regions."
            )
        self.vision_tower, channels = _vision_tower(config)
        text_width = config.get_text_config().hidden_size
        self.region_extractor = RegionExtractor(
            channels,
            text_width,
            config.region_dim,
            config.region_layers,
            config.region_heads,
            config.num_findings,
        )
        self.projector = nn.Sequential(
            nn.Linear(config.region_dim + 5, text_width), nn.GELU(), nn.Linear(text_width, text_width)
        )
        self.global_projector = nn.Linear(config.region_dim, text_width)
        self.language_model = AutoModel.from_config(config.text_config, trust_remote_code=False)
        self.post_init()

    def get_input_embeddings(self) -> nn.Module:
        return self.language_model.get_input_embeddings()

    def set_input_embeddings(self, value: nn.Module) -> None:
        self.language_model.set_input_embeddings(value)

    def get_decoder(self) -> nn.Module:
        return self.language_model

    def train(self, mode: bool = True) -> "LmrrgModel":
        """Batch statistics of a frozen vision tower must not drift while the rest learns."""
        super().train(mode)
        if not any(p.requires_grad for p in self.vision_tower.parameters()):
            self.vision_tower.eval()
        return self

    def region_queries(self) -> Tensor:
        """``[R, text width]``: the mean of the decoder's own embeddings of each region's description."""
        embeddings = self.get_input_embeddings()
        device = self.device
        descriptions = self.config.region_description_ids
        return torch.stack([embeddings(torch.tensor(ids, device=device)).mean(0) for ids in descriptions])

    def feature_maps(self, pixel_values: Tensor) -> tuple[Tensor, ...]:
        """Feature maps ``[B, c, rows, columns]``, finest first."""
        if isinstance(self.vision_tower, BackboneMixin):
            return tuple(self.vision_tower(pixel_values).feature_maps)
        tokens = self.vision_tower(pixel_values=pixel_values).last_hidden_state
        side = math.isqrt(tokens.shape[1])  # class and register tokens stand before the patches
        patches = tokens[:, tokens.shape[1] - side * side :]
        return (patches.transpose(1, 2).unflatten(2, (side, side)),)

    def extract_regions(self, pixel_values: Tensor) -> tuple[RegionFeatures, Tensor]:
        """Regions and the feature grid ``[B, d, rows, columns]`` of ``pixel_values [B, c, size, size]``."""
        pixel_values = pixel_values.to(self.global_projector.weight.dtype)
        grid = self.region_extractor.feature_grid(self.feature_maps(pixel_values))
        return self.region_extractor(grid, self.region_queries()), grid

    def image_tokens(self, regions: RegionFeatures, grid: Tensor) -> Tensor:
        """``[B, R + global, text width]``: region embeddings gated by significance, then global tokens."""
        gate = regions.significance.unsqueeze(-1)
        gated = torch.cat(
            [regions.embeddings * gate.to(regions.embeddings.dtype), regions.boxes.to(gate.dtype), gate], -1
        )
        side = math.isqrt(self.config.num_global_tokens)
        pooled = nn.functional.adaptive_avg_pool2d(grid, side).flatten(2).transpose(1, 2)
        dtype = self.global_projector.weight.dtype
        return torch.cat([self.projector(gated.to(dtype)), self.global_projector(pooled.to(dtype))], 1)

    def forward(
        self,
        input_ids: Tensor | None = None,
        pixel_values: Tensor | None = None,
        image_tokens: Tensor | None = None,
        attention_mask: Tensor | None = None,
        position_ids: Tensor | None = None,
        past_key_values: Any = None,
        inputs_embeds: Tensor | None = None,
        use_cache: bool | None = None,
        **kwargs: Any,
    ) -> LmrrgModelOutput:
        """``image_tokens`` stand in for ``pixel_values`` where an image was encoded before."""
        kwargs.pop("return_dict", None)
        if inputs_embeds is None:
            inputs_embeds = self.get_input_embeddings()(input_ids)
        regions = None
        if pixel_values is not None and image_tokens is None:
            regions, grid = self.extract_regions(pixel_values)
            image_tokens = self.image_tokens(regions, grid)
        if image_tokens is not None:
            places = input_ids == self.config.image_token_id
            if int(places.sum()) != image_tokens.shape[0] * image_tokens.shape[1]:
                raise ValueError(
                    f"{int(places.sum())} image placeholders in the prompt, but "
                    f"{image_tokens.shape[0]} images of {image_tokens.shape[1]} tokens"
                )
            inputs_embeds = inputs_embeds.masked_scatter(
                places.unsqueeze(-1), image_tokens.to(inputs_embeds.dtype)
            )
        out = self.language_model(
            inputs_embeds=inputs_embeds,
            attention_mask=attention_mask,
            position_ids=position_ids,
            past_key_values=past_key_values,
            use_cache=use_cache,
            return_dict=True,
            **kwargs,
        )
        return LmrrgModelOutput(
            last_hidden_state=out.last_hidden_state,
            past_key_values=out.past_key_values,
            hidden_states=out.hidden_states,
            attentions=out.attentions,
            regions=regions,
        )


class LmrrgForConditionalGeneration(LmrrgPreTrainedModel, GenerationMixin):
    """Writes a report from a radiograph; ``generate``, PEFT and TRL work on it unchanged."""

    def __init__(self, config: LmrrgConfig) -> None:
        super().__init__(config)
        self.model = LmrrgModel(config)
        text = config.get_text_config()
        self.lm_head = nn.Linear(text.hidden_size, text.vocab_size, bias=False)
        self.post_init()

    def get_input_embeddings(self) -> nn.Module:
        return self.model.get_input_embeddings()

    def set_input_embeddings(self, value: nn.Module) -> None:
        self.model.set_input_embeddings(value)

    def get_output_embeddings(self) -> nn.Module:
        return self.lm_head

    def get_decoder(self) -> nn.Module:
        return self.model.get_decoder()

    def forward(
        self,
        input_ids: Tensor | None = None,
        pixel_values: Tensor | None = None,
        image_tokens: Tensor | None = None,
        attention_mask: Tensor | None = None,
        position_ids: Tensor | None = None,
        past_key_values: Any = None,
        inputs_embeds: Tensor | None = None,
        labels: Tensor | None = None,
        use_cache: bool | None = None,
        logits_to_keep: int | Tensor = 0,
        num_items_in_batch: Any = None,
        **kwargs: Any,
    ) -> LmrrgOutput:
        """Logits for the last ``logits_to_keep`` positions (0: all); the loss where ``labels`` are given."""
        out = self.model(
            input_ids=input_ids,
            pixel_values=pixel_values,
            image_tokens=image_tokens,
            attention_mask=attention_mask,
            position_ids=position_ids,
            past_key_values=past_key_values,
            inputs_embeds=inputs_embeds,
            use_cache=use_cache,
            **kwargs,
        )
        hidden = out.last_hidden_state
        if isinstance(logits_to_keep, int):
            hidden = hidden[:, -logits_to_keep:] if logits_to_keep else hidden
        else:
            hidden = hidden[:, logits_to_keep]
        logits = self.lm_head(hidden)
        loss = None
        if labels is not None:
            loss = self.loss_function(
                logits=logits,
                labels=labels,
                vocab_size=logits.shape[-1],
                num_items_in_batch=num_items_in_batch,
            )
        return LmrrgOutput(
            loss=loss,
            logits=logits,
            past_key_values=out.past_key_values,
            hidden_states=out.hidden_states,
            attentions=out.attentions,
            regions=out.regions,
        )

    def prepare_inputs_for_generation(
        self,
        input_ids: Tensor,
        past_key_values: Any = None,
        pixel_values: Tensor | None = None,
        image_tokens: Tensor | None = None,
        is_first_iteration: bool = False,
        **kwargs: Any,
    ) -> dict[str, Any]:
        """Only the first step sees the image; later ones find it in the cache."""
        inputs: dict[str, Any] = super().prepare_inputs_for_generation(
            input_ids, past_key_values=past_key_values, is_first_iteration=is_first_iteration, **kwargs
        )
        if is_first_iteration or not kwargs.get("use_cache", True):
            inputs["pixel_values"] = pixel_values
            inputs["image_tokens"] = image_tokens
        return inputs
