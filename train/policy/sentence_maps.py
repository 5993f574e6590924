"""What each sentence of a finished report was written from, by the native model's attention.

Computed as the reading room shows it (``lmrrg.grounding``). Does not know whether it points where it should.
"""

from collections.abc import Sequence

import torch

from lmrrg import sentences
from lmrrg.grounding.evidence import sentence_evidence
from lmrrg.model import LmrrgForConditionalGeneration, LmrrgProcessor
from train.data.examples import Example
from train.policy.base import Pointed
from train.policy.encoding import Encoded, prompt_ids


@torch.inference_mode()
def pointed(
    model: LmrrgForConditionalGeneration,
    processor: LmrrgProcessor,
    examples: Sequence[Example],
    texts: Sequence[str],
    seen: Encoded,
) -> list[list[Pointed]]:
    """The sentences of each text with their evidence; ``seen`` is what was encoded of the same examples."""
    model.eval()
    decoder = model.model.language_model
    usual = decoder.config._attn_implementation
    decoder.set_attn_implementation("eager")  # the one that tells what it attended to
    tokenizer, found = processor.tokenizer, []
    for index, (example, text) in enumerate(zip(examples, texts, strict=True)):
        before = prompt_ids(processor, **example.asked)
        report = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
        bounds = sentences.spans(text)
        ids = torch.tensor([[*before, *report["input_ids"]]], device=model.device)
        evidence = sentence_evidence(
            model,
            ids,
            [_tokens_within(report["offset_mapping"], span, len(before)) for span in bounds],
            seen.tokens[index : index + 1],
            seen.maps[index].to(model.device),
            seen.grid,
        )
        found.append(
            [
                Pointed(text[a:b], one.region_weights, one.map)
                for (a, b), one in zip(bounds, evidence, strict=True)
            ]
        )
    decoder.set_attn_implementation(usual)
    return found


def _tokens_within(offsets: Sequence[tuple[int, int]], span: tuple[int, int], shift: int) -> tuple[int, int]:
    """Characters (first, past the last) → tokens (first, past the last), counted from the prompt's beginning."""
    inside = [index for index, (first, last) in enumerate(offsets) if last > span[0] and first < span[1]]
    return shift + inside[0], shift + inside[-1] + 1
