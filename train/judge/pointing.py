"""Do the maps still point at what the sentences speak of? Learning to write must not cost the evidence.

For each sentence of a finished report the region evidence is computed as the reading room shows it
(``lmrrg.grounding``). Two counts follow: whether a map's peak lies in a region that truly bears the finding, which
only phantoms can tell, and whether the region looked at most lies on the side that the sentence names, which any
study can. Knows no version and no threshold.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from lmrrg import sentences
from lmrrg.grounding.evidence import sentence_evidence
from lmrrg.metrics.lite.error_counts import statements
from lmrrg.metrics.lite.labels import positives
from lmrrg.model import LmrrgForConditionalGeneration, LmrrgProcessor
from lmrrg.model.region_extractor import RegionFeatures
from lmrrg.profiles.chest.findings import FINDING_INDEX
from lmrrg.profiles.chest.phantom import Phantom
from lmrrg.profiles.chest.regions import REGIONS
from train.data.examples import Example
from train.policy.encoding import prompt_ids


@dataclass(frozen=True, slots=True, eq=False)
class Pointed:
    """One sentence and what it was written from.

    Attributes:
        weights: float32 ``[29]``, the share of attention to each region.
        heat: float32 ``[grid rows, grid columns]``, the sentence's map over the model's square.
    """

    text: str
    weights: NDArray[np.float32]
    heat: NDArray[np.float32]


@torch.inference_mode()
def pointed(
    model: LmrrgForConditionalGeneration,
    processor: LmrrgProcessor,
    examples: Sequence[Example],
    texts: Sequence[str],
    image_tokens: Tensor,
    regions: RegionFeatures,
) -> list[list[Pointed]]:
    """The sentences of each text with their evidence; ``image_tokens`` and ``regions`` as ``encoding.look`` gives
    them for the same examples."""
    model.eval()
    decoder = model.model.language_model
    usual = decoder.config._attn_implementation
    decoder.set_attn_implementation("eager")  # the one that tells what it attended to
    tokenizer, maps, found = processor.tokenizer, regions.maps, []
    for index, (example, text) in enumerate(zip(examples, texts, strict=True)):
        before = prompt_ids(processor, **example.asked)
        report = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)
        bounds = sentences.spans(text)
        ids = torch.tensor([[*before, *report["input_ids"]]], device=model.device)
        evidence = sentence_evidence(
            model,
            ids,
            [_tokens_within(report["offset_mapping"], span, len(before)) for span in bounds],
            image_tokens[index : index + 1],
            maps[index],
            regions.grid,
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


def hits(found: Sequence[Pointed], phantom: Phantom) -> tuple[int, int]:
    """How many sentences name a finding that the phantom has, and how many of their maps peak where it is.

    Returned as (peaks inside, sentences). The phantom must be drawn at the model's size.
    """
    found_hits = [found_hit for one in found if (found_hit := hit(one.text, one.heat, phantom)) is not None]
    return sum(found_hits), len(found_hits)


def hit(text: str, heat: NDArray[np.float32], phantom: Phantom) -> bool | None:
    """Whether the map of a sentence peaks in a region that bears what it names; None where it names nothing borne.

    The map may be of any grid that covers the phantom. No Finding has no place and is left out: every region of a
    normal phantom bears it, so that no map could miss.
    """
    named = [FINDING_INDEX[name] for name in positives(text) - {"No Finding"}]
    bearing = np.flatnonzero(phantom.region_findings[:, named].any(1)) if named else np.array([], int)
    if not len(bearing):
        return None
    size = phantom.pixels.shape[0]
    row, column = np.unravel_index(int(heat.argmax()), heat.shape)
    x, y = (column + 0.5) / heat.shape[1] * size, (row + 0.5) / heat.shape[0] * size
    left, top, width, height = phantom.boxes[bearing].T
    return bool(((x >= left) & (x <= left + width) & (y >= top) & (y <= top + height)).any())


def named_sides(found: Sequence[Pointed]) -> tuple[int, int]:
    """How many sentences speak of one side alone, and how many of them look most at a region of that side.

    Returned as (on that side, sentences). A look at a region of neither side counts against it.
    """
    agree = counted = 0
    for one in found:
        said = {instance.side for instance in statements(one.text).present if instance.side}
        if len(said) == 1:
            counted += 1
            agree += REGIONS[int(one.weights.argmax())].startswith(said.pop())
    return agree, counted
