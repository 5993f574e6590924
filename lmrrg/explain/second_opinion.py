"""Where the image and the text disagree: the region extractor's findings against the labels of a sentence.

Knows probabilities and words, no pixels. The two opinions come from the same image by different ways, so a
difference is worth a radiologist's look; neither is taken to be right.
"""

from collections.abc import Mapping

from lmrrg.metrics.labels import label_report

# Above the first the image "suggests" a finding that the text denies; below the second it does not support one.
SUGGESTS = 0.6
DOES_NOT_SUPPORT = 0.15


def flag(sentence: str, findings: Mapping[str, float]) -> str | None:
    """What the image says against ``sentence``, as one line to show beside it; None where the two agree."""
    remarks = []
    for finding, label in label_report(sentence).items():
        probability = findings.get(finding, 0.0)
        if finding == "No Finding":
            continue
        if label == "negative" and probability >= SUGGESTS:
            remarks.append(f"image suggests {finding.lower()} {probability:.2f}")
        elif label == "positive" and probability <= DOES_NOT_SUPPORT:
            remarks.append(f"image does not support {finding.lower()} {probability:.2f}")
    return "; ".join(remarks) or None
