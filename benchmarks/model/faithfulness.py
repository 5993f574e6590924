"""Which map tells best what a sentence depends on: attention × region map, Grad-CAM, or a random one.

    python -m benchmarks.model.faithfulness [--phantoms 20] [--sentences 2] [--model FOLDER]

Phantoms of the training sites that no training saw; of each draft the first sentences that state a disease, or the
first sentences where none does. Change of the sentence's log-probability (nats) when the most or the least relevant
pixels are imputed (ROAD, ``lmrrg.grounding.faithfulness``), with a 95 % bootstrap interval over phantoms.
"""

import argparse
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from lmrrg.grounding.claims import claims
from lmrrg.grounding.faithfulness import SHARES, Faithfulness, road
from lmrrg.profiles.chest.phantom import draw
from lmrrg.reporters import DEFAULT_FOLDER, DraftRequest
from lmrrg.reporters.native import NativeReporter
from train.build_default.phantom_cache import site_of

FIRST_SEED = 9_600_000  # no training, no calibration and no other benchmark comes near
MAPS = ("attention × region", "Grad-CAM", "random")


def measure(reporter: NativeReporter, seed: int, sentences: int) -> list[list[Faithfulness]]:
    """For each chosen sentence of one phantom's draft the faithfulness of the three maps."""
    writer = reporter.writer
    phantom = draw(seed, size=256, site=site_of(seed))
    image = writer.encode(phantom.as_radiograph())
    [ids] = writer.write([image], DraftRequest())
    written = writer.explain(image, ids)
    order = sorted(range(len(written.sentences)), key=lambda k: not _states(written.sentences[k]))[:sentences]
    cams = writer.grad_cams(image, written.sentences)
    tokens, bounds = writer.tokens_of(image, written.sentences)
    rng = np.random.default_rng(seed)
    rows = []
    for k in order:
        attention = written.evidence[k].map
        chance = rng.random(attention.shape, dtype=np.float32)
        maps = [attention, cams[k], chance]
        rows.append(road(reporter.model, image.pixel_values, tokens, bounds[k], maps, seed=seed))
    return rows


def _states(sentence: str) -> bool:
    return any(c.label == "positive" and c.finding != "Support Devices" for c in claims(sentence))


def interval(values: NDArray[np.float64], rng: np.random.Generator) -> tuple[float, float]:
    """95 % percentile bootstrap of the mean over rows of ``[phantoms]``, 2,000 draws."""
    draws = values[rng.integers(0, len(values), (2000, len(values)))].mean(1)
    low, high = np.quantile(draws, (0.025, 0.975))
    return float(low), float(high)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--phantoms", type=int, default=20)
    parser.add_argument("--sentences", type=int, default=2, help="per phantom")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--model", type=Path, default=DEFAULT_FOLDER)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    reporter = NativeReporter(args.model)
    seeds = range(FIRST_SEED, FIRST_SEED + args.phantoms)
    found = [measure(reporter, seed, args.sentences) for seed in seeds]
    count = sum(map(len, found))
    print(f"{args.phantoms} phantoms, {count} sentences, seeds from {FIRST_SEED}; nats, mean [95 % interval]")
    heads = [f"{order} {share} %" for order in ("most", "least") for share in SHARES]
    print(f"{'map':20}" + "".join(f"{head:>12}" for head in heads) + "  combined (higher is more faithful)")
    rng = np.random.default_rng(0)
    for k, name in enumerate(MAPS):
        most = np.array([np.mean([row[k].most for row in rows], 0) for rows in found])
        least = np.array([np.mean([row[k].least for row in rows], 0) for rows in found])
        combined = np.array([np.mean([row[k].combined for row in rows]) for rows in found])
        low, high = interval(combined, rng)
        cells = "".join(f"{value:12.2f}" for value in (*most.mean(0), *least.mean(0)))
        print(f"{name:20}{cells}  {combined.mean():6.2f} [{low:.2f}, {high:.2f}]")


if __name__ == "__main__":
    main()
