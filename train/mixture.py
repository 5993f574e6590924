"""What fine-tuning sees: the signed studies, other studies in the readers' words, and replayed phantoms.

A few dozen reports teach how the readers write, but too few images go with them to keep what the decoder sees in
them. So the live version drafts studies that nobody has signed, its drafts are put into the readers' words
(``train.rewording``), and it learns them as if they were signed: it is asked to say what it would have said, only
otherwise. Phantoms asked for by the name of their style keep the old words known. Knows no optimiser.
"""

import dataclasses
import random
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from lmrrg.model import LmrrgForConditionalGeneration, LmrrgProcessor
from train.drafting import draft_texts
from train.encoding import encode
from train.examples import REPLAY_SEEDS, Example, phantom_examples, rehearsal_seeds
from train.rewording import Rewording
from train.settings import SftSettings


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """Examples with a reference each, and their images as the decoder sees them, ``[N, tokens, text width]``."""

    examples: list[Example]
    image_tokens: Tensor
    reworded: int
    replayed: int


def mixture(
    model: LmrrgForConditionalGeneration,
    processor: LmrrgProcessor,
    signed: Sequence[Example],
    unread: Sequence[Example],
    settings: SftSettings,
    *,
    seed: int,
) -> Mixture:
    """Signed studies, reworded drafts of unread ones (of phantoms where these are too few), and replayed phantoms.

    The phantoms show rare findings too, which may be in none of the signed studies.
    """
    size = int(model.config.image_size)
    first = REPLAY_SEEDS + random.Random(seed).randrange(1_000_000)
    missing = max(settings.reworded - len(unread), 0)
    rehearsed = rehearsal_seeds(first, settings.replayed + missing)
    random.Random(seed).shuffle(rehearsed)
    replayed = phantom_examples(rehearsed[: settings.replayed], size)
    asked_plainly = [
        dataclasses.replace(one, style="") for one in phantom_examples(rehearsed[settings.replayed :], size)
    ]
    others = [*unread[: settings.reworded], *asked_plainly]
    tokens = encode(model, processor, [*signed, *others, *replayed]).tokens
    theirs = slice(len(signed), len(signed) + len(others))
    drafts = draft_texts(model, processor, others, image_tokens=tokens[theirs], batch_size=32)
    habits = Rewording.learn((one.draft, one.reference) for one in signed if one.draft and one.reference)
    chance = np.random.default_rng(seed)
    reworded = [
        dataclasses.replace(one, reference=habits.apply(text, chance))
        for one, text in zip(others, drafts, strict=True)
        if text
    ]
    kept = torch.tensor([True] * len(signed) + [bool(text) for text in drafts] + [True] * len(replayed))
    return Mixture([*signed, *reworded, *replayed], tokens.cpu()[kept], len(reworded), len(replayed))
