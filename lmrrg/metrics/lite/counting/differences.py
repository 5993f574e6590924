"""Two accounts of one thing: how well they fit each other, and the errors between them by ReXVal's categories.

Lengths. A tube's tip moves by some 2 cm as the neck bends and stretches (Conrardy, Goodman et al., Crit Care Med 1976),
so a device's place differs from more than 2 cm on. Measurements of one nodule by several readers lie within 2 mm
(MacMahon et al., Radiology 2017: less is no growth), and RECIST 1.1 calls a change of 20 to 30 % real: other lengths
differ where they are more than 2 mm and a quarter of the larger apart, significantly where the larger is half as large
again as the smaller.
"""

from collections.abc import Mapping, Set

from lmrrg.metrics.lite.counting.stated import Instance, conflicting
from lmrrg.profiles import Profile
from lmrrg.profiles.lexicon import ASTRAY, Lexicon

_GRAVE = 4  # a grade that is told or left out, not merely graded otherwise
_TIP_MOVES = 20.0  # mm; this and the next two: see above
_READERS_DIFFER = 2.0  # mm
_CHANGE = 0.25
_ORDER = 4.0  # a value that has no like within this factor is another length, no other diameter


def fit(one: Instance, other: Instance, profile: Profile) -> float:
    """How well two instances of one concept, or of two related ones, may be the same thing; 0 where they are not."""
    if one.concept == other.concept:
        score = 2.0
    else:
        if one.side and other.side and one.side != other.side:
            return 0.0
        score = 0.5
    score += 1.0 if one.side == other.side else 0.5 if None in (one.side, other.side) else 0.0
    if one.zones and other.zones:
        score += 0.5 if one.zones & other.zones else 0.0
    score -= 0.25 * len(conflicting(one.details, other.details))
    if one.measures and other.measures and _lengths_differ(one, other, profile) is None:
        score += 0.25
    return score + (0.25 if one.severity == other.severity else 0.0)


def differences(said: Instance, meant: Instance, profile: Profile) -> dict[str, bool]:
    """Category of error → whether it is significant, between two accounts of the same thing."""
    lexicon = profile.lexicon
    found: dict[str, bool] = {}
    minor = lexicon.concepts[meant.concept].minor

    def add(category: str, significant: bool) -> None:
        found[category] = found.get(category, False) or significant

    if said.concept != meant.concept:
        add("false finding", False)
    sides_differ = bool(said.side and meant.side and said.side != meant.side)
    if sides_differ or _heights_differ(said.zones, meant.zones, lexicon.heights):
        add("wrong location", not minor)
    if _tips_differ(said.structures, meant.structures, lexicon):
        add("wrong location", not minor)
    if (ASTRAY in said.details) != (ASTRAY in meant.details):
        add("wrong location", True)
    for kind in conflicting(said.details, meant.details):
        add(lexicon.detail_errors[kind], not minor)
    if said.severity and meant.severity and said.severity != meant.severity:
        apart = abs(said.severity - meant.severity) >= 2 or (said.severity <= 2) != (meant.severity <= 2)
        add("wrong severity", apart and not minor)
    elif said.severity != meant.severity and _GRAVE in (said.severity, meant.severity):
        add("wrong severity", not minor)
    lengths_matter = _lengths_differ(said, meant, profile)
    if lengths_matter is not None:
        add("wrong severity", lengths_matter and not minor)
    if said.change != meant.change:
        telling = {said.change, meant.change} - {None, "stable"}
        if said.change is None or (said.change == "stable" and meant.change is not None):
            add("missed comparison", bool(telling))
        else:
            add("false comparison", bool(telling) and telling != {"new", "worse"})
    return found


def _heights_differ(one: Set[str], other: Set[str], heights_of: Mapping[str, int]) -> bool:
    if not one or not other or one & other:
        return False
    heights = [[heights_of[zone] for zone in zones if zone in heights_of] for zones in (one, other)]
    return all(heights) and min(heights[0]) != min(heights[1])


def _tips_differ(one: Set[str], other: Set[str], lexicon: Lexicon) -> bool:
    """Whether two accounts of a device end at places that are not near each other."""
    if not one or not other or one & other:
        return False
    first, second = ({lexicon.anatomy_region[structure] for structure in places} for places in (one, other))
    near = any({a, b} in lexicon.near_zones for a in first for b in second)
    return not first & second and not near


def _lengths_differ(one: Instance, other: Instance, profile: Profile) -> bool | None:
    """Whether lengths that both give differ significantly; None where they do not differ."""
    if not one.measures or not other.measures:
        return None
    if len(one.measures) == len(other.measures):
        pairs = list(zip(sorted(one.measures), sorted(other.measures), strict=True))
    else:
        alone = [*_alone(one.measures, other.measures), *_alone(other.measures, one.measures)]
        pairs = [(max(one.measures), max(other.measures)), *((value, 0.0) for value in alone)]
    if profile.lexicon.concepts[one.concept].finding in profile.not_diseases:
        return True if any(abs(a - b) > _TIP_MOVES for a, b in pairs) else None
    apart = [
        (min(pair), max(pair))
        for pair in pairs
        if abs(pair[0] - pair[1]) > max(_READERS_DIFFER, _CHANGE * max(pair))
    ]
    return any(larger >= 1.5 * smaller for smaller, larger in apart) if apart else None


def _alone(lengths: Set[float], others: Set[float]) -> list[float]:
    """The lengths that have no like of their order among the others."""
    return [one for one in lengths if not any(one < _ORDER * other < _ORDER**2 * one for other in others)]
