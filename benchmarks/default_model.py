"""What the shipped model is worth, on phantoms it never saw and on radiographs of patients.

    python -m benchmarks.default_model [--count 200] [--model FOLDER]

Phantoms: two training sites and one left out. Patients (outside data, where it is): the boxes of both lungs.
"""

import argparse
import ast
import csv
from pathlib import Path

import numpy as np
import torch

from benchmarks.outside import shared_folder
from lmrrg.anatomy import REGION_INDEX
from lmrrg.imaging import open_radiograph
from lmrrg.reporters import DEFAULT_FOLDER, DraftRequest
from lmrrg.reporters.native import NativeReporter
from train.build_default import evaluation
from train.build_default.command import EVALUATION_SEED

SITES = ("A", "B", "C")
LUNGS = ("right lung", "left lung")


def phantoms(reporter: NativeReporter, count: int) -> None:
    """Print the table of every site, the one-normal-report baseline beside it."""
    for number, site in enumerate(SITES):
        seed = EVALUATION_SEED + 10_000 * number
        readings = evaluation.read(reporter, site=site, count=count, first_seed=seed)
        figures = evaluation.figures(readings)
        print(f"\nsite {site}, {count} phantoms, seeds from {seed}")
        print(f"{'':22}" + "".join(f"{name:>20}" for name in figures))
        for measure in figures["model"]:
            print(
                f"{measure:22}"
                + "".join(f"{column.get(measure, np.nan):20.3f}" for column in figures.values())
            )


def patients(reporter: NativeReporter, folder: Path) -> None:
    """Print how well both lungs' boxes lie on radiographs of patients."""
    with (folder / "manifest.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    ratios, swapped = [], 0
    for row in rows:
        report = reporter.draft(open_radiograph(folder / row["file"]), DraftRequest())
        found = np.array([report.regions[REGION_INDEX[name]].box_xywh for name in LUNGS])
        true = np.array([ast.literal_eval(row[f"{name.replace(' ', '_')}_xywh"]) for name in LUNGS], float)
        ratios.append(evaluation.box_iou(found, true))
        swapped += int(evaluation.box_iou(found, true[::-1]).sum() > ratios[-1].sum())
    table = np.array(ratios)
    print(f"\nradiographs of patients: {len(rows)}, both lungs' boxes")
    print(f"mean IoU {table.mean():.3f} (right {table[:, 0].mean():.3f}, left {table[:, 1].mean():.3f})")
    print(f"worst image {table.mean(1).min():.3f}; images below .45: {int((table.mean(1) < 0.45).sum())}")
    print(f"sides swapped: {swapped}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=200, help="phantoms per site")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--model", type=Path, default=DEFAULT_FOLDER)
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    reporter = NativeReporter(args.model)
    folder = shared_folder()
    if folder is None:
        print("No outside data here: radiographs of patients are left out.")
    else:
        patients(reporter, folder / "data" / "cxr")
    phantoms(reporter, args.count)


if __name__ == "__main__":
    main()
