"""How long a reader waits: from an image's bytes to the first sentence and to the finished report.

    python -m benchmarks.speed.first_report [--images 30] [--threads 2] [--model FOLDER]

Takes the radiographs of the outside data where they are (LMRRG_SHARED, default ../shared), phantoms drawn at
1024² otherwise. Model loading is measured apart. Aim: 0.5 s and 1.5 s on two cores.
"""

import argparse
import io
import time

import numpy as np
from PIL import Image

from benchmarks.outside import shared_folder
from lmrrg.imaging import open_radiograph
from lmrrg.profiles.chest.phantom import draw
from lmrrg.report import Report
from lmrrg.study import Study


def radiographs(count: int) -> list[bytes]:
    """The bytes of ``count`` image files."""
    folder = shared_folder()
    if folder is not None:
        paths = sorted((folder / "data" / "cxr" / "images").iterdir())[:count]
        print(f"{len(paths)} radiographs of patients from the outside data")
        return [path.read_bytes() for path in paths]
    print(f"{count} phantoms of 1024 × 1024 (no outside data here)")
    files = []
    for seed in range(count):
        buffer = io.BytesIO()
        Image.fromarray(draw(seed, size=1024).pixels).save(buffer, "PNG")
        files.append(buffer.getvalue())
    return files


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--images", type=int, default=30)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--model", default="default")
    args = parser.parse_args()
    started = time.perf_counter()
    import torch

    from lmrrg.reporters import load_reporter

    torch.set_num_threads(args.threads)
    reporter = load_reporter(args.model)
    print(f"load libraries and model: {time.perf_counter() - started:.1f} s; {args.threads} threads")
    files = radiographs(args.images)
    reporter.draft(Study((open_radiograph(files[0]),)))  # the first call pays for lazy initialisation
    rows = []
    for data in files:
        begun = time.perf_counter()
        image = open_radiograph(data)
        decoded = time.perf_counter()
        first = None
        for part in reporter.stream(Study((image,))):
            first = first or time.perf_counter()
            if isinstance(part, Report):
                words = len(part.text.split())
        rows.append((decoded - begun, (first or begun) - begun, time.perf_counter() - begun, words))
    table = np.array(rows)
    print(f"{'':24}{'p50':>9}{'p95':>9}{'max':>9}")
    for name, column in zip(
        ("decode s", "first sentence s", "report and maps s", "words"), table.T, strict=True
    ):
        p50, p95 = np.percentile(column, [50, 95])
        print(f"{name:24}{p50:9.3f}{p95:9.3f}{column.max():9.3f}")


if __name__ == "__main__":
    main()
