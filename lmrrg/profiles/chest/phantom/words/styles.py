"""How houses and readers write: form, order, what normal is mentioned, impression, favourite words.

Knows nothing about the truth or the words of reports. ``STYLES`` are those of the sites; ``random_style`` draws
others of the same kinds, so that a decoder can be taught to tell what is said from how. The wordings ``"own
normals"`` and ``"dictated"`` are kept out of all training: they show what a reader costs whose words no model has
seen.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

Topic = Literal["devices", "lungs", "pleura", "heart", "mediastinum", "bones"]
Form = Literal["prose", "telegraphic", "structured"]
Wording = Literal["common", "own normals", "dictated"]

_FEW, _ALL = 0.55, 0.9  # mean shares of normals mentioned below and above which a style has a word for it


@dataclass(frozen=True, slots=True)
class Style:
    """How a house, or one reader, writes.

    Attributes:
        form: full sentences, telegraph style, or telegraph style under the organs' names.
        order: topics in the order in which they are reported.
        mention: topic → how often its normal state is mentioned, 0 … 1, as pairs.
        impression: how often the report closes with an impression.
        accent: which of the ways to say a thing this reader likes best.
        constancy: how often the favourite is taken, 0 … 1; else any.
        wording: the set of phrases; ``"common"`` has one for prose and one for the other forms. ``"own normals"``
            is common for what is wrong, with phrases of its own for what is normal, as many readers have;
            ``"dictated"`` is other words for everything.
    """

    name: str
    form: Form
    order: tuple[Topic, ...] = ("devices", "lungs", "pleura", "heart", "mediastinum", "bones")
    mention: tuple[tuple[Topic, float], ...] = (
        ("lungs", 1.0), ("pleura", 1.0), ("heart", 1.0), ("mediastinum", 0.9), ("bones", 0.7),
    )  # fmt: skip
    impression: float = 1.0
    accent: int = 0
    constancy: float = 0.6
    wording: Wording = "common"

    @property
    def description(self) -> str:
        """The style in seven words or fewer, as one would ask for it: "telegraphic, heart first, with impression".

        Says what can be asked for (form, first topic, how many normals, impression); favourite words, and which
        set of words, are not in it.
        """
        parts = [self.form, f"{self.order[0]} first"]
        share = sum(often for _, often in self.mention) / 5
        if share < _FEW or share > _ALL + 0.05:
            parts.append("few normals" if share < _FEW else "all normals")
        if self.impression <= 0.25:
            parts.append("without impression")
        elif self.impression >= 0.75:
            parts.append("with impression")
        return ", ".join(parts)


STYLES: dict[str, Style] = {
    "prose": Style("prose", "prose"),
    "telegraphic": Style(
        "telegraphic",
        "telegraphic",
        order=("heart", "mediastinum", "lungs", "pleura", "devices", "bones"),
        mention=(("lungs", 1.0), ("pleura", 1.0), ("heart", 1.0), ("mediastinum", 0.5), ("bones", 0.2)),
        impression=0.0,
        accent=1,
    ),
    "structured": Style(
        "structured",
        "structured",
        order=("lungs", "pleura", "heart", "mediastinum", "bones", "devices"),
        mention=(("lungs", 1.0), ("pleura", 1.0), ("heart", 1.0), ("mediastinum", 1.0), ("bones", 1.0)),
    ),
    "dictated": Style(
        "dictated",
        "prose",
        order=("mediastinum", "heart", "pleura", "lungs", "bones", "devices"),
        mention=(("lungs", 1.0), ("pleura", 1.0), ("heart", 1.0), ("mediastinum", 0.9), ("bones", 0.3)),
        accent=1,
        constancy=0.7,
        wording="dictated",
    ),
    "colleague": Style(
        "colleague",
        "prose",
        order=("pleura", "heart", "lungs", "bones", "mediastinum", "devices"),
        mention=(("lungs", 1.0), ("pleura", 1.0), ("heart", 1.0), ("mediastinum", 0.4), ("bones", 0.1)),
        accent=2,
        constancy=0.8,
        wording="own normals",
    ),
}
TRAINING_STYLES: tuple[str, ...] = ("prose", "telegraphic", "structured")
# What a model writes that is asked for no style.
HOUSE_STYLE = "prose"

_TOPICS: tuple[Topic, ...] = ("devices", "lungs", "pleura", "heart", "mediastinum", "bones")
_NORMALS: tuple[Topic, ...] = ("lungs", "pleura", "heart", "mediastinum", "bones")
# Orders people use: top of the list first, from the outside in, by organ; else any.
_HABITS: tuple[tuple[Topic, ...], ...] = tuple(STYLES[name].order for name in TRAINING_STYLES)


def random_style(rng: np.random.Generator) -> Style:
    """Draw a style of the training's wordings; never one of a held-out wording."""
    forms: tuple[Form, ...] = ("prose", "telegraphic", "structured")
    form = forms[int(rng.integers(3))]
    if rng.random() < 0.5:
        order = _HABITS[int(rng.integers(len(_HABITS)))]
    else:
        order = tuple(_TOPICS[k] for k in rng.permutation(len(_TOPICS)))
    level = float(rng.choice([0.3, 0.8, 1.0]))
    mention = tuple(
        (topic, round(min(1.0, level + (0.15 if topic in ("lungs", "pleura") else 0.0)), 2))
        for topic in _NORMALS
    )
    return Style(
        "drawn",
        form,
        order=order,
        mention=mention,
        impression=float(rng.integers(2)),
        accent=int(rng.integers(6)),
        constancy=round(float(rng.uniform(0.3, 1.0)), 2),
    )
