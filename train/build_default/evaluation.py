"""What the default model is worth on phantoms that it never saw. Knows no training.

Every figure of the model card comes from here; the same table is printed by ``benchmarks/default_model.py``.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmrrg.findings import FINDINGS
from lmrrg.metrics.labels import label_report
from lmrrg.metrics.radcliq import RadCliqLite
from lmrrg.phantom import STYLES, Phantom, draw, labels, write_report
from lmrrg.reporters import DraftRequest
from lmrrg.reporters.native import NativeReporter
from lmrrg.types import Report
from train.build_default.phantom_cache import HOUSE_STYLE

NORMAL_REPORT = (
    "The lungs are clear. No pleural effusion or pneumothorax. "
    "The cardiac silhouette is normal in size. The mediastinal contours are normal. No acute osseous abnormality."
)


@dataclass(frozen=True, eq=False)
class Reading:
    """One held-out phantom with its reference report and the model's draft."""

    phantom: Phantom
    reference: str
    report: Report


def read(
    reporter: NativeReporter, *, site: str, count: int, first_seed: int, size: int = 512
) -> list[Reading]:
    """Draft ``count`` phantoms of ``site``, greedily."""
    readings = []
    for seed in range(first_seed, first_seed + count):
        phantom = draw(seed, size=size, site=site)
        sentences = write_report(phantom.truth, STYLES[HOUSE_STYLE], np.random.default_rng([seed, 7]))
        report = reporter.draft(phantom.as_radiograph(), DraftRequest())
        readings.append(Reading(phantom, " ".join(s.text for s in sentences), report))
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


def region_figures(readings: list[Reading]) -> dict[str, float]:
    """Mean box IoU over visible regions, and the pointing game of positive sentences.

    A sentence that names a positive finding hits when its map's peak lies in a region that truly bears it.
    """
    ratios, hits = [], []
    for reading in readings:
        phantom, report = reading.phantom, reading.report
        size = phantom.pixels.shape[0]
        predicted = _clipped(np.array([r.box_xywh for r in report.regions]), size)
        truth = _clipped(phantom.boxes.astype(float), size)
        ratios.append(box_iou(predicted, truth)[phantom.visible])
        hits += [h for s in report.sentences if (h := _hit(s.text, s.map, phantom)) is not None]
    return {
        "box_iou": float(np.concatenate(ratios).mean()),
        "pointing_game": float(np.mean(hits)) if hits else float("nan"),
    }


def _hit(text: str, grid: NDArray[np.float32] | None, phantom: Phantom) -> bool | None:
    positive = [FINDINGS.index(f) for f, label in label_report(text).items() if label == "positive"]
    bearing = np.flatnonzero(phantom.region_findings[:, positive].any(1)) if positive else np.array([])
    if grid is None or not len(bearing):
        return None
    size = phantom.pixels.shape[0]
    row, column = np.unravel_index(int(grid.argmax()), grid.shape)
    x, y = (column + 0.5) / grid.shape[1] * size, (row + 0.5) / grid.shape[0] * size
    left, top, width, height = phantom.boxes[bearing].T
    return bool(((x >= left) & (x <= left + width) & (y >= top) & (y <= top + height)).any())


def report_figures(candidates: list[str], phantoms: list[Phantom], references: list[str]) -> dict[str, float]:
    """Label F1 against the truth, RadCliQ-lite to the references, normal and duplicate share."""
    said = np.array([[label_report(text).get(f) == "positive" for f in FINDINGS] for text in candidates])
    true = np.array([[labels(p.truth).get(f) == "positive" for f in FINDINGS] for p in phantoms])
    # Only findings that occur can be scored.
    tp, fp, fn = (said & true).sum(0), (said & ~true).sum(0), (~said & true).sum(0)
    scored = true.any(0)
    f1 = 2 * tp / np.maximum(2 * tp + fp + fn, 1)
    normal = FINDINGS.index("No Finding")
    return {
        "label_f1_macro": float(f1[scored].mean()),
        "label_f1_micro": float(2 * tp.sum() / max(2 * tp.sum() + fp.sum() + fn.sum(), 1)),
        "radcliq_lite": float(np.mean(RadCliqLite().score(candidates, references))),
        "normal_share": float(said[:, normal].mean()),
        "true_normal_share": float(true[:, normal].mean()),
        "duplicate_share": 1 - len(set(candidates)) / len(candidates),
    }


def figures(readings: list[Reading]) -> dict[str, dict[str, float]]:
    """The model, and the baseline that writes one normal report for everybody, on the same phantoms."""
    phantoms, references = [r.phantom for r in readings], [r.reference for r in readings]
    model = report_figures([r.report.text for r in readings], phantoms, references)
    baseline = report_figures([NORMAL_REPORT] * len(readings), phantoms, references)
    timing = {
        k: float(np.median([r.report.timing_ms[k] for r in readings])) for k in ("first_sentence", "total")
    }
    seconds = {"first_sentence_ms": timing["first_sentence"], "report_ms": timing["total"]}
    return {"model": {**model, **region_figures(readings), **seconds}, "one normal report": baseline}
