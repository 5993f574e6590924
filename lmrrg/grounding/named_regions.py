"""Which regions a sentence names, or implies by what it speaks of: "left effusion" implies the left costophrenic angle.

Knows words only, neither image nor model; which word lies where is the profile's lexicon. A sentence that speaks of
everything at once ("no acute abnormality") names no place.
"""

from collections.abc import Iterable
from typing import NamedTuple

from lmrrg.metrics.lite.parsing import Observation, ParsedSentence, parse_sentence
from lmrrg.profiles import DEFAULT_PROFILE, Profile


class NamedRegion(NamedTuple):
    """A region that a sentence speaks of.

    Attributes:
        finding: what it says of it, one of the profile's findings; None where it is another thing, or none.
        present: whether it is said to be there, or may be.
    """

    region: str
    finding: str | None = None
    present: bool = False


def named_regions(sentence: str, profile: Profile = DEFAULT_PROFILE) -> list[NamedRegion]:
    """Each region with each finding once, in the order of the text; empty where the sentence names no place."""
    parsed = parse_sentence(sentence, profile)
    found = []
    for seen in parsed.observations:
        if seen.label is not None:
            finding, present = profile.lexicon.concepts[seen.concept].finding, seen.label != "negative"
            places = _of_observation(seen, parsed, profile)
            found += [NamedRegion(region, finding, present) for region in places]
    return list(dict.fromkeys(found or map(NamedRegion, _of_structures(parsed, profile))))


def _of_observation(seen: Observation, parsed: ParsedSentence, profile: Profile) -> list[str]:
    """Where it lies: by its zone, else by the structures or its own name if those say where, else its home."""
    lexicon = profile.lexicon
    home = lexicon.concepts[seen.concept].home
    structures = [lexicon.anatomy_region[name] for name in sorted(seen.structures)]
    nouns = [lexicon.zone_region[zone] for zone in sorted(seen.zones) if zone in lexicon.zone_region]
    if not nouns and seen.concept in lexicon.runs_through:
        nouns = structures or lexicon.runs_through[seen.concept]
    if not nouns and home in (lexicon.anywhere, ""):
        nouns = [noun for noun in structures if noun != lexicon.anywhere]
    return _sided(nouns or _read_from(seen, parsed, profile) or [home], seen.side, profile)


def _read_from(seen: Observation, parsed: ParsedSentence, profile: Profile) -> list[str]:
    """The structures in whose state it was read ("the trachea is midline")."""
    return [
        profile.lexicon.anatomy_region[match.kinds["anatomy"]]
        for match in parsed.matches
        if "anatomy" in match.kinds
        and "observation" not in match.kinds
        and seen.start <= parsed.tokens[match.first].start
        and parsed.tokens[match.last].end <= seen.end
    ]


def _of_structures(parsed: ParsedSentence, profile: Profile) -> list[str]:
    """The structures of a sentence that observes nothing: "both lungs …"."""
    sides = {match.kinds["side"] for match in parsed.matches if "side" in match.kinds}
    regions = profile.lexicon.anatomy_region
    nouns = [regions[match.kinds["anatomy"]] for match in parsed.matches if "anatomy" in match.kinds]
    return _sided(nouns, sides.pop() if len(sides) == 1 else None, profile)


def _sided(nouns: Iterable[str], side: str | None, profile: Profile) -> list[str]:
    """Regions without their side → the profile's; those of both sides where the text gives none, or both."""
    known = profile.region_index
    sides = (side,) if side in ("right", "left") else ("right", "left")
    found: list[str] = []
    for noun in nouns:
        here = [f"{one} {noun}" for one in sides if f"{one} {noun}" in known]
        found += here or ([noun] if noun in known else [])
    return list(dict.fromkeys(found))
