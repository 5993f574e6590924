"""What the shipped model says of itself: how sure it is, which images it knows, which look mirrored.

    python -m benchmarks.model.evidence [--phantoms 200] [--model FOLDER]

Phantoms of the training sites in their own looks, from seeds of their own; each also as its mirror image. Patients
(outside data, where it is): how many images get the notice, as they are and mirrored, and how long maps take.
"""

import argparse
import csv
import time
from pathlib import Path

import numpy as np
import torch

from benchmarks.outside import shared_folder
from lmrrg.imaging import open_radiograph
from lmrrg.profiles.chest.phantom import draw
from lmrrg.reporters import DEFAULT_FOLDER, DraftRequest
from lmrrg.reporters.native import NativeReporter
from lmrrg.study import Study
from train.build_default.calibration import (
    expected_calibration_error,
    image_check_figures,
    read_phantoms,
    sentence_table,
)

FIRST_SEED = 9_700_000  # no training, no calibration and no other benchmark comes near


def phantoms(reporter: NativeReporter, count: int) -> None:
    """Print calibration error before and after, and what the image check says of phantoms and their mirror images."""
    readings = read_phantoms(reporter, range(FIRST_SEED, FIRST_SEED + count), size=512, plain=True)
    print(f"{count} phantoms of the training sites, seeds from {FIRST_SEED}")
    if reporter.reader.calibration is not None:
        features, means, right = sentence_table(readings, reporter.reader.calibration)
        sure = np.array([reporter.reader.calibration.sentence_confidence(row) for row in features])
        print(f"sentences right: {right.mean():.3f} of {len(right)}")
        print("expected calibration error, 10 bins of equal mass:")
        print(f"  geometric mean of token probabilities {expected_calibration_error(means, right):.3f}")
        print(f"  calibrated                            {expected_calibration_error(sure, right):.3f}")
    if reporter.reader.image_check is not None:
        for name, share in image_check_figures(reporter.reader.image_check, readings).items():
            print(f"{name.replace('_', ' ')}: {share:.3f}")


def patients(reporter: NativeReporter, folder: Path) -> None:
    """Print how many radiographs of patients get each notice."""
    check = reporter.reader.image_check
    if check is None:
        return
    with (folder / "manifest.csv").open(encoding="utf-8") as file:
        names = [row["file"] for row in csv.DictReader(file)]
    outside, mirrored, wrongly = [], [], []
    for name in names:
        image = reporter.writer.encode(open_radiograph(folder / name))
        flipped = reporter.writer.mirror_features(image)
        outside.append(check.novelty(image.features))
        mirrored.append(check.seems_mirrored(flipped, image.features))
        wrongly.append(check.seems_mirrored(image.features, flipped))
    print(f"\nradiographs of patients: {len(names)}")
    print(f"outside of what the model was trained on: {sum(score > 1 for score in outside)}")
    print(f"novelty: median {np.median(outside):.2f}, largest {max(outside):.2f}")
    print(f"mirrored, noticed: {sum(mirrored)}; as they are, wrongly called mirrored: {sum(wrongly)}")


def speed(reporter: NativeReporter, count: int = 10) -> None:
    """Print medians of what evidence costs, on phantoms of 512²."""
    seeds = range(FIRST_SEED + 50_000, FIRST_SEED + 50_000 + count)
    images = [draw(seed, size=512).as_radiograph() for seed in seeds]
    reporter.draft(Study((images[0],)))  # the first call pays for lazy initialisation
    rows = []
    for image in images:
        encoded = reporter.writer.encode(image)
        started = time.perf_counter()
        [ids] = reporter.writer.write([encoded], DraftRequest())
        write = time.perf_counter()
        written = reporter.writer.explain(encoded, ids)
        explain = time.perf_counter()
        reporter.writer.mirror_features(encoded)
        mirror = time.perf_counter()
        reporter.writer.grad_cams(encoded, written.sentences)
        ended = time.perf_counter()
        rows.append((write - started, explain - write, mirror - explain, ended - mirror))
    write_ms, explain_ms, mirror_ms, cam_ms = 1000 * np.median(rows, axis=0)
    print(f"\nmilliseconds, median of {count}: write {write_ms:.0f}, maps of all sentences {explain_ms:.0f},")
    print(f"mirror image {mirror_ms:.0f}, Grad-CAM of all sentences {cam_ms:.0f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--phantoms", type=int, default=200)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--model", type=Path, default=DEFAULT_FOLDER)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    reporter = NativeReporter(args.model)
    phantoms(reporter, args.phantoms)
    folder = shared_folder()
    if folder is None:
        print("No outside data here: radiographs of patients are left out.")
    else:
        patients(reporter, folder / "data" / "cxr")
    speed(reporter)


if __name__ == "__main__":
    main()
