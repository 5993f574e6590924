"""Draws phantoms once, in worker processes, and keeps them as arrays on disk for training.

Knows no model. A cache folder holds ``pixels.npy`` (uint8 ``[N, size, size]``), ``boxes.npy`` (float32
``[N, 29, 4]``, x y width height in 0 … 1), ``visible.npy``, ``region_findings.npy``, ``region_maps.npy`` (packed
bits) and ``reports.jsonl`` (the sentences of each report with their regions). A phantom of 256² takes 70 KB.
"""

import json
import multiprocessing
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from lmrrg.anatomy import REGION_INDEX
from lmrrg.phantom import STYLES, draw, write_report

TRAINING_SITES = ("A", "B")
HOUSE_STYLE = "prose"


@dataclass(frozen=True)
class Recipe:
    """Which phantoms a cache holds; equal recipes give equal caches.

    One phantom in ``plain_every`` wears its site's own look, the others are randomised heavily.
    """

    count: int
    first_seed: int
    size: int = 256
    plain_every: int = 3


@dataclass(frozen=True, eq=False)
class PhantomCache:
    """Memory-mapped phantoms; ``reports[i]`` is a list of (sentence, region indices)."""

    pixels: NDArray[np.uint8]
    boxes: NDArray[np.float32]
    visible: NDArray[np.bool_]
    region_findings: NDArray[np.bool_]
    region_maps: NDArray[np.uint8]
    reports: list[list[tuple[str, list[int]]]]

    def __len__(self) -> int:
        return len(self.reports)


def site_of(seed: int) -> str:
    return TRAINING_SITES[seed % len(TRAINING_SITES)]


def _draw_one(job: tuple[int, int, bool]) -> tuple[NDArray[Any], ...]:
    seed, size, randomise = job
    phantom = draw(seed, size=size, site=site_of(seed), randomise_look=randomise)
    sentences = write_report(phantom.truth, STYLES[HOUSE_STYLE], np.random.default_rng([seed, 7]))
    report = [[s.text, [REGION_INDEX[r] for r in s.regions]] for s in sentences]
    return (
        phantom.pixels,
        phantom.boxes.astype(np.float32) / size,
        phantom.visible,
        phantom.region_findings,
        np.packbits(phantom.region_maps.astype(bool).reshape(len(phantom.boxes), -1), axis=-1),
        np.frombuffer(json.dumps(report).encode(), np.uint8),
    )


def _start_worker() -> None:
    cv2.setNumThreads(0)


def _drawn(recipe: Recipe, workers: int) -> Iterator[tuple[NDArray[Any], ...]]:
    seeds = range(recipe.first_seed, recipe.first_seed + recipe.count)
    jobs = [(seed, recipe.size, seed % recipe.plain_every != 0) for seed in seeds]
    with multiprocessing.get_context("spawn").Pool(workers, initializer=_start_worker) as pool:
        yield from pool.imap(_draw_one, jobs, chunksize=32)


def fill(folder: Path, recipe: Recipe, *, workers: int | None = None) -> PhantomCache:
    """Draw what ``recipe`` asks for into ``folder``, or open it where it is there already."""
    done = folder / "recipe.json"
    if not (done.exists() and json.loads(done.read_text()) == vars(recipe)):
        folder.mkdir(parents=True, exist_ok=True)
        done.unlink(missing_ok=True)
        pixels = np.lib.format.open_memmap(
            folder / "pixels.npy", "w+", np.uint8, (recipe.count, recipe.size, recipe.size)
        )
        rest: list[tuple[NDArray[Any], ...]] = []
        with (folder / "reports.jsonl").open("wb") as reports:
            for index, (image, *arrays, report) in enumerate(_drawn(recipe, workers or os.cpu_count() or 1)):
                pixels[index] = image
                rest.append(tuple(arrays))
                reports.write(report.tobytes() + b"\n")
        pixels.flush()
        names = ("boxes", "visible", "region_findings", "region_maps")
        for name, column in zip(names, zip(*rest, strict=True), strict=True):
            np.save(folder / f"{name}.npy", np.stack(column))
        done.write_text(json.dumps(vars(recipe)))
    return open_cache(folder)


def open_cache(folder: Path) -> PhantomCache:
    """Open a filled cache without reading its pixels."""
    arrays = {
        name: np.load(folder / f"{name}.npy", mmap_mode="r" if name == "pixels" else None)
        for name in ("pixels", "boxes", "visible", "region_findings", "region_maps")
    }
    lines = (folder / "reports.jsonl").read_text("utf-8").splitlines()
    return PhantomCache(reports=[json.loads(line) for line in lines], **arrays)
