"""What a sentence claims of the 14 findings, said or implied: "the lungs are clear" denies every one of the lung.

Knows words only, neither image nor probability. CheXpert's labels (``metrics.labels``) leave blank what a normal
structure implies; whoever compares a sentence with an image must not.
"""

from collections.abc import Collection
from typing import NamedTuple

from lmrrg.metrics.lite.labels import observations
from lmrrg.metrics.lite.lexicon import CONCEPTS
from lmrrg.profiles.chest.findings import FINDINGS, Label

# Findings that lie within the lung: CheXpert's tree under "lung opacity" (Irvin et al. 2019, figure 1).
OF_THE_LUNG = ("Lung Opacity", "Lung Lesion", "Edema", "Consolidation", "Pneumonia", "Atelectasis")
# A finding counts as named where a narrower or a wider word for it stands (CheXpert's tree, Irvin et al. 2019,
# figure 1); what the image shows of a pneumonia is its consolidation.
_NAMED_BY = {
    "Lung Opacity": ("Consolidation", "Pneumonia", "Atelectasis", "Edema", "Lung Lesion"),
    "Consolidation": ("Pneumonia",),
    "Pneumonia": ("Consolidation",),
    "Enlarged Cardiomediastinum": ("Cardiomegaly",),
}
DISEASES = tuple(name for name in FINDINGS if name not in ("No Finding", "Support Devices"))


class Claim(NamedTuple):
    """One claim of a sentence.

    Attributes:
        finding: one of ``DISEASES`` or ``Support Devices``.
        side: ``right``, ``left``, ``bilateral``, or None where the text does not say.
        implied: read from a normal structure or from "no abnormality", not from the finding's own name.
    """

    finding: str
    label: Label
    side: str | None = None
    implied: bool = False


def is_named(finding: str, names: Collection[str]) -> bool:
    """Whether ``names`` hold ``finding``, or a word that stands for it ("consolidation" for "lung opacity")."""
    return finding in names or any(other in names for other in _NAMED_BY.get(finding, ()))


def claims(sentence: str) -> list[Claim]:
    """Every claim of ``sentence`` in the order of the text; empty where it says nothing of any finding."""
    found: list[Claim] = []
    for placed in observations(sentence):
        seen = placed.observation
        concept = CONCEPTS[seen.concept]
        if seen.label is None:
            continue
        if concept.generic and seen.label == "negative":
            found += [Claim(name, "negative", None, implied=True) for name in DISEASES]
        elif concept.finding == "Lung Opacity" and seen.implied and seen.label == "negative":
            found += [Claim(name, "negative", seen.side, implied=True) for name in OF_THE_LUNG]
        elif concept.finding is not None:
            found.append(Claim(concept.finding, seen.label, seen.side, seen.implied))
    return found
