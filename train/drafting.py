"""Many drafts at once: texts for a list of studies, without evidence or maps.

For a draft with everything that a reader sees of it, see ``lmrrg.reporters``. Knows no study beyond its picture
and what the model is told of it, and no file.
"""

from collections.abc import Sequence

import torch
from torch import Tensor

from lmrrg.model import LmrrgForConditionalGeneration, LmrrgProcessor
from train.encoding import encode, prompt_of
from train.examples import Example


@torch.no_grad()
def draft_texts(
    model: LmrrgForConditionalGeneration,
    processor: LmrrgProcessor,
    examples: Sequence[Example],
    *,
    image_tokens: Tensor | None = None,
    batch_size: int = 16,
    max_new_tokens: int = 128,
    temperature: float = 0.0,
    seed: int = 0,
) -> list[str]:
    """One text per example, in order; greedy at temperature 0, else sampled from ``seed``.

    ``image_tokens`` (``[N, tokens, text width]``) where the images are encoded already.
    """
    if not examples:
        return []
    tokenizer = processor.tokenizer
    tokens = encode(model, processor, examples).tokens if image_tokens is None else image_tokens
    prompts = [prompt_of(processor, **example.asked) for example in examples]
    sampling = (
        {"do_sample": True, "temperature": temperature, "top_k": 0} if temperature else {"do_sample": False}
    )
    was_training = model.training
    model.eval()
    texts: list[str] = []
    with torch.random.fork_rng(devices=[model.device] if model.device.type == "cuda" else []):
        torch.manual_seed(seed)
        for start in range(0, len(examples), batch_size):
            chosen = slice(start, start + batch_size)
            batch = tokenizer(
                prompts[chosen],
                return_tensors="pt",
                padding=True,
                padding_side="left",
                add_special_tokens=False,
                return_token_type_ids=False,
            ).to(model.device)
            written = model.generate(
                **batch, image_tokens=tokens[chosen], max_new_tokens=max_new_tokens, **sampling
            )
            texts += tokenizer.batch_decode(
                written[:, batch["input_ids"].shape[1] :], skip_special_tokens=True
            )
    model.train(was_training)
    return [text.strip() for text in texts]
