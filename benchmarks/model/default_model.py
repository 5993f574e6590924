"""What the shipped model is worth, on phantoms it never saw and on radiographs of patients.

    python -m benchmarks.model.default_model [--count 1000] [--model FOLDER] [--only phantoms|patients]

Phantoms: the training sites in turn, and the site left out. Patients (outside data, where it is): the boxes of
both lungs, the same on mirrored images, and how many the model calls strange to it. 1,000 phantoms take about ten
minutes of one core.
"""

import argparse
import ast
import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from benchmarks.outside import shared_folder
from lmrrg.imaging import open_radiograph
from lmrrg.notices import Notice
from lmrrg.profiles.chest.phantom import SITES, TRAINING_SITES
from lmrrg.profiles.chest.regions import REGION_INDEX
from lmrrg.report import Report
from lmrrg.reporters import DEFAULT_FOLDER
from lmrrg.reporters.native import NativeReporter
from lmrrg.study import Study
from train.build_default import evaluation

LUNGS = ("right lung", "left lung")


def held_out_phantoms(reporter: NativeReporter, count: int) -> None:
    """Print a table for the training sites together and one for each site left out."""
    left_out = sorted(set(SITES) - set(TRAINING_SITES))
    for title, sites in [("training sites " + ", ".join(TRAINING_SITES), TRAINING_SITES)] + [
        (f"left-out site {site}", (site,)) for site in left_out
    ]:
        readings = evaluation.read_sites(reporter, sites, count)
        print(f"\n{title}: {len(readings)} phantoms")
        _print_table(evaluation.figures(readings))
        f1 = evaluation.finding_f1([r.report.text for r in readings], [r.phantom for r in readings])
        print("F1 by finding: " + ", ".join(f"{name} {value:.3f}" for name, value in f1.items()))


def _print_table(figures: dict[str, dict[str, float]]) -> None:
    print(f"{'':22}" + "".join(f"{name:>20}" for name in figures))
    for measure in figures["model"]:
        cells = (f"{column[measure]:20.3f}" if measure in column else " " * 20 for column in figures.values())
        print(f"{measure:22}" + "".join(cells))


def _lungs(report: Report) -> NDArray[np.float64]:
    return np.array([report.regions[REGION_INDEX[name]].box_xywh for name in LUNGS])


def _mirrored(boxes: NDArray[np.float64], columns: int) -> NDArray[np.float64]:
    """Boxes (x, y, w, h) of both lungs on the mirror image, where right has become left."""
    turned = boxes[::-1].copy()
    turned[:, 0] = columns - turned[:, 0] - turned[:, 2]
    return turned


def patients(reporter: NativeReporter, folder: Path) -> None:
    """Print how well both lungs' boxes lie on radiographs of patients, upright and mirrored."""
    with (folder / "manifest.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    ratios, turned_ratios = [], []
    swapped, strange, said_mirrored, flagged = 0, 0, 0, 0
    for row in rows:
        image = open_radiograph(folder / row["file"])
        true = np.array([ast.literal_eval(row[f"{name.replace(' ', '_')}_xywh"]) for name in LUNGS], float)
        report = reporter.draft(Study((image,)))
        found = _lungs(report)
        ratios.append(evaluation.box_iou(found, true))
        swapped += int(evaluation.box_iou(found, true[::-1]).sum() > ratios[-1].sum())
        strange += any(notice.code == "outside_training" for notice in report.notices)
        said_mirrored += Notice("seems_mirrored") in report.notices
        turned = replace(image, pixels=image.pixels[:, ::-1].copy())
        mirror = reporter.draft(Study((turned,)))
        turned_ratios.append(evaluation.box_iou(_lungs(mirror), _mirrored(true, image.columns)))
        flagged += Notice("seems_mirrored") in mirror.notices
    table, turned = np.array(ratios), np.array(turned_ratios)
    print(f"\nradiographs of patients: {len(rows)}, boxes of both lungs; nothing raised")
    print(f"mean IoU {table.mean():.3f} (right {table[:, 0].mean():.3f}, left {table[:, 1].mean():.3f})")
    print(f"worst image {table.mean(1).min():.3f}; images below .45: {int((table.mean(1) < 0.45).sum())}")
    print(f"sides swapped: {swapped}")
    print(f"outside of what the model was trained on, by its own score: {strange} of {len(rows)}")
    print(
        f"mirrored copies: mean IoU {turned.mean():.3f} with the lung on the same side of the image, worst image "
        f"{turned.mean(1).min():.3f}; flagged as mirrored {flagged}, originals flagged {said_mirrored}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--count", type=int, default=1000, help="phantoms of the training sites, and of each other"
    )
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--model", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--only", choices=("phantoms", "patients"))
    args = parser.parse_args()
    torch.set_num_threads(args.threads)
    reporter = NativeReporter(args.model)
    folder = shared_folder()
    if args.only != "phantoms":
        if folder is None:
            print("No outside data here: radiographs of patients are left out.")
        else:
            patients(reporter, folder / "data" / "cxr")
    if args.only != "patients":
        held_out_phantoms(reporter, args.count)


if __name__ == "__main__":
    main()
