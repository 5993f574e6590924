"""The model as Hugging Face knows it: configuration, network, processor, registered with the Auto classes."""

import transformers
from transformers import (
    AutoConfig,
    AutoImageProcessor,
    AutoModel,
    AutoModelForImageTextToText,
    AutoProcessor,
)

from lmrrg.model.config import LmrrgConfig
from lmrrg.model.modeling import LmrrgForConditionalGeneration, LmrrgModel
from lmrrg.model.processing import LmrrgImageProcessor, LmrrgProcessor, conversation

AutoConfig.register("lmrrg", LmrrgConfig, exist_ok=True)
AutoModel.register(LmrrgConfig, LmrrgModel, exist_ok=True)
AutoModelForImageTextToText.register(LmrrgConfig, LmrrgForConditionalGeneration, exist_ok=True)
AutoImageProcessor.register(LmrrgConfig, image_processor_classes={"pil": LmrrgImageProcessor}, exist_ok=True)
AutoProcessor.register(LmrrgConfig, LmrrgProcessor, exist_ok=True)
# TRL looks a reference model's class up by name in transformers itself.
transformers.LmrrgForConditionalGeneration = LmrrgForConditionalGeneration

__all__ = [
    "LmrrgConfig",
    "LmrrgForConditionalGeneration",
    "LmrrgImageProcessor",
    "LmrrgModel",
    "LmrrgProcessor",
    "conversation",
]
