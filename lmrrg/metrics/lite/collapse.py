"""Signs that a policy cheats a metric or has collapsed: repetition, length drift, one report for all.

The usual failure of reinforcement learning on report metrics is collapse to one normal report, or ever longer
ones (CheXalign: 56 → 140 words). Knows texts only; thresholds belong to whoever uses the values.
"""

import re
from collections import Counter
from collections.abc import Sequence

from lmrrg.metrics.lite.labels import label_report
from lmrrg.profiles import DEFAULT_PROFILE, Profile

_WORD = re.compile(r"\w+")
_SPACE = re.compile(r"\W+")


def repeated_ngrams(report: str, n: int = 3) -> float:
    """Share of the report's n-grams that occurred before in it, 0 … 1; 0 where it has none."""
    words = _WORD.findall(report.lower())
    grams = [tuple(words[start : start + n]) for start in range(len(words) - n + 1)]
    return 1 - len(set(grams)) / len(grams) if grams else 0.0


def length_ratio(candidate: str, reference: str) -> float:
    """Words of the candidate per word of the reference (at least one)."""
    return len(_WORD.findall(candidate)) / max(len(_WORD.findall(reference)), 1)


def duplicate_share(reports: Sequence[str]) -> float:
    """Share of reports whose words another one of them has too, 0 … 1."""
    if not reports:
        return 0.0
    counts = Counter(_SPACE.sub(" ", report.lower()).strip() for report in reports)
    return sum(count for count in counts.values() if count > 1) / len(reports)


def all_normal_share(reports: Sequence[str], profile: Profile = DEFAULT_PROFILE) -> float:
    """Share of reports that were read whole and state no abnormality; 0 where the profile has no normal finding."""
    nothing = profile.normal_finding
    normal = sum(label_report(report, profile).get(nothing or "") == "positive" for report in reports)
    return normal / len(reports) if reports else 0.0
