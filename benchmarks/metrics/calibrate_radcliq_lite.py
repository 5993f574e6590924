"""Where the embedded components lie on real report pairs, and the map that brings them to RadCliQ's scale.

    python -m benchmarks.metrics.calibrate_radcliq_lite

RadCliQ was fitted on ReXVal: for each of 50 abnormal studies the reports that four metrics find nearest among other
patients' reports. This makes pairs in the same way from Indiana reports of the half that we tune on (abnormal
references; for each the best of 500 other reports by BLEU-2 and by each embedded component), and fits, for each
component, x → 1 − (1 − x^a)^b so that mean and spread over the pairs are those in RadCliQ-v1's normaliser. Its last
lines are those of ``lmrrg/metrics/radcliq.py``.
"""

import random

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from benchmarks.metrics.labeler import read_reports, tuned_on
from lmrrg.metrics.lite.labels import label_report
from lmrrg.metrics.lite.soft_matching import soft_f1
from lmrrg.metrics.radcliq import RADCLIQ_V1, Calibration, radgraph_lite, semb_lite
from lmrrg.metrics.words import bleu2_of_words, radcliq_words

COMPONENTS = (("radgraph_lite", radgraph_lite), ("bertscore_lite", soft_f1), ("semb_lite", semb_lite))
CONSTANTS = ("_RADGRAPH", "_BERTSCORE", "_SEMB")
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


def fitted(values: NDArray[np.float64], mean: float, spread: float) -> Calibration:
    """The map that gives ``values`` the wanted mean and spread."""

    def off(logs: NDArray[np.float64]) -> tuple[float, float]:
        shaped = 1 - (1 - values ** np.exp(logs[0])) ** np.exp(logs[1])
        return shaped.mean() - mean, shaped.std() - spread

    found = least_squares(off, (0.0, 0.0), xtol=1e-14, ftol=1e-14, gtol=1e-14)
    return Calibration(*(round(float(one), 6) for one in np.exp(found.x)))


def main() -> None:
    pairs = real_pairs()
    print(
        f"{len(pairs)} pairs: {REFERENCES} abnormal references, the nearest of {POOL} reports by each of four metrics"
    )
    print(f"{'component':16}{'mean':>8}{'spread':>8}{'after':>12}{'spread':>9}{'wanted':>12}")
    lines = []
    for number, (name, score) in enumerate(COMPONENTS):
        values = np.array([score(candidate, reference) for candidate, reference in pairs])
        wanted = RADCLIQ_V1.mean[number], RADCLIQ_V1.scale[number]
        calibration = fitted(values, *wanted)
        after = np.array([calibration(value) for value in values])
        print(
            f"{name:16}{values.mean():>8.3f}{values.std():>8.3f}{after.mean():>12.3f}{after.std():>9.3f}"
            f"{wanted[0]:>9.3f} ±{wanted[1]:.3f}"
        )
        lines.append(f"{CONSTANTS[number]} = Calibration({calibration.a}, {calibration.b})")
    print(*lines, sep="\n")


if __name__ == "__main__":
    main()
