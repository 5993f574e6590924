"""Where the embedded components lie on real report pairs, and the map that brings them to RadCliQ's scale.

    python -m benchmarks.metrics.calibrate_radcliq_lite

RadCliQ was fitted on ReXVal: for each of 50 abnormal studies the reports that four metrics find nearest among other
patients' reports. This makes pairs in the same way from Indiana reports of the half that we tune on (abnormal
references; for each the best of 500 other reports by BLEU-2 and by each embedded component), and fits, for each
component, x → 1 − a·(1 − x)^p so that mean and spread over the pairs are those in RadCliQ-v1's normaliser and a
perfect pair keeps its 1. ``lmrrg/metrics/radcliq.py`` holds the constants.
"""

import random

import numpy as np
from scipy.optimize import brentq

from benchmarks.metrics.labeler import read_reports, tuned_on
from lmrrg.metrics.lite.labels import label_report
from lmrrg.metrics.lite.soft_matching import soft_f1
from lmrrg.metrics.radcliq import RADCLIQ_V1, radgraph_lite, semb_lite
from lmrrg.metrics.words import bleu2_of_words, radcliq_words

COMPONENTS = (("radgraph_lite", radgraph_lite), ("bertscore_lite", soft_f1), ("semb_lite", semb_lite))
REFERENCES, POOL, SEED = 120, 500, 0


def real_pairs() -> list[tuple[str, str]]:
    """(candidate, reference): four retrieved candidates for each reference, no report with itself."""
    rng = random.Random(SEED)
    reports = sorted(
        {str(row["report"]) for row in read_reports() if tuned_on(str(row["id"])) and row["report"]}
    )
    abnormal = [report for report in reports if label_report(report)["No Finding"] is None]
    pairs = []
    for reference in rng.sample(abnormal, REFERENCES):
        pool = [report for report in rng.sample(reports, POOL) if report != reference]
        words = [radcliq_words(reference)]
        pairs.append(
            (max(pool, key=lambda one, words=words: bleu2_of_words(radcliq_words(one), words)), reference)
        )
        for _, score in COMPONENTS:
            pairs.append((max(pool, key=lambda one, score=score, ref=reference: score(one, ref)), reference))
    return pairs


def fitted(values: np.ndarray, mean: float, spread: float) -> tuple[float, float]:
    """a and p of x → 1 − a·(1 − x)^p with the wanted mean and spread over ``values``."""
    loss = np.clip(1 - values, 1e-9, None)

    def ratio(power: float) -> float:
        shaped = loss**power
        return float(shaped.std() / shaped.mean()) - spread / (1 - mean)

    power = float(brentq(ratio, 0.05, 8.0))
    return float((1 - mean) / (loss**power).mean()), power


def main() -> None:
    pairs = real_pairs()
    print(
        f"{len(pairs)} pairs: {REFERENCES} abnormal references, the nearest of {POOL} reports by each of four metrics"
    )
    print(
        f"{'component':16}{'mean':>8}{'spread':>8}{'a':>10}{'p':>10}{'after':>12}{'spread':>14}{'wanted':>16}"
    )
    for number, (name, score) in enumerate(COMPONENTS):
        values = np.array([score(candidate, reference) for candidate, reference in pairs])
        wanted = RADCLIQ_V1.mean[number], RADCLIQ_V1.scale[number]
        factor, power = fitted(values, *wanted)
        after = 1 - factor * (1 - values) ** power
        print(
            f"{name:16}{values.mean():>8.3f}{values.std():>8.3f}{factor:>10.4f}{power:>10.4f}"
            f"{after.mean():>12.3f}{after.std():>14.3f}{wanted[0]:>9.3f} ±{wanted[1]:.3f}"
        )


if __name__ == "__main__":
    main()
