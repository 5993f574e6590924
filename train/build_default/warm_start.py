"""Starts a model from the weights of an earlier one, whatever its vocabulary. Knows nothing about data.

All parts are copied as they are; a token's embedding is that of the same token, or the mean of those that the
earlier tokenizer needs for its text, so that the region queries and the decoder keep what they know.
"""

from pathlib import Path

import torch
from torch import Tensor
from transformers import PreTrainedTokenizerFast

from lmrrg.model import LmrrgForConditionalGeneration


def warm_start(
    model: LmrrgForConditionalGeneration, tokenizer: PreTrainedTokenizerFast, folder: Path
) -> None:
    """Copy the weights in ``folder`` into ``model``, in place.

    Raises:
        RuntimeError: the parts differ in shape.
    """
    earlier = LmrrgForConditionalGeneration.from_pretrained(
        folder, local_files_only=True, trust_remote_code=False, use_safetensors=True, dtype=torch.float32
    )
    words = PreTrainedTokenizerFast.from_pretrained(folder, local_files_only=True, trust_remote_code=False)
    state = earlier.state_dict()
    for name in ("model.language_model.embed_tokens.weight", "lm_head.weight"):
        state[name] = _translated(state[name], words, tokenizer)
    model.load_state_dict(state)


def _translated(rows: Tensor, earlier: PreTrainedTokenizerFast, tokenizer: PreTrainedTokenizerFast) -> Tensor:
    """``rows [earlier vocabulary, width]`` for the tokens of another tokenizer."""
    vocabulary = earlier.get_vocab()
    translated = rows.mean(0).expand(len(tokenizer), -1).clone()
    for token, index in tokenizer.get_vocab().items():
        known = vocabulary.get(token)
        pieces = (
            [known]
            if known is not None
            else earlier(tokenizer.decode([index]), add_special_tokens=False)["input_ids"]
        )
        if pieces:
            translated[index] = rows[pieces].mean(0)
    return translated
