"""What the shipped model costs from pixels in memory: first sentence, report, maps, batches, memory.

    python -m benchmarks.speed.model_speed [--images 30] [--threads 1] [--model FOLDER]

Aims on two cores, p50: first sentence 0.3 s, report 1.0 s, maps of all sentences 0.4 s on top. Printed beside
them: what ``generate`` of the same decoder alone takes for the same tokens (the image encoded before), so that the
ratio is the price of everything around it, and a batch of 32 studies. The cost of a report grows linearly with its
words; that of the maps is one pass over them.
"""

import argparse
import resource
import time
from pathlib import Path

import numpy as np
import torch

from lmrrg.profiles.chest.phantom import draw
from lmrrg.report import Sentence
from lmrrg.reporters import DEFAULT_FOLDER, DraftRequest
from lmrrg.reporters.native import NativeReporter
from lmrrg.study import Study

BATCH = 32


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=30)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--size", type=int, default=1024, help="side of the radiographs in pixels")
    parser.add_argument("--model", type=Path, default=DEFAULT_FOLDER)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    reporter = NativeReporter(args.model)
    writer, request = reporter.writer, DraftRequest()
    studies = [Study((draw(seed, size=args.size).as_radiograph(),)) for seed in range(args.images)]
    reporter.draft(studies[0], request)  # the first call pays for lazy initialisation
    rows = []
    for study in studies:
        begun = time.perf_counter()
        first = None
        for part in reporter.stream(study, request):
            if isinstance(part, Sentence):
                first = first or time.perf_counter() - begun
        whole = time.perf_counter() - begun
        begun = time.perf_counter()
        encoded = writer.encode(study.images[0])
        encode = time.perf_counter() - begun
        begun = time.perf_counter()
        ids = writer.write([encoded], request)[0]
        generate = time.perf_counter() - begun
        begun = time.perf_counter()
        writer.explain(encoded, ids)
        maps = time.perf_counter() - begun
        rows.append((first or whole, encode, generate, maps, whole, whole / generate, len(ids)))
    names = (
        "first sentence s", "encode s", "generate alone s", "maps of all s", "report with all s",
        "report / generate", "tokens",
    )  # fmt: skip
    print(f"{args.images} phantoms of {args.size}², {args.threads} threads")
    print(f"{'':20}{'p50':>9}{'p95':>9}")
    for name, column in zip(names, np.array(rows).T, strict=True):
        p50, p95 = np.percentile(column, [50, 95])
        print(f"{name:20}{p50:9.3f}{p95:9.3f}")
    begun = time.perf_counter()
    encoded_all = [writer.encode(studies[k % len(studies)].images[0]) for k in range(BATCH)]
    writer.write(encoded_all, request)
    print(f"a batch of {BATCH}: {BATCH / (time.perf_counter() - begun):.1f} studies/s")
    print(f"peak memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
