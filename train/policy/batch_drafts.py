"""Many drafts of the native model at once: texts for a list of studies, without evidence or maps.

For a draft with everything that a reader sees of it, see ``lmrrg.reporters``. Of a study it knows only the picture and
what the model is told; it knows nothing about files.
"""

from collections.abc import Sequence

import torch

from lmrrg.model import LmrrgForConditionalGeneration, LmrrgProcessor
from lmrrg.reporters import MAX_NEW_TOKENS
from train.data.examples import Example
from train.policy.encoding import Encoded, encode, prompt_of
from train.policy.sampling import sample


@torch.no_grad()
def draft_texts(
    model: LmrrgForConditionalGeneration,
    processor: LmrrgProcessor,
    examples: Sequence[Example],
    seen: Encoded | None = None,
    *,
    batch_size: int = 16,
    max_new_tokens: int = MAX_NEW_TOKENS,
    temperature: float = 0.0,
    seed: int = 0,
) -> list[str]:
    """One text per example, in order; greedy at temperature 0, else sampled from ``seed``.

    ``seen`` where the images are encoded already.
    """
    if not examples:
        return []
    tokenizer = processor.tokenizer
    tokens = (encode(model, processor, examples) if seen is None else seen).tokens
    prompts = [prompt_of(processor, **example.asked) for example in examples]
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
            told = {**batch, "image_tokens": tokens[chosen], "max_new_tokens": max_new_tokens}
            if temperature:
                ends, padding = [tokenizer.eos_token_id], tokenizer.pad_token_id
                written = sample(model, **told, temperature=temperature, ends=ends, padding=padding)
            else:
                written = model.generate(**told, do_sample=False)
            texts += tokenizer.batch_decode(
                written[:, batch["input_ids"].shape[1] :], skip_special_tokens=True
            )
    model.train(was_training)
    return [text.strip() for text in texts]
