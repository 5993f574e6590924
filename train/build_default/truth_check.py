"""Is a sentence true of a phantom? What it claims, said or implied, against the truth the phantom was drawn from.

Knows findings and sides. Severity, zone and comparison are not held against the truth: a sentence that is right here
can still grade wrongly. Knows nothing about models.
"""

from collections.abc import Sequence

from lmrrg.grounding.claims import Claim, claims, is_named
from lmrrg.profiles import DEFAULT_PROFILE, Profile
from lmrrg.profiles.phantoms import Phantom


def _true_sides(phantom: Phantom, finding: str, profile: Profile) -> set[str]:
    """The sides whose half of the frame (the lung) bears the finding; empty if no half bears it."""
    column = phantom.region_findings[:, profile.finding_index[finding]]
    halves = [profile.regions[index] for index in profile.frame_indices]
    return {
        region.side
        for region in halves
        if region.side != "midline" and column[profile.region_index[region.name]]
    }


def claim_holds(claim: Claim, phantom: Phantom, profile: Profile = DEFAULT_PROFILE) -> bool | None:
    """Whether a claim is true, every side that it names included; None for what is called uncertain."""
    if claim.label == "uncertain":
        return None
    present = profile.drawn().labels(phantom.truth)[claim.finding] == "positive"
    sides = _true_sides(phantom, claim.finding, profile)
    named = {"right", "left"} if claim.side == "bilateral" else {claim.side} if claim.side else set()
    if claim.label == "positive":
        return present and (not sides or named <= sides)
    # "no left effusion" is true of an effusion on the right
    return not present or bool(sides and named and not named & sides)


def sentence_is_right(sentence: str, phantom: Phantom, profile: Profile = DEFAULT_PROFILE) -> bool | None:
    """Whether every claim of a sentence is true; None where it claims nothing that could be."""
    judged = (claim_holds(claim, phantom, profile) for claim in claims(sentence, profile))
    held = [one for one in judged if one is not None]
    return all(held) if held else None


def report_errs(sentences: Sequence[str], phantom: Phantom, profile: Profile = DEFAULT_PROFILE) -> bool:
    """Whether a sentence is wrong, or a disease of the truth is nowhere stated."""
    stated = {c.finding for sentence in sentences for c in claims(sentence, profile) if c.label != "negative"}
    true = profile.drawn().labels(phantom.truth)
    missed = any(
        true[name] == "positive" and not is_named(name, stated, profile) for name in profile.diseases
    )
    return missed or any(sentence_is_right(sentence, phantom, profile) is False for sentence in sentences)
