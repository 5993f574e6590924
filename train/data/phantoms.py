"""Drawn studies of known truth that take part in training: only beside the demonstration model, whose profile has some.

Beside any other model nothing drawn is learned from or judged by: ``PhantomStudies`` is empty then, and callers need
not know why. Knows nothing about policies or databases.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from PIL import Image

from lmrrg.profiles import DEFAULT_PROFILE, Profile
from lmrrg.profiles.phantoms import Phantom, Phantoms
from lmrrg.report import ModelName
from train.data.examples import Example

# Phantoms for replay, for reinforcement and for the base set come from seeds that neither the default model's training
# nor the demonstration studies use; the three sets never meet.
REPLAY_SEEDS = 700_000_000
REINFORCED_SEEDS = 750_000_000
BASE_SET_SEEDS = 800_000_000
_SITE = "A"
# How many seeds are looked at for each that is rehearsed; pleural thickening, say, is true of one phantom in forty.
REHEARSAL_POOL = 6


@dataclass(frozen=True, slots=True)
class PhantomStudies:
    """Phantoms drawn at ``size × size``; none at all without ``phantoms``."""

    phantoms: Phantoms | None
    size: int

    @classmethod
    def beside(cls, version: ModelName, size: int, profile: Profile = DEFAULT_PROFILE) -> "PhantomStudies":
        """Those that take part in training ``version``."""
        return cls(profile.phantom if version.demonstration else None, size)

    def drawn(self, seeds: Sequence[int], site: str = _SITE) -> list[Phantom]:
        """Phantoms of one site; none has a prior to compare with."""
        if self.phantoms is None:
            return []
        return [self.phantoms.draw(seed, size=self.size, site=site, prior=False) for seed in seeds]

    def base_set(self, count: int) -> list[Phantom]:
        """The frozen phantoms that watch over what a version could do before."""
        return self.drawn(range(BASE_SET_SEEDS, BASE_SET_SEEDS + count))

    def example(self, drawn: Phantom) -> Example:
        """A phantom with its own report, asked for by the name of its site's style.

        So asked, what was learned before can be replayed and measured while a plain question comes to be answered in
        the words of those who sign.
        """
        assert self.phantoms is not None  # somebody drew it
        style = self.phantoms.SITES[drawn.site].style.description
        picture = Image.fromarray(drawn.pixels)
        return Example(f"phantom {drawn.seed}", picture, reference=drawn.report, style=style)

    def replayed(self, first: int, count: int) -> list[Example]:
        """Rehearsed phantoms, each with its own report in its site's style."""
        if self.phantoms is None:
            return []
        return [self.example(one) for one in self.drawn(rehearsal_seeds(self.phantoms, first, count))]

    def plain(self, first: int, count: int) -> list[Example]:
        """Rehearsed phantoms asked for plainly, each with a report of all that is true of it in a plain draft's words.

        Their look is that of no site but randomised, as the default model was trained: with one site's look alone the
        decoder forgets rare findings wherever radiographs look otherwise.
        """
        if self.phantoms is None:
            return []
        house = self.phantoms.STYLES[self.phantoms.HOUSE_STYLE]
        # As the model writes when no style is asked for: every normal finding, each in the house's favourite words.
        style = replace(house, constancy=1.0, mention=tuple((topic, 1.0) for topic, _ in house.mention))
        examples = []
        for seed in rehearsal_seeds(self.phantoms, first, count, randomise_look=True):
            drawn = self.phantoms.draw(seed, size=self.size, site=_SITE, randomise_look=True, prior=False)
            report = self.phantoms.write_report(drawn.truth, style, np.random.default_rng(seed))
            text = " ".join(sentence.text for sentence in report)
            examples.append(Example(f"phantom {seed}", Image.fromarray(drawn.pixels), reference=text))
        return examples


def phantom_examples(seeds: Sequence[int], size: int, site: str = _SITE) -> list[Example]:
    """Phantoms of the default profile and one site, whichever version is live: for tests and benchmarks."""
    studies = PhantomStudies(DEFAULT_PROFILE.phantom, size)
    return [studies.example(one) for one in studies.drawn(seeds, site)]


def rehearsal_seeds(phantoms: Phantoms, first: int, count: int, *, randomise_look: bool = False) -> list[int]:
    """``count`` seeds of phantoms that keep what was learned before: half as they come, half for what is rare.

    A few dozen signed studies may show no fracture at all, and what is never shown is forgotten. Chosen by what is
    true of a seed, without drawing it, from ``REHEARSAL_POOL * count`` seeds that begin at ``first``; phantoms of a
    randomised look have truths of their own.
    """
    truth = partial(phantoms.truth_of, site=_SITE, randomise_look=randomise_look)
    shown = {
        seed: [name for name, label in phantoms.labels(truth(seed)).items() if label == "positive"]
        for seed in range(first, first + REHEARSAL_POOL * count)
    }
    waiting = list(shown)
    chosen, waiting = waiting[: count - count // 2], waiting[count - count // 2 :]
    seen = Counter(name for seed in chosen for name in shown[seed])
    while len(chosen) < count:
        rarest = min({name for seed in waiting for name in shown[seed]}, key=lambda name: (seen[name], name))
        seed = next(seed for seed in waiting if rarest in shown[seed])
        waiting.remove(seed)
        chosen.append(seed)
        seen.update(shown[seed])
    return chosen
