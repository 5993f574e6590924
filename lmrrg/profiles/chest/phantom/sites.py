"""Four institutions that differ in machine, patients and prose.

Knows nothing about pixels or sentences, only the ranges that they are drawn from. ``TRAINING_SITES`` are for training;
``C`` is kept out of it, to see what carries over.
"""

from dataclasses import dataclass

from lmrrg.profiles.chest.phantom.case_mix import CaseMix
from lmrrg.profiles.chest.phantom.picture.look import Look
from lmrrg.profiles.chest.phantom.words.styles import STYLES, Style


@dataclass(frozen=True, slots=True)
class Site:
    """One institution.

    Attributes:
        look: what its machine makes of a chest.
        mix: which patients come.
        style: how its reports are written.
        bits: depth of its detector's pixels.
    """

    name: str
    look: Look
    mix: CaseMix
    style: Style
    bits: int = 12


SITES: dict[str, Site] = {
    "A": Site("A", Look(), CaseMix(normal=0.38, portable=0.35), STYLES["prose"]),
    "B": Site(
        "B",
        Look(
            thorax=(0.80, 0.98),
            black=(0.0, 0.01),
            white=(0.985, 1.0),
            lift=(0.06, 0.16),
            gamma=(0.75, 0.95),
            local=(0.3, 0.8),
            noise=(0.008, 0.02),
            bar=0.3,
            marker=0.6,
        ),
        CaseMix(normal=0.35, portable=0.6, failure=1.4),
        STYLES["telegraphic"],
        bits=10,
    ),
    "C": Site(
        "C",
        Look(
            thorax=(0.66, 0.84),
            aspect=(0.82, 0.88),
            black=(0.01, 0.04),
            white=(0.95, 0.985),
            gamma=(1.1, 1.5),
            local=(0.1, 0.5),
            blur=(0.004, 0.016),
            marker=1.0,
        ),
        CaseMix(normal=0.42, portable=0.25, lesion=0.9),
        STYLES["dictated"],
        bits=14,
    ),
    "D": Site(
        "D",
        Look(
            thorax=(0.72, 0.92),
            aspect=(1.1, 1.25),
            black=(0.0, 0.03),
            white=(0.94, 0.99),
            lift=(0.10, 0.25),
            gamma=(0.6, 0.85),
            scatter=(0.15, 0.45),
            noise=(0.01, 0.03),
            bar=0.6,
            marker=0.5,
            text=0.3,
            wires=0.4,
        ),
        CaseMix(normal=0.3, portable=0.8, supine=0.6, failure=1.3, collapse=0.6, followed=0.45),
        STYLES["structured"],
        bits=8,
    ),
}
TRAINING_SITES = ("A", "B", "D")
