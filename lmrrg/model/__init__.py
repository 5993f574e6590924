"""The model as Hugging Face knows it: configuration, network, processor, registered with the Auto classes."""

from lmrrg.torchvision_schemas import declare_missing_schemas

declare_missing_schemas()

import transformers  # noqa: E402
from transformers import (  # noqa: E402
    AutoConfig,
    AutoImageProcessor,
    AutoModel,
    AutoModelForImageTextToText,
    AutoProcessor,
)

from lmrrg.model.config import LmrrgConfig  # noqa: E402
from lmrrg.model.modeling import LmrrgForConditionalGeneration, LmrrgModel  # noqa: E402
from lmrrg.model.processing import LmrrgImageProcessor, LmrrgProcessor, conversation  # noqa: E402

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
