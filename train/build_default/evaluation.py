"""What the default model is worth on phantoms that it never saw. Knows nothing about training.

Every figure of the model card comes from here; the same tables are printed by ``benchmarks/model/default_model.py``.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from lmrrg.metrics import baselines
from lmrrg.metrics.lite.labels import label_report, mentions
from lmrrg.metrics.radcliq import RadCliqLite
from lmrrg.profiles import DEFAULT_PROFILE, Profile
from lmrrg.profiles.phantoms import Phantom
from lmrrg.report import Report
from lmrrg.reporters.native import NativeReporter
from lmrrg.study import Prior, Study
from train.build_default.phantom_cache import house_report, site_of
from train.judge.pointing import hit

EVALUATION_SEED = 9_000_000  # no training, no tokenizer and no calibration comes near
# Seeds of the reports that the nearest-report baseline may choose from.
_LIBRARY_SEED, _LIBRARY_SIZE = 3_000_000, 1_000


@dataclass(frozen=True, eq=False)
class Reading:
    """One held-out phantom with its reference report, its prior's ("" without one) and the model's draft."""

    phantom: Phantom
    reference: str
    prior: str
    report: Report


def read(
    reporter: NativeReporter, *, site: str, count: int, first_seed: int, size: int = 512
) -> list[Reading]:
    """Draft ``count`` phantoms of ``site``, greedily, with the prior's report in hand where there is one."""
    readings, profile = [], reporter.profile
    for seed in range(first_seed, first_seed + count):
        phantom = profile.drawn().draw(seed, size=size, site=site)
        prior = house_report(phantom.truth.prior, seed, profile) if phantom.truth.prior else ""
        study = Study((phantom.as_radiograph(),), priors=(Prior(prior),))
        report = reporter.draft(study)
        readings.append(Reading(phantom, house_report(phantom.truth, seed, profile), prior, report))
    return readings


def read_sites(reporter: NativeReporter, sites: Sequence[str], count: int) -> list[Reading]:
    """``count`` held-out phantoms in all, as many of each site; a site's are always the same."""
    readings = []
    for site in sites:
        first = EVALUATION_SEED + 10_000 * sorted(reporter.profile.drawn().SITES).index(site)
        readings += read(reporter, site=site, count=count // len(sites), first_seed=first)
    return readings


def box_iou(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Intersection over union of boxes (x, y, w, h), row by row."""
    low = np.maximum(a[:, :2], b[:, :2])
    high = np.minimum(a[:, :2] + a[:, 2:], b[:, :2] + b[:, 2:])
    inner = np.clip(high - low, 0, None).prod(1)
    ratio: NDArray[np.float64] = inner / (a[:, 2:].prod(1) + b[:, 2:].prod(1) - inner)
    return ratio


def _clipped(boxes: NDArray[np.float64], size: int) -> NDArray[np.float64]:
    low = np.clip(boxes[:, :2], 0, size)
    high = np.clip(boxes[:, :2] + boxes[:, 2:], 0, size)
    return np.concatenate([low, np.maximum(high - low, 1e-6)], 1)


def image_figures(readings: list[Reading], profile: Profile = DEFAULT_PROFILE) -> dict[str, float]:
    """What the region extractor is worth.

    ``box_iou`` is the mean over visible regions; ``pointing_game`` the share of sentences with a positive finding
    whose map peaks in a region that truly bears it; ``abnormality_auroc`` ranks studies by the probability of any
    disease.
    """
    ratios, hits = [], []
    for reading in readings:
        phantom, report = reading.phantom, reading.report
        size = phantom.pixels.shape[0]
        predicted = _clipped(np.array([r.box_xywh for r in report.regions]), size)
        truth = _clipped(phantom.boxes.astype(float), size)
        ratios.append(box_iou(predicted, truth)[phantom.visible])
        judged = (hit(s.text, s.map.grid, phantom, profile) for s in report.sentences if s.map is not None)
        hits += [one for one in judged if one is not None]
    abnormal = [bool(r.phantom.truth.abnormalities) for r in readings]
    suspicion = [max(r.report.findings[name] for name in profile.diseases) for r in readings]
    return {
        "box_iou": float(np.concatenate(ratios).mean()),
        "pointing_game": float(np.mean(hits)) if hits else float("nan"),
        "abnormality_auroc": float(roc_auc_score(abnormal, suspicion))
        if len(set(abnormal)) == 2
        else float("nan"),
    }


def _sides(text: str, profile: Profile) -> dict[str, set[str]]:
    """Finding → the sides on which a report has it."""
    found: dict[str, set[str]] = {}
    for mention in mentions(text, profile):
        if mention.label == "positive" and mention.laterality:
            both = mention.laterality == "bilateral"
            found.setdefault(mention.finding, set()).update(
                ("right", "left") if both else (mention.laterality,)
            )
    return found


def _true_sides(phantom: Phantom) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in phantom.truth.abnormalities:
        if one.sides and one.finding != "Edema":
            found.setdefault(one.finding, set()).update(one.sides)
    return found


def laterality(candidates: list[str], phantoms: list[Phantom], profile: Profile = DEFAULT_PROFILE) -> float:
    """Of the findings that a report rightly states and gives a side: the share whose sides are the true ones."""
    right = []
    for text, phantom in zip(candidates, phantoms, strict=True):
        said, true = _sides(text, profile), _true_sides(phantom)
        right += [said[finding] == true[finding] for finding in said.keys() & true.keys()]
    return float(np.mean(right)) if right else float("nan")


def finding_f1(
    candidates: list[str], phantoms: list[Phantom], profile: Profile = DEFAULT_PROFILE
) -> dict[str, float]:
    """F1 of each finding that occurs, read from the reports by the labeler, against the truth."""
    read = [label_report(text, profile) for text in candidates]
    known = [profile.drawn().labels(phantom.truth) for phantom in phantoms]
    said, true = (
        np.array([[labels.get(f) == "positive" for f in profile.findings] for labels in rows])
        for rows in (read, known)
    )
    both = (said & true).sum(0)
    f1 = 2 * both / np.maximum(said.sum(0) + true.sum(0), 1)
    scores = {finding: float(f1[k]) for k, finding in enumerate(profile.findings) if true[:, k].any()}
    scores["micro"] = float(2 * both.sum() / max(said.sum() + true.sum(), 1))
    return scores


def report_figures(
    candidates: list[str],
    phantoms: list[Phantom],
    references: list[str],
    profile: Profile = DEFAULT_PROFILE,
) -> dict[str, float]:
    """Label F1 and laterality against the truth, RadCliQ-lite to the references, normal and duplicate shares."""
    f1 = finding_f1(candidates, phantoms, profile)
    micro = f1.pop("micro")
    nothing = profile.normal_finding or ""
    normal = [label_report(text, profile).get(nothing) == "positive" for text in candidates]
    true_normal = [not p.truth.abnormalities for p in phantoms]
    return {
        "label_f1_macro": float(np.mean(list(f1.values()))),
        "label_f1_micro": micro,
        "laterality": laterality(candidates, phantoms, profile),
        "radcliq_lite": float(np.mean(RadCliqLite(profile).score(candidates, references))),
        "normal_share": float(np.mean(normal)),
        "true_normal_share": float(np.mean(true_normal)),
        "duplicate_share": 1 - len(set(candidates)) / len(candidates),
        "true_duplicate_share": 1 - len(set(references)) / len(references),
    }


@cache
def _library(profile: Profile) -> tuple[str, ...]:
    seeds = range(_LIBRARY_SEED, _LIBRARY_SEED + _LIBRARY_SIZE)
    truth_of = profile.drawn().truth_of
    return tuple(house_report(truth_of(seed, site=site_of(seed, profile)), seed, profile) for seed in seeds)


def figures(readings: list[Reading], profile: Profile = DEFAULT_PROFILE) -> dict[str, dict[str, float]]:
    """The model, and every baseline of the metric suite, on the same phantoms."""
    phantoms, references = [r.phantom for r in readings], [r.reference for r in readings]
    table = {"model": report_figures([r.report.text for r in readings], phantoms, references, profile)}
    table["model"] |= image_figures(readings, profile)
    for name, key in (("first_sentence_ms", "first_sentence"), ("report_ms", "total")):
        table["model"][name] = float(np.median([r.report.timing_ms[key] for r in readings]))
    texts = {
        "one normal report": baselines.one_normal_report(references, profile),
        "prior copied": baselines.prior_copied([r.prior or None for r in readings], profile),
        "random other": baselines.random_other(references),
        "nearest (oracle)": baselines.nearest_training(references, _library(profile), profile),
    }
    return table | {name: report_figures(text, phantoms, references, profile) for name, text in texts.items()}
