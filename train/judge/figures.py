"""The figures by which two versions are compared: what each counts in one report, and how counts become a figure.

Adding a figure is adding an entry to ``FIGURES``. Those by rules are named as such, and beside them stands how much the
rules have read. Knows nothing about models or thresholds: those are the gate's.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from lmrrg.metrics.categories import ERROR_CATEGORIES
from lmrrg.metrics.lite.counting.stated import statements
from lmrrg.metrics.lite.coverage import read_whole, sentences_read
from lmrrg.metrics.lite.error_counts import count_errors
from lmrrg.metrics.lite.labels import label_report, positives
from lmrrg.metrics.radcliq import RadCliqLite
from lmrrg.profiles import DEFAULT_PROFILE, Profile
from train.judge import bootstrap

Direction = Literal["lower", "higher", "neither"]


class Count(Protocol):
    """Texts and their references → numbers per study ``[n]`` or ``[n, k]``, by the words of a profile."""

    def __call__(
        self, texts: Sequence[str], references: Sequence[str], profile: Profile = DEFAULT_PROFILE, /
    ) -> NDArray[np.float64]: ...


def _radcliq_lite(
    texts: Sequence[str], references: Sequence[str], profile: Profile = DEFAULT_PROFILE
) -> NDArray[np.float64]:
    return np.asarray(RadCliqLite(profile).score(list(texts), list(references)), np.float64)


def label_hits(
    texts: Sequence[str], references: Sequence[str], profile: Profile = DEFAULT_PROFILE
) -> NDArray[np.float64]:
    """True positives, false positives and false negatives of the positive labels, ``[n, 3]``."""
    rows = []
    for text, reference in zip(texts, references, strict=True):
        said, true = (positives(one, profile) - {profile.normal_finding} for one in (text, reference))
        rows.append([len(said & true), len(said - true), len(true - said)])
    return np.asarray(rows, np.float64)


def significant_errors(
    texts: Sequence[str], references: Sequence[str], profile: Profile = DEFAULT_PROFILE
) -> NDArray[np.float64]:
    """Significant errors in each report, over ReXVal's six categories."""
    counted = [
        count_errors(text, reference, profile) for text, reference in zip(texts, references, strict=True)
    ]
    return np.array([count.total_significant for count in counted], np.float64)


def _errors_of(category: str) -> Count:
    """Significant errors of one of ReXVal's categories in each report."""

    def count(
        texts: Sequence[str], references: Sequence[str], profile: Profile = DEFAULT_PROFILE
    ) -> NDArray[np.float64]:
        counted = [
            count_errors(text, reference, profile) for text, reference in zip(texts, references, strict=True)
        ]
        return np.array([one.significant[category] for one in counted], np.float64)

    return count


def label_hits_of(finding: str) -> Count:
    """True positives, false positives and false negatives of one finding, ``[n, 3]``."""

    def count(
        texts: Sequence[str], references: Sequence[str], profile: Profile = DEFAULT_PROFILE
    ) -> NDArray[np.float64]:
        rows = []
        for text, reference in zip(texts, references, strict=True):
            said, true = finding in positives(text, profile), finding in positives(reference, profile)
            rows.append([said and true, said and not true, true and not said])
        return np.asarray(rows, np.float64)

    return count


def sides(
    texts: Sequence[str], references: Sequence[str], profile: Profile = DEFAULT_PROFILE
) -> NDArray[np.float64]:
    """How many findings both reports give a side, and for how many it is the same, as ``[right, given]``."""
    rows = []
    for text, reference in zip(texts, references, strict=True):
        said, meant = _sides(text, profile), _sides(reference, profile)
        both = said.keys() & meant.keys()
        rows.append([sum(said[concept] == meant[concept] for concept in both), len(both)])
    return np.asarray(rows, np.float64)


def _sides(report: str, profile: Profile) -> dict[str, frozenset[str]]:
    found: dict[str, frozenset[str]] = {}
    for one in statements(report, profile).present:
        if one.side:
            found[one.concept] = found.get(one.concept, frozenset()) | {one.side}
    return found


def edit_distance(
    texts: Sequence[str], references: Sequence[str], profile: Profile = DEFAULT_PROFILE
) -> NDArray[np.float64]:
    """Words to insert, delete or change until each text is what was signed."""
    return np.array(
        [
            Levenshtein.distance(text.split(), reference.split())
            for text, reference in zip(texts, references, strict=True)
        ],
        np.float64,
    )


def unchanged(
    texts: Sequence[str], references: Sequence[str], profile: Profile = DEFAULT_PROFILE
) -> NDArray[np.float64]:
    """1 for a report that would be signed as it stands, else 0."""
    pairs = zip(texts, references, strict=True)
    return np.array([float(text.split() == reference.split()) for text, reference in pairs])


def words(
    texts: Sequence[str], references: Sequence[str], profile: Profile = DEFAULT_PROFILE
) -> NDArray[np.float64]:
    """Words in each report."""
    return np.array([len(text.split()) for text in texts], np.float64)


def read(
    texts: Sequence[str], references: Sequence[str], profile: Profile = DEFAULT_PROFILE
) -> NDArray[np.float64]:
    """Of how many sentences of each report the rules read how many, as ``[read, all]``."""
    rows = []
    for text in texts:
        sentences = sentences_read(text, profile)
        rows.append([sum(one.read for one in sentences), len(sentences)])
    return np.asarray(rows, np.float64)


def all_normal(
    texts: Sequence[str], references: Sequence[str], profile: Profile = DEFAULT_PROFILE
) -> NDArray[np.float64]:
    """1 for a report that was read whole and names no disease, else 0."""
    return np.array(
        [float(read_whole(text, profile) and not _names_disease(text, profile)) for text in texts]
    )


def _names_disease(text: str, profile: Profile) -> bool:
    labels = label_report(text, profile)
    return any(labels[name] in ("positive", "uncertain") for name in profile.diseases)


def duplicates(
    texts: Sequence[str], references: Sequence[str], profile: Profile = DEFAULT_PROFILE
) -> NDArray[np.float64]:
    """1 for a report that some other study got word for word, else 0."""
    times = Counter(texts)
    return np.array([float(times[text] > 1) for text in texts])


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: ``title`` as tables print it, ``count`` per report, ``statistic`` over reports."""

    title: str
    direction: Direction
    count: Count
    statistic: bootstrap.Statistic = bootstrap.mean


FIGURES: dict[str, Figure] = {
    "radcliq_lite": Figure("radcliq_lite", "lower", _radcliq_lite),
    "label_f1_lite": Figure("label F1 by rules", "higher", label_hits, bootstrap.f1),
    "read": Figure("share of sentences that the rules read", "higher", read, bootstrap.share),
    "errors": Figure("significant errors per report, by rules", "lower", significant_errors),
    **{
        category: Figure(f"significant errors by rules: {category}", "lower", _errors_of(category))
        for category in ERROR_CATEGORIES
    },
    "laterality": Figure("share of sides that are right", "higher", sides, bootstrap.share),
    "edit_distance": Figure("words to edit until signed", "lower", edit_distance),
    "unchanged": Figure("share to be signed unchanged", "higher", unchanged),
    "all_normal": Figure("share of reports read as without any disease", "neither", all_normal),
    "duplicates": Figure("share of duplicate reports", "lower", duplicates),
    "words": Figure("words per report", "neither", words),
}


def finding_figures(profile: Profile = DEFAULT_PROFILE) -> dict[str, Figure]:
    """One F1 for each finding that a report can state; what too few references name tells little."""
    return {
        finding: Figure(f"label F1 by rules: {finding}", "higher", label_hits_of(finding), bootstrap.f1)
        for finding in profile.findings
        if finding != profile.normal_finding
    }
