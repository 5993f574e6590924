"""Do the regions that the grounding service gives a sentence point at what the sentence speaks of?

Phantoms' own reports are handed over as text alone, so that nothing but the words and the extractor's view of the image
can tell where. Judged are the sentences that state a finding which the phantom bears. *Regions*: the share of the
sentence's weight on regions that bear the finding; *map*: whether its peak lies in the box of one. Beside it the same
of the report's other sentences that name a place and do not state this finding, at the same place, on average; and of
a list of all regions alike. The interval is over phantoms. Nothing was tuned on these phantoms; but their reports are
written in words that the lexicon knows whole, which those of patients are not.

    python -m benchmarks.model.grounding > benchmarks/model/grounding.txt
"""

import argparse
from collections.abc import Iterator

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.machine import describe_machine
from lmrrg.metrics.lite.labels import positives
from lmrrg.profiles import DEFAULT_PROFILE
from lmrrg.profiles.phantoms import Phantom
from lmrrg.report import Report, Sentence
from lmrrg.reporters import load_reporter
from lmrrg.reporters.given_text import GivenText
from lmrrg.reporters.grounded import Grounded
from lmrrg.reporters.native import NativeReporter
from lmrrg.study import Study

FIRST_SEED = 9_820_000  # no training, no calibration and no other benchmark comes near
SIDE = 512
COLUMNS = ("regions", "map")


def judged(report: Report, phantom: Phantom) -> Iterator[tuple[list[float], list[float], float]]:
    """For each finding of each sentence: its own (regions, map), the others' mean, the share of bearing regions."""
    placed = [sentence for sentence in report.sentences if sentence.map]
    for sentence in report.sentences:
        for finding in positives(sentence.text) - {DEFAULT_PROFILE.normal_finding}:
            bearing = phantom.region_findings[:, DEFAULT_PROFILE.finding_index[finding]]
            others = [one for one in placed if finding not in positives(one.text)]
            if bearing.any() and others:
                theirs = np.mean([_pointing(one, bearing, phantom) for one in others], 0)
                yield _pointing(sentence, bearing, phantom), theirs.tolist(), float(bearing.mean())


def _pointing(sentence: Sentence, bearing: NDArray[np.bool_], phantom: Phantom) -> list[float]:
    """(Share of the weight on regions that bear it, whether the map peaks in one); both 0 where nothing is named."""
    if sentence.map is None:
        return [0.0, 0.0]
    index = DEFAULT_PROFILE.region_index
    share = sum(region.weight for region in sentence.regions if bearing[index[region.name]])
    grid = sentence.map.grid
    row, column = np.unravel_index(int(grid.argmax()), grid.shape)
    x, y = (column + 0.5) / grid.shape[1] * SIDE, (row + 0.5) / grid.shape[0] * SIDE
    left, top, width, height = phantom.boxes[bearing].T
    inside = (left <= x) & (x <= left + width) & (top <= y) & (y <= top + height)
    return [share, float(inside.any())]


def interval(values: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """95 % percentile bootstrap of the mean over rows, 10,000 draws."""
    rng = np.random.default_rng(0)
    draws = values[rng.integers(0, len(values), (10_000, len(values)))].mean(1)
    low, high = np.quantile(draws, (0.025, 0.975), axis=0)
    return low, high


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--phantoms", type=int, default=60)
    args = parser.parse_args()
    torch.set_num_threads(1)
    extractor = load_reporter()
    assert isinstance(extractor, NativeReporter)
    phantoms = DEFAULT_PROFILE.phantom
    assert phantoms is not None
    rows, alike, pairs, placeless, sentences, drawn = [], list[float](), 0, 0, 0, 0
    while len(rows) < args.phantoms:
        site = sorted(phantoms.SITES)[drawn % len(phantoms.SITES)]
        phantom = phantoms.draw(FIRST_SEED + drawn, size=SIDE, site=site)
        drawn += 1
        study = Study((phantom.as_radiograph(),))
        report = Grounded(GivenText(phantom.report, "phantom"), extractor).draft(study)
        found = list(judged(report, phantom))
        if not found:
            continue
        sentences += len(report.sentences)
        placeless += sum(sentence.map is None for sentence in report.sentences)
        pairs += len(found)
        rows.append(np.mean([(own, others) for own, others, _ in found], 0))
        alike.append(float(np.mean([share for _, _, share in found])))
    table = np.array(rows)  # [phantoms, own or others, regions or map]
    own, others = table.mean(0)
    difference = table[:, 0] - table[:, 1]
    low, high = interval(difference)
    print(f"n = {len(table)} phantoms of all sites that bear a finding, of {drawn} from seed {FIRST_SEED}")
    print(
        f"{pairs} sentences with a finding; {sentences} sentences in all, {placeless} of which name no place"
    )
    print(f"all 29 regions alike: {np.mean(alike):.3f} of the weight on regions that bear the finding")
    print(f"{'':10}{'own':>8}{'others':>8}{'difference':>12}   95 % interval")
    for k, name in enumerate(COLUMNS):
        print(
            f"{name:10}{own[k]:8.3f}{others[k]:8.3f}{difference.mean(0)[k]:12.3f}   {low[k]:.3f} … {high[k]:.3f}"
        )
    print(describe_machine())


if __name__ == "__main__":
    main()
