"""Do the maps still point at what the sentences speak of? Learning to write must not cost the evidence.

Two counts of a finished report's sentences and what they were written from: whether a map's peak lies in a region that
truly bears the finding, which only phantoms can tell, and whether the region looked at most lies on the side that the
sentence names, which any study can. Knows nothing about versions or thresholds.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from lmrrg.metrics.lite.counting.stated import statements
from lmrrg.metrics.lite.labels import positives
from lmrrg.profiles import DEFAULT_PROFILE, Profile
from lmrrg.profiles.phantoms import Phantom
from train.policy.base import Pointed


def hits(found: Sequence[Pointed], phantom: Phantom, profile: Profile = DEFAULT_PROFILE) -> tuple[int, int]:
    """How many sentences name a finding that the phantom has, and how many of their maps peak where it is.

    Returned as (peaks inside, sentences). The phantom must be drawn at the model's size.
    """
    judged = (hit(one.text, one.heat, phantom, profile) for one in found)
    found_hits = [one for one in judged if one is not None]
    return sum(found_hits), len(found_hits)


def hit(
    text: str, heat: NDArray[np.float32], phantom: Phantom, profile: Profile = DEFAULT_PROFILE
) -> bool | None:
    """Whether the map of a sentence peaks in a region that bears what it names; None where it names nothing borne.

    The map may be of any grid that covers the phantom. The normal finding has no place and is left out: every
    region of a normal phantom bears it, so that no map could miss.
    """
    stated = positives(text, profile) - {profile.normal_finding}
    named = [profile.finding_index[name] for name in stated]
    bearing = np.flatnonzero(phantom.region_findings[:, named].any(1)) if named else np.array([], int)
    if not len(bearing):
        return None
    size = phantom.pixels.shape[0]
    row, column = np.unravel_index(int(heat.argmax()), heat.shape)
    x, y = (column + 0.5) / heat.shape[1] * size, (row + 0.5) / heat.shape[0] * size
    left, top, width, height = phantom.boxes[bearing].T
    return bool(((x >= left) & (x <= left + width) & (y >= top) & (y <= top + height)).any())


def named_sides(found: Sequence[Pointed], profile: Profile = DEFAULT_PROFILE) -> tuple[int, int]:
    """How many sentences speak of one side alone, and how many of them look most at a region of that side.

    Returned as (on that side, sentences). A look at a region of neither side counts against it.
    """
    agree = counted = 0
    for one in found:
        said = {instance.side for instance in statements(one.text, profile).present if instance.side}
        if len(said) == 1:
            counted += 1
            agree += profile.region_names[int(one.weights.argmax())].startswith(said.pop())
    return agree, counted
