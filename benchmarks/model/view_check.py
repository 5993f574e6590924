"""What the extractor's notices on view, greys and framing are worth: phantoms, patients, and images of other things.

    python -m benchmarks.model.view_check [--phantoms 150]

Each image as it is, as its negative, turned upside down, on its side, and with an eighth or a quarter of the lungs'
height or width cut off at one edge. Where the lungs end is known of phantoms; of radiographs of patients from boxes
drawn by hand. Other things: the images of the shared DICOM files that show no chest, their pixels alone, as if their
tags were gone.
The constants of ``lmrrg.grounding.view_check`` come from phantoms of other seeds. There is no lateral chest radiograph
here, so that nothing is known of those. Patients and other things need the shared data.
"""

import argparse
import csv
import json
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import cv2
import numpy as np
from pydicom import dcmread

from benchmarks.machine import describe_machine
from benchmarks.outside import shared_folder
from lmrrg.grounding.view_check import unlikeness
from lmrrg.imaging import open_radiograph
from lmrrg.imaging.appearance import INVERTED_BELOW, negative, polarity
from lmrrg.notices import Notice
from lmrrg.profiles.chest.phantom import draw
from lmrrg.profiles.chest.regions import REGION_INDEX
from lmrrg.reporters import DEFAULT_FOLDER
from lmrrg.reporters.native import NativeReporter
from lmrrg.study import RadiographImage

FIRST_SEED = 9_600_000  # no training, no calibration and no other benchmark comes near
SIDE = 512
EDGES = ("upper", "lower", "left-hand", "right-hand")
SHARES = (0.12, 0.25)
CHESTS = ("RG1_J2KI.dcm", "1.2.276.0.7230010.3.1.4.8323329.6904.1517875201.850819.dcm", "Fake_MONOHR1.dcm")
Extent = tuple[float, float, float, float]
"""x0, y0, x1, y1 of both lungs in pixels."""


def told_of(reporter: NativeReporter, image: RadiographImage) -> tuple[str, ...]:
    """``"inverted"``, ``"not frontal"``, or the edges of a notice on cut lungs; nothing where nothing is said."""
    found = reporter.reader.view_notices(image, reporter.writer.encode(image))
    if Notice("seems_inverted") in found:
        return ("inverted",)
    if Notice("not_frontal") in found:
        return ("not frontal",)
    return tuple(edge for notice in found for edge in notice.values["edges"])


def cut(image: RadiographImage, lungs: Extent, edge: str, share: float) -> RadiographImage:
    """The image without what lies beyond ``share`` of the lungs' extent from ``edge`` on."""
    x0, y0, x1, y1 = lungs
    high, wide = share * (y1 - y0), share * (x1 - x0)
    rows = slice(
        max(0, round(y0 + high)) if edge == "upper" else 0, round(y1 - high) if edge == "lower" else None
    )
    columns = slice(
        max(0, round(x0 + wide)) if edge == "left-hand" else 0,
        round(x1 - wide) if edge == "right-hand" else None,
    )
    return replace(image, pixels=np.ascontiguousarray(image.pixels[rows, columns]))


def turned(image: RadiographImage, quarters: int) -> RadiographImage:
    return replace(image, pixels=np.ascontiguousarray(np.rot90(image.pixels, quarters)))


def judge(reporter: NativeReporter, name: str, chests: list[tuple[RadiographImage, Extent]]) -> None:
    """Print how many chests get which notice, as they are and changed."""
    print(f"\n{name}: {len(chests)}")
    as_they_are = [told_of(reporter, image) for image, _ in chests]
    counts = Counter(word for words in as_they_are for word in words)
    print(
        f"  as they are: called inverted {counts['inverted']}, not frontal {counts['not frontal']}", end="; "
    )
    right = wrong = edges_that_touch = 0
    for (image, lungs), words in zip(chests, as_they_are, strict=True):
        room = _room(image, lungs)
        edges_that_touch += sum(share < 0.01 for share in room.values())
        for edge in EDGES:
            right += edge in words and room[edge] < 0.01
            wrong += edge in words and room[edge] >= 0.01
    print(
        f"lungs called cut at an edge with 1 % of room or more {wrong} times of {4 * len(chests) - edges_that_touch},"
    )
    print(f"    at an edge that the lungs' box touches {right} times of {edges_that_touch}")
    changes: dict[str, Callable[[RadiographImage], RadiographImage]] = {
        "negative": negative,
        "upside down": lambda image: turned(image, 2),
        "on its side": lambda image: turned(image, 1),
    }
    for change, make in changes.items():
        words = Counter(word for image, _ in chests for word in told_of(reporter, make(image)))
        print(f"  {change}: called inverted {words['inverted']}, not frontal {words['not frontal']}")
        if change == "negative":
            door = sum(polarity(negative(image).windowed()) < INVERTED_BELOW for image, _ in chests)
            print(f"    (called inverted from the greys alone, without a model: {door})")
    for share in SHARES:
        seen: Counter[str] = Counter()
        for number, (image, lungs) in enumerate(chests):
            edge = EDGES[number % 4]
            words = told_of(reporter, cut(image, lungs, edge, share))
            seen[edge] += edge in words
            seen["another word"] += "inverted" in words or "not frontal" in words
        total = {edge: len(chests[number::4]) for number, edge in enumerate(EDGES)}
        listed = ", ".join(f"{edge} {seen[edge]} of {total[edge]}" for edge in EDGES)
        print(
            f"  {share:.0%} of the lungs cut off: told at the {listed}; "
            f"called inverted or no chest {seen['another word']}"
        )


def _room(image: RadiographImage, lungs: Extent) -> dict[str, float]:
    x0, y0, x1, y1 = lungs
    high, wide = y1 - y0, x1 - x0
    room = (y0 / high, (image.rows - y1) / high, x0 / wide, (image.columns - x1) / wide)
    return dict(zip(EDGES, room, strict=True))


def _extent(right: list[float], left: list[float]) -> Extent:
    boxes = np.array([right, left], float)
    (x0, y0), (x1, y1) = boxes[:, :2].min(0), (boxes[:, :2] + boxes[:, 2:]).max(0)
    return x0, y0, x1, y1


def phantoms(count: int) -> list[tuple[RadiographImage, Extent]]:
    """Every other one in its site's own look, the others as varied as in training."""
    found = []
    for seed in range(FIRST_SEED, FIRST_SEED + count):
        drawn = draw(seed, size=256, site="ABD"[seed % 3], randomise_look=seed % 2 == 1)
        rows, columns = (np.flatnonzero(drawn.pixels.max(axis) > 8) for axis in (1, 0))  # without bars
        top, left = rows[0], columns[0]
        pixels = np.ascontiguousarray(drawn.pixels16[top : rows[-1] + 1, left : columns[-1] + 1])
        boxes = [drawn.boxes[REGION_INDEX[f"{side} lung"]] - [left, top, 0, 0] for side in ("right", "left")]
        found.append((replace(drawn.as_radiograph(), pixels=pixels), _extent(*boxes)))
    return found


def patients(folder: Path) -> list[tuple[RadiographImage, Extent]]:
    found = []
    with (folder / "manifest.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            image, scale = _smaller(open_radiograph(folder / row["file"]))
            boxes = (
                [scale * each for each in json.loads(row[f"{side}_lung_xywh"])] for side in ("right", "left")
            )
            found.append((image, _extent(*boxes)))
    return found


def _smaller(image: RadiographImage) -> tuple[RadiographImage, float]:
    scale = min(1.0, SIDE / max(image.rows, image.columns))
    size = (round(image.columns * scale), round(image.rows * scale))
    return replace(image, pixels=cv2.resize(image.pixels, size, interpolation=cv2.INTER_AREA)), scale


def other_things(folder: Path) -> Iterator[tuple[str, RadiographImage]]:
    """Pixels of the DICOM files that show no chest, from 64 pixels a side, each picture once."""
    seen = set()
    for path in sorted(folder.rglob("*.dcm")):
        try:
            dataset = dcmread(path, force=True)
            pixels = dataset.pixel_array
        except Exception:
            continue
        if int(dataset.get("NumberOfFrames") or 1) > 1:
            pixels = pixels[len(pixels) // 2]
        grey = pixels[..., :3].mean(-1) if pixels.ndim == 3 else pixels.astype(float)
        low, high = np.percentile(grey, (1, 99))
        if path.name in CHESTS or min(grey.shape) < 64 or grey.ndim != 2 or high <= low:
            continue
        deep = np.round(255 * ((grey - low) / (high - low)).clip(0, 1)).astype(np.uint16)
        small = cv2.resize(deep.astype(np.uint8), (16, 16), interpolation=cv2.INTER_AREA)
        if (key := small.tobytes()) not in seen:
            seen.add(key)
            kind = str(dataset.get("Modality", "")) or "?"
            yield (
                f"{kind} {path.stem}",
                _smaller(RadiographImage(deep, 8, (127.5, 255.0), "PNG", "MONOCHROME2"))[0],
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--phantoms", type=int, default=150)
    args = parser.parse_args()
    reporter = NativeReporter(DEFAULT_FOLDER)
    judge(reporter, "phantoms", phantoms(args.phantoms))
    folder = shared_folder()
    if folder is None:
        print("No outside data here: radiographs of patients and other things are left out.")
        return
    judge(reporter, "frontal radiographs of patients", patients(folder / "data/cxr"))
    assert reporter.reader.image_check is not None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        things = list(other_things(folder / "data/dicom"))
    told = {name: told_of(reporter, image) for name, image in things}
    print(
        f"\nother things: {len(things)}; called not frontal {sum('not frontal' in words for words in told.values())}"
    )
    for name, image in things:
        if "not frontal" not in told[name]:
            encoded = reporter.writer.encode(image)
            score = unlikeness(reporter.reader.image_check, encoded.features, encoded.regions)
            print(
                f"  not so called: {name}, unlikeness {score:.2f}; said: {', '.join(told[name]) or 'nothing'}"
            )
    print(describe_machine())


if __name__ == "__main__":
    main()
