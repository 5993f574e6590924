"""``ratescore_lite``: RaTEScore's formula over entities that our rules find, and vectors of the lexicon's own.

Named apart from the published score, which needs two models (``published.ratescore``). Knows words and no image.
"""

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from lmrrg.metrics.interface import Direction, Kind, paired
from lmrrg.metrics.lite.parsing import parse_sentence
from lmrrg.metrics.lite.remembering import remembered
from lmrrg.metrics.lite.report_sentences import split_sentences
from lmrrg.metrics.published.ratescore import EntityType, TypedEntity, rate_score
from lmrrg.profiles import DEFAULT_PROFILE, Profile


@remembered(1 << 13)
def lexicon_entities(report: str, profile: Profile) -> tuple[TypedEntity, ...]:
    """Observations and structures of a report as typed entities; the text is the lexicon's name, with its side."""
    found: list[TypedEntity] = []
    for sentence in split_sentences(report, profile):
        parsed = parse_sentence(sentence.text, profile)
        for seen in parsed.observations:
            disease = profile.lexicon.concepts[seen.concept].disease
            kind: EntityType = "DISEASE" if disease else "ABNORMALITY"
            if seen.label == "negative":
                kind = "NON-DISEASE" if disease else "NON-ABNORMALITY"
            side = f" {seen.side}" if seen.side and seen.label != "negative" else ""
            found.append(TypedEntity(f"observation:{seen.concept}{side}", kind))
        for match in parsed.matches:
            if "anatomy" in match.kinds and "observation" not in match.kinds:
                found.append(TypedEntity(f"anatomy:{match.kinds['anatomy']}", "ANATOMY"))
    return tuple(sorted(set(found)))  # ties are broken alike whatever the order of the sentences


_SIDES = ("right", "left", "bilateral")


@remembered(1 << 12)
def _lexicon_vector(text: str, profile: Profile) -> NDArray[np.float64]:
    """What it is (weight 1), where it lies (.5), which side (.5): one block each."""
    concepts, structures = profile.lexicon.concepts, profile.lexicon.anatomy_region
    names = [f"observation:{name}" for name in concepts] + [f"anatomy:{name}" for name in structures]
    homes = sorted({concept.home for concept in concepts.values()} | set(structures.values()))
    name, _, side = text.partition(" ")
    vector = np.zeros(len(names) + len(homes) + len(_SIDES))
    vector[names.index(name)] = 1.0
    kind, _, key = name.partition(":")
    home = concepts[key].home if kind == "observation" else structures[key]
    vector[len(names) + homes.index(home)] = 0.5
    if side:
        vector[len(names) + len(homes) + _SIDES.index(side)] = 0.5
    return vector


def embed_lexicon(texts: Sequence[str], profile: Profile = DEFAULT_PROFILE) -> NDArray[np.float64]:
    """Vectors float ``[n, d]`` for the texts of ``lexicon_entities``."""
    return np.stack([_lexicon_vector(text, profile) for text in texts])


class RateScoreLite:
    """RaTEScore's formula over rule-based entities; two reports without any entity are alike."""

    name = "ratescore_lite"
    direction: Direction = "higher"
    kind: Kind = "embedded"

    def __init__(self, profile: Profile = DEFAULT_PROFILE) -> None:
        self.profile = profile

    def score(self, candidates: Sequence[str], references: Sequence[str]) -> list[float]:
        return [_lite(said, meant, self.profile) for said, meant in paired(candidates, references)]


def _lite(candidate: str, reference: str, profile: Profile) -> float:
    said, meant = lexicon_entities(candidate, profile), lexicon_entities(reference, profile)
    if set(said) == set(meant):
        return 1.0
    return rate_score(said, meant, partial(embed_lexicon, profile=profile))
