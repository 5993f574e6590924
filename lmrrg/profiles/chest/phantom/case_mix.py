"""Which diseases come, how often, and which come together: samples the truth of one study.

Knows shares, not pictures. The combinations are those of a general hospital: a failing heart is large, wet
and has effusions; pneumonia may have a parapneumonic effusion; tubes and lines go with portable images; who
was examined before is better, worse, or as before.
"""

from dataclasses import dataclass, replace
from typing import Literal, TypeVar

import numpy as np

from lmrrg.profiles.chest.phantom.disease import (
    EMPHYSEMA,
    Abnormality,
    Device,
    Posture,
    Severity,
    Sidedness,
    Truth,
    Zone,
)

_T = TypeVar("_T")
_SIZED = ("Pleural Effusion", "Pneumothorax")
_GRADES: tuple[Severity, ...] = ("mild", "moderate", "severe")
_SIZES: tuple[Severity, ...] = ("small", "moderate", "large")


@dataclass(frozen=True, slots=True)
class CaseMix:
    """How a site's studies are composed. All are shares 0 … 1; the pictures' shares are relative weights.

    Attributes:
        normal: share of studies without any abnormality (devices aside).
        failure, infection, diffuse, pleura, lesion, trauma, collapse, mixed: relative weights of the pictures among
            the others.
        emphysema: share of emphysema among those who breathe in well, by itself or under another picture.
        portable: share of AP images; lines and tubes occur nearly only there.
        supine: share of the portable images taken lying.
        followed: share of studies with a prior.
    """

    normal: float = 0.38
    failure: float = 1.0
    infection: float = 1.0
    diffuse: float = 0.15
    pleura: float = 0.8
    lesion: float = 0.5
    trauma: float = 0.25
    collapse: float = 0.35
    mixed: float = 0.8
    emphysema: float = 0.06
    portable: float = 0.4
    supine: float = 0.35
    followed: float = 0.3


def sample_truth(rng: np.random.Generator, mix: CaseMix) -> Truth:
    """Draw the truth of one study; the same state of ``rng`` gives the same truth."""
    portable = bool(rng.random() < mix.portable)
    posture: Posture = "supine" if portable and rng.random() < mix.supine else "erect"
    found: list[Abnormality] = []
    sick = rng.random() >= mix.normal
    if sick:
        pictures = (_failure, _infection, _diffuse, _pleura, _lesion, _trauma, _collapse, _mixed)
        weights = np.array(
            (
                mix.failure, mix.infection, mix.diffuse, mix.pleura, mix.lesion, mix.trauma, mix.collapse, mix.mixed,
            )
        )  # fmt: skip
        while not found:
            found = pictures[int(rng.choice(len(pictures), p=weights / weights.sum()))](rng)
        if rng.random() < mix.emphysema and not any(one.finding == "Edema" for one in found):
            found.append(Abnormality(EMPHYSEMA, "bilateral"))
    found = _compatible(found)
    devices = _devices(rng, portable, found)
    truth = Truth(tuple(found), devices, "AP" if portable else "PA", posture)
    return replace(truth, prior=_prior(rng, truth)) if rng.random() < mix.followed else truth


def _prior(rng: np.random.Generator, truth: Truth) -> Truth:
    """An earlier study of the same patient: some of today's diseases less or more far on, some not there yet."""
    before: list[Abnormality] = []
    for one in truth.abnormalities:
        course = rng.random()
        if course < 0.25:  # new since then
            continue
        grades = _SIZES if one.severity in ("small", "large") or one.finding in _SIZED else _GRADES
        if one.severity is not None and course < 0.75:
            others = tuple(grade for grade in grades if grade != one.severity)
            one = replace(one, severity=_pick(rng, others))
        before.append(one)
    if rng.random() < (0.25 if truth.abnormalities else 0.5):
        gone = _pick(rng, (_pleura, _infection, _failure, _collapse))(rng)[:1]
        kinds = {one.finding for one in truth.abnormalities}
        before += [one for one in gone if one.finding not in kinds]
    # Tubes and lines come and go between two examinations: those of then are not told.
    return Truth(tuple(_compatible(before)), (), truth.view, truth.posture)


def _pick(rng: np.random.Generator, choices: tuple[_T, ...], weights: tuple[float, ...] | None = None) -> _T:
    share = None if weights is None else np.array(weights) / sum(weights)
    return choices[int(rng.choice(len(choices), p=share))]


def _side(rng: np.random.Generator) -> Literal["right", "left"]:
    return "right" if rng.random() < 0.5 else "left"


def _both(rng: np.random.Generator, share: float) -> Sidedness:
    return "bilateral" if rng.random() < share else _side(rng)


def _effusion(
    rng: np.random.Generator, both: float = 0.4, sizes: tuple[float, ...] = (5, 3, 2)
) -> Abnormality:
    return Abnormality("Pleural Effusion", _both(rng, both), "lower", _pick(rng, _SIZES, sizes))


def _consolidation(rng: np.random.Generator, side: Sidedness | None = None) -> Abnormality:
    zone: Zone = _pick(rng, ("upper", "mid", "lower"), (3, 2, 5))
    detail = "pneumonia" if rng.random() < 0.5 else None
    return Abnormality("Consolidation", side or _both(rng, 0.15), zone, None, detail)


def _atelectasis(rng: np.random.Generator) -> Abnormality:
    return Abnormality("Atelectasis", _both(rng, 0.5), "lower", None, "linear")


def _large_heart(rng: np.random.Generator) -> Abnormality:
    return Abnormality("Cardiomegaly", None, None, _pick(rng, _GRADES, (4, 3, 2)))


def _failure(rng: np.random.Generator) -> list[Abnormality]:
    found = [_large_heart(rng)] if rng.random() < 0.85 else []
    if rng.random() < 0.6:
        found.append(Abnormality("Edema", "bilateral", None, _pick(rng, _GRADES, (4, 3, 2))))
    if rng.random() < 0.5:
        found.append(_effusion(rng, 0.65))
    if rng.random() < 0.15:
        found.append(_atelectasis(rng))
    return found


def _infection(rng: np.random.Generator) -> list[Abnormality]:
    found = [_consolidation(rng)]
    if found[0].side != "bilateral" and rng.random() < 0.2:
        other = _consolidation(rng, found[0].side)
        found += [other] if other.zone != found[0].zone else []
    if rng.random() < 0.25:
        found.append(Abnormality("Pleural Effusion", found[0].side, "lower", _pick(rng, _SIZES, (4, 2, 1))))
    return found


def _diffuse(rng: np.random.Generator) -> list[Abnormality]:
    detail = "pneumonia" if rng.random() < 0.6 else None
    zones: tuple[Zone, ...] = ("mid", "lower") if rng.random() < 0.75 else ("upper", "mid", "lower")
    return [Abnormality("Consolidation", "bilateral", zone, None, detail) for zone in zones]


def _pleura(rng: np.random.Generator) -> list[Abnormality]:
    kind = rng.random()
    if kind < 0.45:
        return [_effusion(rng)] + ([_atelectasis(rng)] if rng.random() < 0.25 else [])
    if kind < 0.8:
        return [Abnormality("Pneumothorax", _side(rng), None, _pick(rng, _SIZES, (4, 3, 2)))]
    return [Abnormality("Pleural Other", _both(rng, 0.4), "apical", None, "thickening")]


def _lesion(rng: np.random.Generator) -> list[Abnormality]:
    zone: Zone = _pick(rng, ("upper", "mid", "lower"))
    return [Abnormality("Lung Lesion", _side(rng), zone, None, _pick(rng, ("nodule", "mass"), (3, 2)))]


def _trauma(rng: np.random.Generator) -> list[Abnormality]:
    side = _side(rng)
    found = [Abnormality("Fracture", side, _pick(rng, ("upper", "mid", "lower"), (2, 4, 2)), None, "rib")]
    if rng.random() < 0.35:
        found.append(Abnormality("Pneumothorax", side, None, _pick(rng, _SIZES, (4, 2, 1))))
    return found


def _collapse(rng: np.random.Generator) -> list[Abnormality]:
    zone: Zone = _pick(rng, ("upper", "lower"), (2, 3))
    return [Abnormality("Atelectasis", _side(rng), zone, None, "lobar")]


def _mixed(rng: np.random.Generator) -> list[Abnormality]:
    found: list[Abnormality] = []
    if rng.random() < 0.5:
        found.append(_atelectasis(rng))
    if rng.random() < 0.3:
        found.append(_large_heart(rng))
    if rng.random() < 0.3:
        found.append(Abnormality("Enlarged Cardiomediastinum"))
    if rng.random() < 0.25:
        found.append(_consolidation(rng))
    if rng.random() < 0.3:
        found.append(_effusion(rng))
    if rng.random() < 0.12:
        found.append(Abnormality("Pleural Other", _both(rng, 0.4), "apical", None, "thickening"))
    if rng.random() < 0.12:
        found += _lesion(rng)
    return found


def _compatible(found: list[Abnormality]) -> list[Abnormality]:
    """Drop what another disease of the same study would hide: what is in the truth can be seen."""
    kept: list[Abnormality] = []
    for one in found:
        hidden = any(
            _hides(other, one, side) for other in found if other is not one for side in one.sides
        ) or any(
            one.finding == other.finding and (one.zone == other.zone or one.finding == "Atelectasis")
            for other in kept
        )
        if not hidden:
            kept.append(one)
    return kept


def _hides(other: Abnormality, one: Abnormality, side: str) -> bool:
    if side not in other.sides:
        return False
    if other.finding == "Pleural Effusion":
        low = one.zone == "lower" and one.finding in ("Atelectasis", "Consolidation", "Lung Lesion")
        return low and (other.severity != "small" or one.finding == "Atelectasis")
    if other.finding == "Consolidation":
        return one.finding in ("Atelectasis", "Lung Lesion") and one.zone == other.zone
    if other.detail == "lobar":
        return one.finding in ("Consolidation", "Lung Lesion", "Pneumothorax", "Pleural Other")
    return False


def _devices(rng: np.random.Generator, portable: bool, found: list[Abnormality]) -> tuple[Device, ...]:
    devices: list[Device] = []
    busy = (0.5 if found else 0.25) if portable else 0.04
    astray = 0.15  # share of tubes and lines out of place: more than in life, so that it is learned
    if rng.random() < busy:
        if rng.random() < 0.55:
            devices.append(Device("endotracheal tube", misplaced=bool(rng.random() < astray)))
        if rng.random() < 0.65:
            side: Literal["right", "left"] = "right" if rng.random() < 0.75 else "left"
            devices.append(Device("central line", side, misplaced=bool(rng.random() < astray)))
        if rng.random() < 0.45:
            devices.append(Device("nasogastric tube", misplaced=bool(rng.random() < astray)))
    for one in found:
        drained = {"Pneumothorax": 0.3, "Pleural Effusion": 0.1}.get(one.finding, 0.0)
        if portable and len(one.sides) == 1 and rng.random() < drained:
            devices.append(Device("chest drain", one.sides[0]))
    if rng.random() < 0.07:
        devices.append(Device("pacemaker", "left" if rng.random() < 0.85 else "right"))
    return tuple(devices)
