"""What fine-tuning sees: the signed studies, other studies in the readers' words, and replayed phantoms.

A few dozen reports teach how the readers write, but too few images go with them to keep what the decoder sees in
them, and what is shown again and again is learned by heart. So some hundred other studies are told in the readers'
words (``train.data.rewording``) and learned as if they were signed: phantoms, whose truth is known, and studies that
nobody has signed, for which the live version's drafts must do. Phantoms asked for by the name of their style keep the
old words known. Knows nothing about optimisers.
"""

import dataclasses
import random
from collections.abc import Sequence

import numpy as np

from feedback_db.training.configuration import SftSettings
from lmrrg.profiles import DEFAULT_PROFILE, Profile
from train.data.examples import Example
from train.data.phantoms import REHEARSAL_POOL, REPLAY_SEEDS, PhantomStudies
from train.data.rewording import Rewording
from train.policy.base import Policy, Seen


@dataclasses.dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """Examples with a reference each, and what the policy has seen of their images, in the same order."""

    examples: list[Example]
    seen: Seen
    reworded: int
    replayed: int


def mixture(
    policy: Policy,
    signed: Sequence[Example],
    unread: Sequence[Example],
    settings: SftSettings,
    *,
    seed: int,
) -> Mixture:
    """Signed studies, reworded drafts of unread ones, phantoms told in the readers' words, and replayed phantoms.

    The phantoms show rare findings too, which may be in none of the signed studies.
    """
    phantoms = PhantomStudies.beside(policy.version, policy.side, policy.profile)
    first = REPLAY_SEEDS + random.Random(seed).randrange(1_000_000)
    unread = unread[: settings.reworded]
    replayed = phantoms.replayed(first, settings.replayed)
    behind = first + REHEARSAL_POOL * settings.replayed
    plain = phantoms.plain(behind, settings.reworded - len(unread))
    seen = policy.look([*signed, *unread, *plain, *replayed], to_learn=True)
    theirs = range(len(signed), len(signed) + len(unread))
    drafts = policy.write(unread, seen.pick(theirs), batch_size=32)
    drafted = [dataclasses.replace(one, reference=text) for one, text in zip(unread, drafts, strict=True)]
    reworded = in_the_readers_words([*drafted, *plain], signed, policy.profile)
    examples = [*signed, *reworded, *replayed]
    often = [settings.signed_repeats] * len(signed) + [
        int(bool(one.reference)) for one in examples[len(signed) :]
    ]
    shown = np.repeat(np.arange(len(examples)), often).tolist()
    learned = sum(bool(one.reference) for one in reworded)
    return Mixture([examples[n] for n in shown], seen.pick(shown), learned, len(replayed))


def in_the_readers_words(
    examples: Sequence[Example], signed: Sequence[Example], profile: Profile = DEFAULT_PROFILE
) -> list[Example]:
    """``examples`` with their references put as the readers of ``signed`` put their drafts."""
    edits = [(one.draft, one.reference) for one in signed if one.draft and one.reference]
    habits = Rewording.learn(edits, profile)
    return [
        dataclasses.replace(one, reference=habits.apply(one.reference)) if one.reference else one
        for one in examples
    ]
