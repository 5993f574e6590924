"""Where the image and the text disagree: the region extractor's findings against the claims of a report.

Knows probabilities and words, no pixels. The two opinions come from the same image by different ways, so a
difference is worth a radiologist's look; neither is taken to be right.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from lmrrg.grounding.claims import Claim, claims, is_named
from lmrrg.profiles import DEFAULT_PROFILE, Profile
from lmrrg.report import Disagreement

# Above the first the image "suggests" a finding that the text denies or leaves out; below the second it does not
# support one.
SUGGESTS = 0.6
DOES_NOT_SUPPORT = 0.15


def _differing(
    made: Sequence[Claim], findings: Mapping[str, float]
) -> dict[str, Literal["positive", "negative"]]:
    """The findings on which the claims and the image differ, with what is claimed; the order is that of the text.

    A denial for one side is let pass: ``findings`` are of the whole image and may come from the other side.
    """
    found: dict[str, Literal["positive", "negative"]] = {}
    implied: list[str] = []
    for claim in made:
        probability = findings.get(claim.finding)
        if probability is None or (claim.label == "negative" and claim.side in ("right", "left")):
            continue
        if claim.label == "negative" and probability >= SUGGESTS:
            if claim.implied:
                implied.append(claim.finding)
            else:
                found[claim.finding] = "negative"
        elif claim.label == "positive" and probability <= DOES_NOT_SUPPORT:
            found[claim.finding] = "positive"
    if implied and not found:  # of all that "the lungs are clear" denies, the one that the image shows best
        found[max(implied, key=lambda name: findings[name])] = "negative"
    return found


def flag(sentence: str, findings: Mapping[str, float], profile: Profile = DEFAULT_PROFILE) -> str | None:
    """What the image says against ``sentence``, as one line to show beside it; None where the two agree."""
    remarks = [
        f"image {'suggests' if stated == 'negative' else 'does not support'} "
        f"{finding.lower()} {findings[finding]:.2f}"
        for finding, stated in _differing(claims(sentence, profile), findings).items()
    ]
    return "; ".join(remarks) or None


def disagreements(
    sentences: Sequence[str], findings: Mapping[str, float], profile: Profile = DEFAULT_PROFILE
) -> tuple[Disagreement, ...]:
    """Every difference of the whole report, the strongest first.

    One for each finding that a sentence's flag names (the first sentence that does), and one for each disease that
    the image suggests and no sentence names.
    """
    found: dict[str, Disagreement] = {}
    mentioned: set[str] = set()
    for index, sentence in enumerate(sentences):
        made = claims(sentence, profile)
        mentioned |= {claim.finding for claim in made if not claim.implied}
        for finding, stated in _differing(made, findings).items():
            found.setdefault(finding, Disagreement(finding, findings[finding], stated, index))
    for finding in sorted(profile.diseases, key=lambda name: -findings.get(name, 0.0)):
        probability = findings.get(finding, 0.0)
        if probability >= SUGGESTS and not is_named(finding, mentioned | found.keys(), profile):
            found[finding] = Disagreement(finding, probability, None, None)
    return tuple(sorted(found.values(), key=_strength, reverse=True))


def _strength(one: Disagreement) -> float:
    return 1 - one.probability if one.stated == "positive" else one.probability
