"""Is a sentence true of a phantom? What it claims, said or implied, against the truth the phantom was drawn from.

Knows findings and sides. Severity, zone and comparison are not held against the truth: a sentence that is right here
can still grade wrongly. Knows no model.
"""

from collections.abc import Sequence

from lmrrg.grounding.claims import Claim, claims, is_named
from lmrrg.profiles import DEFAULT_PROFILE
from lmrrg.profiles.chest.findings import FINDING_INDEX
from lmrrg.profiles.chest.phantom import Phantom, labels
from lmrrg.profiles.chest.regions import REGION_INDEX


def _true_sides(phantom: Phantom, finding: str) -> set[str]:
    """The sides whose lung bears the finding; empty for what is not of lung or pleura."""
    column = phantom.region_findings[:, FINDING_INDEX[finding]]
    return {side for side in ("right", "left") if column[REGION_INDEX[f"{side} lung"]]}


def claim_holds(claim: Claim, phantom: Phantom) -> bool | None:
    """Whether a claim is true, every side that it names included; None for what is called uncertain."""
    if claim.label == "uncertain":
        return None
    present = labels(phantom.truth)[claim.finding] == "positive"
    sides = _true_sides(phantom, claim.finding)
    named = {"right", "left"} if claim.side == "bilateral" else {claim.side} if claim.side else set()
    if claim.label == "positive":
        return present and (not sides or named <= sides)
    # "no left effusion" is true of an effusion on the right
    return not present or bool(sides and named and not named & sides)


def sentence_is_right(sentence: str, phantom: Phantom) -> bool | None:
    """Whether every claim of a sentence is true; None where it claims nothing that could be."""
    held = [h for claim in claims(sentence) if (h := claim_holds(claim, phantom)) is not None]
    return all(held) if held else None


def report_errs(sentences: Sequence[str], phantom: Phantom) -> bool:
    """Whether a sentence is wrong, or a disease of the truth is nowhere stated."""
    stated = {c.finding for sentence in sentences for c in claims(sentence) if c.label != "negative"}
    true = labels(phantom.truth)
    missed = any(true[name] == "positive" and not is_named(name, stated) for name in DEFAULT_PROFILE.diseases)
    return missed or any(sentence_is_right(sentence, phantom) is False for sentence in sentences)
