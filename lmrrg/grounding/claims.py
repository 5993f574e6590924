"""What a sentence claims of the findings, said or implied: "the lungs are clear" denies every one of the lung.

Knows words only, neither image nor probability. Which finding a normal structure denies, and what else with it, is the
profile's to say. CheXpert's labels (``metrics.labels``) leave blank what a normal
structure implies; whoever compares a sentence with an image must not.
"""

from collections.abc import Collection
from typing import NamedTuple

from lmrrg.metrics.categories import Label
from lmrrg.metrics.lite.labels import label_of_finding, observations
from lmrrg.profiles import DEFAULT_PROFILE, Profile


class Claim(NamedTuple):
    """One claim of a sentence.

    Attributes:
        finding: one of the profile's findings but the normal one.
        side: ``right``, ``left``, ``bilateral``, or None where the text does not say.
        implied: read from a normal structure or from "no abnormality", not from the finding's own name.
    """

    finding: str
    label: Label
    side: str | None = None
    implied: bool = False


def is_named(finding: str, names: Collection[str], profile: Profile = DEFAULT_PROFILE) -> bool:
    """Whether ``names`` hold ``finding``, or a word that stands for it ("consolidation" for "lung opacity")."""
    return finding in names or any(other in names for other in profile.named_by.get(finding, ()))


def claims(sentence: str, profile: Profile = DEFAULT_PROFILE) -> list[Claim]:
    """Every claim of ``sentence`` in the order of the text; empty where it says nothing of any finding."""
    found: list[Claim] = []
    for placed in observations(sentence, profile):
        seen = placed.observation
        concept = profile.lexicon.concepts[seen.concept]
        if seen.label is None:
            continue
        if concept.generic and seen.label == "negative":
            found += [Claim(name, "negative", None, implied=True) for name in profile.diseases]
        elif concept.finding is not None:
            denied = profile.denied_with.get(concept.finding, ())
            if denied and seen.implied and seen.label == "negative":
                found += [Claim(name, "negative", seen.side, implied=True) for name in denied]
            else:
                label = label_of_finding(seen, profile) or seen.label
                found.append(Claim(concept.finding, label, seen.side, seen.implied))
    return found
