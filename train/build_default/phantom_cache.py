"""Draws phantoms once, in worker processes, and keeps them as arrays on disk for training.

Knows nothing about models. A cache folder holds ``pixels.npy`` (uint8 ``[N, size, size]``), ``boxes.npy`` (float32
``[N, R, 4]``, x y width height in 0 … 1), ``visible.npy``, ``region_findings.npy``, ``significant.npy``,
``region_maps.npy`` (packed bits) and ``reports.jsonl``. A phantom of 256² takes 70 KB. Reports follow from the seed
without drawing, so that a change of wording costs seconds.
"""

import json
import multiprocessing
import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import cv2
import numpy as np
from numpy.typing import NDArray

from lmrrg.json_lines import lines_of
from lmrrg.profiles import DEFAULT, DEFAULT_PROFILE, Profile, load

PLAIN_EVERY = 4
_ARRAYS = ("boxes", "visible", "region_findings", "significant", "region_maps")
SentenceList = list[tuple[str, list[int]]]
_T = TypeVar("_T")


@dataclass(frozen=True)
class Recipe:
    """Which phantoms a cache holds; equal recipes give equal caches.

    One phantom in ``plain_every`` wears its site's own look, the others are randomised heavily.
    """

    count: int
    first_seed: int
    size: int = 256
    plain_every: int = PLAIN_EVERY
    profile: str = DEFAULT


class _Job(NamedTuple):
    """One phantom to draw or to write; the profile goes to the worker by its name."""

    profile: Profile
    seed: int
    size: int
    randomise: bool


@dataclass(frozen=True)
class Texts:
    """What may be written of one phantom; each sentence with the indices of the regions it speaks of.

    Attributes:
        house: in the house style.
        styled: in another style, ``style`` being its description.
        prior: the earlier study's report in both styles, empty without a prior.
    """

    house: SentenceList
    styled: SentenceList
    style: str
    prior: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class PhantomCache:
    """Memory-mapped phantoms and their texts."""

    pixels: NDArray[np.uint8]
    boxes: NDArray[np.float32]
    visible: NDArray[np.bool_]
    region_findings: NDArray[np.bool_]
    significant: NDArray[np.bool_]
    region_maps: NDArray[np.uint8]
    reports: list[Texts]

    def __len__(self) -> int:
        return len(self.reports)


def site_of(seed: int, profile: Profile = DEFAULT_PROFILE) -> str:
    """Whose phantom a seed is: one of the training sites."""
    sites = profile.drawn().TRAINING_SITES
    return sites[seed % len(sites)]


def is_randomised(seed: int, plain_every: int = PLAIN_EVERY) -> bool:
    """Whether the phantom of a seed is drawn with a randomised look rather than its site's own."""
    return seed % plain_every != 0


def _draw_one(job: _Job) -> tuple[NDArray[Any], ...]:
    phantoms = job.profile.drawn()
    size, site = job.size, site_of(job.seed, job.profile)
    phantom = phantoms.draw(job.seed, size=size, site=site, randomise_look=job.randomise)
    return (
        phantom.pixels,
        phantom.boxes.astype(np.float32) / size,
        phantom.visible,
        phantom.region_findings,
        phantoms.significant_regions(phantom.truth),
        np.packbits(phantom.region_maps.astype(bool).reshape(len(phantom.boxes), -1), axis=-1),
    )


def house_report(truth: Any, seed: int, profile: Profile = DEFAULT_PROFILE) -> str:
    """The report of a truth in the house style, always the same for a seed."""
    phantoms = profile.drawn()
    house = phantoms.STYLES[phantoms.HOUSE_STYLE]
    sentences = phantoms.write_report(truth, house, np.random.default_rng([seed, 7]))
    return " ".join(sentence.text for sentence in sentences)


def texts_of(truth: Any, seed: int, profile: Profile = DEFAULT_PROFILE) -> Texts:
    """All texts of one phantom; the same seed gives the same."""
    phantoms = profile.drawn()
    style = phantoms.random_style(np.random.default_rng([seed, 8]))

    def written(of: Any, how: Any, purpose: int) -> SentenceList:
        sentences = phantoms.write_report(of, how, np.random.default_rng([seed, purpose]))
        return [(one.text, [profile.region_index[name] for name in one.regions]) for one in sentences]

    house = phantoms.STYLES[phantoms.HOUSE_STYLE]
    prior = () if truth.prior is None else tuple(
        " ".join(text for text, _ in written(truth.prior, how, 10)) for how in (house, style)
    )  # fmt: skip
    return Texts(written(truth, house, 7), written(truth, style, 9), style.description, prior)


def _start_worker() -> None:
    cv2.setNumThreads(0)


def _line_of(job: _Job) -> str:
    site = site_of(job.seed, job.profile)
    truth = job.profile.drawn().truth_of(job.seed, site=site, randomise_look=job.randomise)
    return json.dumps(asdict(texts_of(truth, job.seed, job.profile))) + "\n"


def _made(make: Callable[[_Job], _T], recipe: Recipe, workers: int) -> Iterator[_T]:
    """What ``make`` makes of each seed, in their order."""
    seeds = range(recipe.first_seed, recipe.first_seed + recipe.count)
    profile = load(recipe.profile)
    jobs = [_Job(profile, seed, recipe.size, is_randomised(seed, recipe.plain_every)) for seed in seeds]
    with multiprocessing.get_context("spawn").Pool(workers, initializer=_start_worker) as pool:
        yield from pool.imap(make, jobs, chunksize=32)


def fill(folder: Path, recipe: Recipe, *, workers: int | None = None) -> PhantomCache:
    """Draw what ``recipe`` asks for into ``folder``, or open it where it is there already."""
    done = folder / "recipe.json"
    if not (done.exists() and json.loads(done.read_text()) == vars(recipe)):
        folder.mkdir(parents=True, exist_ok=True)
        done.unlink(missing_ok=True)
        (folder / "reports.jsonl").unlink(missing_ok=True)
        _fill_arrays(folder, recipe, workers or os.cpu_count() or 1)
        done.write_text(json.dumps(vars(recipe)))
    if not (folder / "reports.jsonl").exists():
        _fill_reports(folder, recipe, workers or os.cpu_count() or 1)
    return open_cache(folder)


def _fill_arrays(folder: Path, recipe: Recipe, workers: int) -> None:
    shape = (recipe.count, recipe.size, recipe.size)
    pixels = np.lib.format.open_memmap(folder / "pixels.npy", "w+", np.uint8, shape)
    rest: list[tuple[NDArray[Any], ...]] = []
    for index, (image, *arrays) in enumerate(_made(_draw_one, recipe, workers)):
        pixels[index] = image
        rest.append(tuple(arrays))
    pixels.flush()
    for name, column in zip(_ARRAYS, zip(*rest, strict=True), strict=True):
        np.save(folder / f"{name}.npy", np.stack(column))


def _fill_reports(folder: Path, recipe: Recipe, workers: int) -> None:
    unfinished = folder / "reports.partial"
    with unfinished.open("w", encoding="utf-8") as file:
        file.writelines(_made(_line_of, recipe, workers))
    unfinished.replace(folder / "reports.jsonl")


def open_cache(folder: Path) -> PhantomCache:
    """Open a filled cache without reading its pixels."""
    arrays = {
        name: np.load(folder / f"{name}.npy", mmap_mode="r" if name == "pixels" else None)
        for name in ("pixels", *_ARRAYS)
    }
    lines = lines_of((folder / "reports.jsonl").read_text("utf-8"))
    return PhantomCache(reports=[Texts(**json.loads(line)) for line in lines], **arrays)
