"""Fits what the default model says of itself: how sure it is of a sentence, and whether it knows the image.

Run on a finished model folder: ``fit_and_save`` reads phantoms of its own with it, fits on most of them, measures on
the rest, and writes both (``grounding.confidence``, ``grounding.image_check``) beside the weights. Phantoms are drawn
as for training, one in four in its site's own look. Knows nothing about training, pages or radiographs of patients:
what is fitted here is fitted to phantoms.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.covariance import LedoitWolf
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from lmrrg.grounding.confidence import (
    Calibration,
    logit,
    report_features,
    sentence_features,
)
from lmrrg.grounding.image_check import ImageCheck, ImageFeatures
from lmrrg.grounding.second_opinion import disagreements
from lmrrg.profiles import DEFAULT_PROFILE, Profile
from lmrrg.profiles.phantoms import Phantom
from lmrrg.reporters import DraftRequest, VersionFolder
from lmrrg.reporters.native import NativeReporter
from lmrrg.reporters.writing import WrittenReport
from train.build_default.phantom_cache import house_report, is_randomised, site_of
from train.build_default.truth_check import report_errs, sentence_is_right

CALIBRATION_SEED = 7_000_000  # no training, no tokenizer and no evaluation comes near
FITTED_SHARE = 0.7
# Each of the two distances calls one in a hundred of the held-out phantoms outside.
NOVELTY_QUANTILE = 0.99
# So large a margin that one in a hundred mirrored held-out phantoms is let pass. No phantom that is the right way
# round comes near it; other images have less room on both sides of it.
MIRROR_QUANTILE = 0.01
MIRROR_C = 1e-4  # few phantoms for some hundred weights: strong shrinkage
_BATCH = 16

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class PhantomReading:
    """One phantom as the model reads it: features of image and mirror image, uncalibrated findings, and the draft."""

    phantom: Phantom
    features: ImageFeatures
    mirrored: ImageFeatures
    findings: Mapping[str, float]
    draft: WrittenReport
    profile: Profile = DEFAULT_PROFILE


def fit_and_save(
    folder: Path, *, phantoms: int = 700, first_seed: int = CALIBRATION_SEED, device: str = "cpu"
) -> dict[str, float]:
    """Fit both files for the model in ``folder`` and write them there; the figures are of held-out phantoms.

    Draws the phantoms of seeds ``first_seed`` … ``first_seed + phantoms − 1``; 700 take three minutes of one core.

    Raises:
        ModelError: the folder holds no model.
    """
    version = VersionFolder(folder)
    version.forget_fitted()
    reporter = NativeReporter(folder, device=device)
    readings = read_phantoms(reporter, range(first_seed, first_seed + phantoms))
    cut = round(FITTED_SHARE * phantoms)
    calibration, said = fit_calibration(readings[:cut], readings[cut:])
    check, seen = fit_image_check(readings[:cut], readings[cut:])
    version.keep_fitted(calibration, check)
    return {**said, **seen}


def read_phantoms(
    reporter: NativeReporter, seeds: Sequence[int], *, size: int = 256, plain: bool = False
) -> list[PhantomReading]:
    """Draw and read the phantom of each seed, greedily, with the prior's report in hand where there is one.

    ``plain`` leaves every phantom in its site's own look.
    """
    readings = []
    writer, profile = reporter.writer, reporter.profile
    for start in range(0, len(seeds), _BATCH):
        phantoms, images = [], []
        for seed in seeds[start : start + _BATCH]:
            randomise = not plain and is_randomised(seed)
            phantom = profile.drawn().draw(
                seed, size=size, site=site_of(seed, profile), randomise_look=randomise
            )
            prior = house_report(phantom.truth.prior, seed, profile) if phantom.truth.prior else ""
            images.append(writer.encode(phantom.as_radiograph(), prior_report=prior))
            phantoms.append(phantom)
        written = writer.write(images, DraftRequest())
        for phantom, image, ids in zip(phantoms, images, written, strict=True):
            seen = image.regions.image_findings(profile)[0].tolist()
            findings = dict(zip(profile.findings, seen, strict=True))
            mirrored, draft = writer.mirror_features(image), writer.explain(image, ids)
            readings.append(PhantomReading(phantom, image.features, mirrored, findings, draft, profile))
    return readings


def expected_calibration_error(confidences: Array, right: Array, bins: int = 10) -> float:
    """Mean distance of confidence and share of right ones over ``bins`` bins of equal mass, ``[N]`` each.

    Guo et al., ICML 2017 (arXiv 1706.04599); equal mass as in Nixon et al., 2019 (arXiv 1904.01685). Not a number
    where nothing could be judged.
    """
    if not len(right):
        return float("nan")
    order = np.argsort(confidences, kind="stable")
    parts = [part for part in np.array_split(order, bins) if len(part)]
    gaps = [len(part) * abs(confidences[part].mean() - right[part].mean()) for part in parts]
    return float(sum(gaps) / len(order))


def fit_calibration(
    fitted: Sequence[PhantomReading], held_out: Sequence[PhantomReading]
) -> tuple[Calibration, dict[str, float]]:
    """The three logistic maps, each fitted on top of the one before, and what they are worth on ``held_out``."""
    told, true = _finding_table(fitted)
    made = Calibration(_logistic(logit(told)[:, None], true), (), (), "")
    features, _, right = sentence_table(fitted, made)
    made = replace(made, sentence=_logistic(features, right))
    features, errs = _report_table(fitted, made)
    made = replace(made, report=_logistic(features, errs))
    features, means, right = sentence_table(held_out, made)
    sure = np.array([made.sentence_confidence(row) for row in features], float)
    reports, errs = _report_table(held_out, made)
    expected = np.array([made.report_error(row) for row in reports])
    figures = {
        "sentences_right": float(right.mean()) if len(right) else float("nan"),
        "sentence_ece_before": expected_calibration_error(means, right),
        "sentence_ece_after": expected_calibration_error(sure, right),
        "sentence_auroc_before": _auroc(means, right),
        "sentence_auroc_after": _auroc(sure, right),
        "finding_ece_before": expected_calibration_error(*_finding_table(held_out)),
        "finding_ece_after": expected_calibration_error(*_finding_table(held_out, made)),
        "reports_with_an_error": float(errs.mean()),
        "needs_eye_auroc": _auroc(expected, errs),
    }
    return replace(made, fitted_on=f"{len(fitted)} phantoms"), figures


def _auroc(score: Array, target: Array) -> float:
    """Area under the ROC curve; not a number where only one class occurs."""
    return float(roc_auc_score(target, score)) if len(np.unique(target)) == 2 else float("nan")


def _logistic(features: Array, target: Array) -> tuple[float, ...]:
    """Weights over the raw features ``[N, d]``, then an offset; constant where only one class occurs."""
    if len(np.unique(target)) < 2:
        share = (target.sum() + 0.5) / (len(target) + 1)  # never quite sure
        return (*([0.0] * features.shape[1]), float(logit(share)))
    mean, scale = features.mean(0), features.std(0) + 1e-6
    model = LogisticRegression(max_iter=2000).fit((features - mean) / scale, target)
    weights = model.coef_[0] / scale
    return (*weights.tolist(), float(model.intercept_[0] - weights @ mean))


def _finding_table(
    readings: Sequence[PhantomReading], calibration: Calibration | None = None
) -> tuple[Array, Array]:
    """Probability and truth of every finding of every phantom but the normal one."""
    told: list[float] = []
    true: list[bool] = []
    for reading in readings:
        profile, found = reading.profile, reading.findings
        if calibration is not None:
            found = calibration.findings(found, profile)
        labels = profile.drawn().labels(reading.phantom.truth)
        judged = [name for name in profile.findings if name != profile.normal_finding]
        told += [found[name] for name in judged]
        true += [labels[name] == "positive" for name in judged]
    return np.array(told), np.array(true, float)


def sentence_table(
    readings: Sequence[PhantomReading], calibration: Calibration
) -> tuple[Array, Array, Array]:
    """Features ``[N, 3]``, geometric mean of the token probabilities, and whether it is right, of every sentence
    that can be judged."""
    features, means, right = [], [], []
    for reading in readings:
        profile = reading.profile
        told = calibration.findings(reading.findings, profile)
        for text, e in zip(reading.draft.sentences, reading.draft.evidence, strict=True):
            judged = sentence_is_right(text, reading.phantom, profile)
            if judged is not None:
                features.append(sentence_features(e.confidence, e.least, text, told, profile))
                means.append(e.confidence)
                right.append(judged)
    return np.array(features).reshape(-1, 3), np.array(means), np.array(right, float)


def _report_table(readings: Sequence[PhantomReading], calibration: Calibration) -> tuple[Array, Array]:
    """Features ``[N, 3]`` of every report, and whether it errs."""
    rows = []
    for reading in readings:
        texts, profile = reading.draft.sentences, reading.profile
        told = calibration.findings(reading.findings, profile)
        features = [
            sentence_features(e.confidence, e.least, text, told, profile)
            for text, e in zip(texts, reading.draft.evidence, strict=True)
        ]
        sure = [calibration.sentence_confidence(row) for row in features]
        differing = len(disagreements(texts, told, profile))
        rows.append(report_features(sure, texts, told, differing, profile))
    return np.array(rows), np.array(
        [report_errs(r.draft.sentences, r.phantom, r.profile) for r in readings], float
    )


def fit_image_check(
    fitted: Sequence[PhantomReading], held_out: Sequence[PhantomReading]
) -> tuple[ImageCheck, dict[str, float]]:
    """Both distances, the weights of the mirror check, and their thresholds on ``held_out``."""
    look_mean, look_precision = _gaussian(np.array([r.features.look for r in fitted]))
    layout_mean, layout_precision = _gaussian(np.array([r.features.layout for r in fitted]))
    made = ImageCheck(
        look_mean,
        look_precision,
        layout_mean,
        layout_precision,
        _mirror_weights(fitted),
        np.ones(3, np.float32),
    )
    distances = np.array([made.distances(r.features) for r in held_out])
    margins = np.array([made.mirror_margin(r.mirrored, r.features) for r in held_out])
    thresholds = np.array(
        [*np.quantile(distances, NOVELTY_QUANTILE, axis=0), max(0.0, np.quantile(margins, MIRROR_QUANTILE))],
        np.float32,
    )
    made = replace(made, thresholds=thresholds)
    return made, image_check_figures(made, held_out)


def image_check_figures(check: ImageCheck, readings: Sequence[PhantomReading]) -> dict[str, float]:
    """Shares of phantoms called outside, and called mirrored: those that are and those that are not."""
    return {
        "phantoms_outside": float(np.mean([check.novelty(r.features) > 1 for r in readings])),
        "mirrored_noticed": float(np.mean([check.seems_mirrored(r.mirrored, r.features) for r in readings])),
        "wrongly_called_mirrored": float(
            np.mean([check.seems_mirrored(r.features, r.mirrored) for r in readings])
        ),
    }


def _gaussian(features: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Mean and precision of ``[N, d]``: scaled to deviation 1, then shrunk (Ledoit and Wolf 2004)."""
    mean, scale = features.mean(0), features.std(0) + 1e-4
    precision = LedoitWolf().fit((features - mean) / scale).precision_ / np.outer(scale, scale)
    return mean.astype(np.float32), precision.astype(np.float32)


def _mirror_weights(readings: Sequence[PhantomReading]) -> NDArray[np.float32]:
    """Logistic weights over the features of an image less those of its mirror image; every phantom counts both ways."""
    here = np.array([np.concatenate([r.features.look, r.features.layout]) for r in readings])
    there = np.array([np.concatenate([r.mirrored.look, r.mirrored.layout]) for r in readings])
    scale = np.concatenate([here, there]).std(0) + 1e-4
    difference = (here - there) / scale
    model = LogisticRegression(C=MIRROR_C, fit_intercept=False, max_iter=2000)
    model.fit(np.concatenate([difference, -difference]), np.repeat([0, 1], len(difference)))
    weights: NDArray[np.float32] = (model.coef_[0] / scale).astype(np.float32)
    return weights
