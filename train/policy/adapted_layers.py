"""Which layers of a model get adapters: the linear ones of its decoder, whatever they and the decoder are called.

Images are looked at once, before training: adapters on the image's side would learn nothing. Knows nothing about what
is learned.
"""

from torch import nn
from transformers import PreTrainedModel
from transformers.pytorch_utils import Conv1D

from train.errors import TrainingError


class NoDecoder(TrainingError):
    """A model in which no decoder can be told from the rest."""


def linear_layers(model: PreTrainedModel) -> list[str]:
    """The whole names, within ``model``, of the linear layers of its decoder, as ``named_modules`` has them.

    The layer that turns the decoder's output into words is not among them.

    Raises:
        NoDecoder: the model as a whole is its decoder, or it has no linear layers.
    """
    decoder = model.get_decoder()
    place = next((name for name, module in model.named_modules() if module is decoder), "")
    layers = [name for name, module in decoder.named_modules() if isinstance(module, nn.Linear | Conv1D)]
    if not place or not layers:
        raise NoDecoder(
            f"In a {type(model).__name__} the decoder cannot be told from the rest, so nothing says what may learn. "
            "Name its layers in lora.targets."
        )
    return [f"{place}.{layer}" for layer in layers]
