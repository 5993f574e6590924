"""A study as the training stages see it: a picture, what was asked, and the report it should get.

Knows how an archived image becomes the model's square picture; knows no database and no model.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
from PIL import Image

from lmrrg.imaging.door import archive
from lmrrg.imaging.transforms import SquareFrame
from lmrrg.profiles.chest import phantom
from lmrrg.profiles.chest.phantom import SITES, STYLES, Phantom, labels, truth_of, write_report
from lmrrg.study import RadiographImage

# Phantoms for replay, for reinforcement and for the base set come from seeds that neither the default model's training
# nor the demonstration studies use; the three sets never meet.
REPLAY_SEEDS = 700_000_000
REINFORCED_SEEDS = 750_000_000
BASE_SET_SEEDS = 800_000_000
_SITE = "A"
# How many seeds are looked at for each that is rehearsed; pleural thickening, say, is true of one phantom in forty.
REHEARSAL_POOL = 6
# As the default model writes when nothing is asked of it: every normal finding, each in the house's favourite words.
_PLAIN = replace(
    STYLES["prose"], constancy=1.0, mention=tuple((topic, 1.0) for topic, _ in STYLES["prose"].mention)
)


@dataclass(frozen=True, slots=True, eq=False)
class Example:
    """One study.

    Attributes:
        key: ``"study 12"`` or ``"phantom 800000003"``.
        picture: 8-bit grey square at the model's size.
        style: asked for by name in the prompt; empty for what is asked plainly, as the web page asks.
        prior_report: the patient's earlier report, where the draft was written with it.
        reference: the signed report (a phantom's own report); None where nobody has signed.
        draft: what the reader started from, where there was a draft.
    """

    key: str
    picture: Image.Image
    indication: str = ""
    reference: str | None = None
    draft: str | None = None
    style: str = ""
    prior_report: str = ""

    @property
    def asked(self) -> dict[str, str]:
        """What the model is told beside the picture; the words that ``lmrrg.model.conversation`` takes."""
        return {"indication": self.indication, "style": self.style, "prior_report": self.prior_report}


def picture_of(image: RadiographImage, size: int) -> Image.Image:
    """The radiograph through its first window, letterboxed to ``size × size``, 8-bit grey."""
    square = SquareFrame(image.rows, image.columns, size).apply(image.windowed())
    return Image.fromarray(np.clip(np.rint(square * 255), 0, 255).astype(np.uint8))


def load_picture(folder: Path, size: int) -> Image.Image:
    """The archived radiograph in ``folder`` as a picture."""
    return picture_of(archive.load(folder), size)


def phantom_example(drawn: Phantom) -> Example:
    """A phantom with its own report, asked for by the name of its site's style.

    So asked, what was learned before can be replayed and measured while a plain question comes to be answered in
    the words of those who sign.
    """
    picture = Image.fromarray(drawn.pixels)
    return Example(
        f"phantom {drawn.seed}", picture, reference=drawn.report, style=SITES[drawn.site].style.description
    )


def plain_phantoms(first: int, count: int, size: int) -> list[Example]:
    """Rehearsed phantoms asked for plainly, each with a report of all that is true of it in a plain draft's words.

    Their look is that of no site but randomised, as the default model was trained: with one site's look alone the
    decoder forgets rare findings wherever radiographs look otherwise.
    """
    examples = []
    for seed in rehearsal_seeds(first, count, randomise_look=True):
        drawn = phantom.draw(seed, size=size, site=_SITE, randomise_look=True, prior=False)
        report = write_report(drawn.truth, _PLAIN, np.random.default_rng(seed))
        text = " ".join(sentence.text for sentence in report)
        examples.append(Example(f"phantom {seed}", Image.fromarray(drawn.pixels), reference=text))
    return examples


def phantom_examples(seeds: Sequence[int], size: int, site: str = _SITE) -> list[Example]:
    """Phantoms of one site, each with its own report in the site's style; none has a prior to compare with."""
    return [phantom_example(phantom.draw(seed, size=size, site=site, prior=False)) for seed in seeds]


def rehearsal_seeds(first: int, count: int, *, randomise_look: bool = False) -> list[int]:
    """``count`` seeds of phantoms that keep what was learned before: half as they come, half for what is rare.

    A few dozen signed studies may show no fracture at all, and what is never shown is forgotten. Chosen by what is
    true of a seed, without drawing it, from ``REHEARSAL_POOL * count`` seeds that begin at ``first``; phantoms of a
    randomised look have truths of their own.
    """
    truth = partial(truth_of, site=_SITE, randomise_look=randomise_look)
    shown = {
        seed: [name for name, label in labels(truth(seed)).items() if label == "positive"]
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
