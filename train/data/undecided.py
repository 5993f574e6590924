"""Which studies are worth several texts: those whose sampled texts disagree.

Where all texts of a group say the same, rewards cannot tell them apart and a step learns nothing from it; after
fine-tuning that happens with four studies in five. DAPO (arXiv 2503.14476) samples on until a step is full of groups
that differ; here two texts of each study are sampled before the first step. The truth of a study plays no part in the
choice: if studies were chosen by their mistakes, those with an overlooked finding would teach the model to find it
everywhere.
"""

from collections.abc import Sequence

import numpy as np

from lmrrg.metrics.lite.error_counts import count_errors
from train.data.examples import Example
from train.policy.base import Policy, Seen

_BATCH = 128  # texts, two of each study


def undecided(
    policy: Policy,
    examples: Sequence[Example],
    seen: Seen,
    *,
    max_new_tokens: int,
    temperature: float,
    seed: int,
) -> list[bool]:
    """For each study, whether two texts sampled at ``temperature`` differ by a significant error."""
    # The two of a study lie side by side: as long as they agree they are written as one.
    twice = np.repeat(np.arange(len(examples)), 2).tolist()
    texts = policy.write(
        [examples[index] for index in twice],
        seen.pick(twice),
        batch_size=_BATCH,
        max_new_tokens=max_new_tokens,
        temperature=temperature,
        seed=seed,
    )
    pairs = zip(texts[::2], texts[1::2], strict=True)
    return [count_errors(one, other, policy.profile).total_significant > 0 for one, other in pairs]
