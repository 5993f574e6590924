"""What is wrong with a phantom's chest: the truth that the image is drawn from and the report written from.

Knows words only (finding, side, zone, severity), where each is seen, and how a study differs from the one
before it. Knows nothing about pixels or sentences, nor how often anything occurs. One ``Abnormality`` of side
``"bilateral"`` stands for both sides alike.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lmrrg.metrics.categories import Label
from lmrrg.profiles.chest.findings import FINDING_INDEX, FINDINGS
from lmrrg.profiles.chest.regions import REGION_INDEX, REGIONS

Sidedness = Literal["right", "left", "bilateral"]
Zone = Literal["upper", "mid", "lower", "apical"]
Severity = Literal["mild", "moderate", "severe", "small", "large"]
PhantomView = Literal["PA", "AP"]
Posture = Literal["erect", "supine"]
Change = Literal["new", "larger", "smaller", "unchanged"]

EMPHYSEMA = "Emphysema"  # an abnormality that none of the 14 CheXpert findings names
_RANK = {"mild": 0, "small": 0, "moderate": 1, "severe": 2, "large": 2}


@dataclass(frozen=True, slots=True)
class Abnormality:
    """One thing that is wrong.

    Attributes:
        finding: one of ``findings.FINDINGS``, never ``No Finding``, ``Lung Opacity`` or ``Support Devices``; or
            ``EMPHYSEMA``.
        side: None where sides make no sense (the heart).
        severity: mild < moderate < severe, or small < moderate < large.
        detail: the kind within the finding: ``"pneumonia"``; ``"linear"`` or ``"lobar"`` atelectasis, the latter
            with loss of volume and of one side; ``"nodule"``, ``"mass"``.
    """

    finding: str
    side: Sidedness | None = None
    zone: Zone | None = None
    severity: Severity | None = None
    detail: str | None = None

    @property
    def sides(self) -> tuple[Literal["right", "left"], ...]:
        """The sides it is on, one by one; empty where sides make no sense."""
        if self.side is None:
            return ()
        return ("right", "left") if self.side == "bilateral" else (self.side,)


@dataclass(frozen=True, slots=True)
class Device:
    """A support device.

    Attributes:
        kind: ``"endotracheal tube"``, ``"central line"``, ``"pacemaker"``, ``"nasogastric tube"`` or ``"chest drain"``.
        misplaced: the tube's tip lies in the right main bronchus, the line's in the neck, the nasogastric tube's
            in the oesophagus; the others are always in place.
    """

    kind: str
    side: Literal["right", "left"] | None = None
    misplaced: bool = False


@dataclass(frozen=True, slots=True)
class Truth:
    """All that is true of one study; hashable, so that equal studies can be counted.

    Attributes:
        posture: fluid layers behind the lung of a patient who lies; only AP images are taken lying.
        prior: the truth of the same patient's earlier study, which has itself no prior; None without one.
    """

    abnormalities: tuple[Abnormality, ...] = ()
    devices: tuple[Device, ...] = ()
    view: PhantomView = "PA"
    posture: Posture = "erect"
    prior: "Truth | None" = None

    def of(self, finding: str) -> tuple[Abnormality, ...]:
        return tuple(one for one in self.abnormalities if one.finding == finding)

    @property
    def lobar(self) -> tuple[Abnormality, ...]:
        """The lobes that have lost their air and volume."""
        return tuple(one for one in self.of("Atelectasis") if one.detail == "lobar")

    def change(self, one: Abnormality) -> Change | None:
        """How ``one``, an abnormality of this study, compares with the prior; None without a prior."""
        if self.prior is None:
            return None
        before = [other for other in self.prior.abnormalities if _same_place(one, other)]
        if not before:
            return "new"
        growth = _RANK.get(one.severity or "", 0) - _RANK.get(before[0].severity or "", 0)
        return "larger" if growth > 0 else "smaller" if growth < 0 else "unchanged"

    @property
    def resolved(self) -> tuple[Abnormality, ...]:
        """What the prior showed and this study does not."""
        if self.prior is None:
            return ()
        return tuple(
            other
            for other in self.prior.abnormalities
            if not any(_same_place(one, other) for one in self.abnormalities)
        )


def _same_place(one: Abnormality, other: Abnormality) -> bool:
    return (one.finding, one.side, one.zone, one.detail) == (
        other.finding,
        other.side,
        other.zone,
        other.detail,
    )


def labels(truth: Truth) -> dict[str, Label]:
    """``"positive"`` or ``"negative"`` for each of the 14 findings, as a perfect reader of the study would say.

    As in CheXpert, ``No Finding`` is positive when nothing but support devices is. ``Lung Opacity`` goes with a
    consolidation, ``Pneumonia`` with a consolidation that is called one.
    """
    found = {one.finding for one in truth.abnormalities}
    if "Consolidation" in found:
        found.add("Lung Opacity")
    if any(one.detail == "pneumonia" for one in truth.of("Consolidation")):
        found.add("Pneumonia")
    if not found:
        found.add("No Finding")
    if truth.devices:
        found.add("Support Devices")
    return {finding: "positive" if finding in found else "negative" for finding in FINDINGS}


_MIDLINE_REGIONS = {
    "Cardiomegaly": ("cardiac silhouette", "mediastinum"),
    "Enlarged Cardiomediastinum": ("upper mediastinum", "mediastinum"),
}
_DEVICE_REGIONS = {
    "endotracheal tube": ("trachea", "carina"),
    "nasogastric tube": ("mediastinum", "abdomen"),
    "central line": ("svc", "cavoatrial junction", "upper mediastinum"),
}
_MISPLACED_REGIONS = {
    "endotracheal tube": ("carina", "right hilar structures"),
    "nasogastric tube": ("mediastinum", "spine"),
    "central line": ("upper mediastinum", "trachea"),
}


def regions_of(one: Abnormality) -> tuple[str, ...]:
    """The regions that an abnormality is seen in, the most telling first."""
    if one.finding in _MIDLINE_REGIONS:
        return _MIDLINE_REGIONS[one.finding]
    named: list[str] = []
    for side in one.sides:
        if one.finding == "Pleural Effusion":
            named += [f"{side} costophrenic angle", f"{side} lower lung zone", f"{side} hemidiaphragm"]
            named += [f"{side} mid lung zone"] if one.severity == "large" else []
        elif one.finding == "Pneumothorax":
            named += [f"{side} apical zone", f"{side} upper lung zone"]
            named += [f"{side} mid lung zone", f"{side} lower lung zone"] if one.severity == "large" else []
        elif one.finding == EMPHYSEMA:
            named += [f"{side} hemidiaphragm", f"{side} upper lung zone"]
        elif one.finding == "Edema":
            named += [f"{side} hilar structures", f"{side} mid lung zone", f"{side} lower lung zone"]
        elif one.zone == "apical":
            named += [f"{side} apical zone", f"{side} upper lung zone"]
        else:
            named += [f"{side} {one.zone} lung zone"]
        named += [f"{side} lung"]
    # The telling regions of both sides before the wider ones.
    return tuple(sorted(dict.fromkeys(named), key=lambda name: name.endswith(" lung")))


def regions_of_device(device: Device) -> tuple[str, ...]:
    """The regions that a device runs through, the one of its tip or body first."""
    if device.kind == "pacemaker":
        return (f"{device.side} upper lung zone", "right atrium", "cardiac silhouette")
    if device.kind == "chest drain":
        return (f"{device.side} lung", f"{device.side} lower lung zone")
    return (_MISPLACED_REGIONS if device.misplaced else _DEVICE_REGIONS)[device.kind]


def significant_regions(truth: Truth) -> NDArray[np.bool_]:
    """bool ``[29]``: the regions where anything is to be told, an abnormality or a device."""
    table = np.zeros(len(REGIONS), bool)
    for one in truth.abnormalities:
        table[[REGION_INDEX[name] for name in regions_of(one)]] = True
    for device in truth.devices:
        table[[REGION_INDEX[name] for name in regions_of_device(device)]] = True
    return table


def region_findings(truth: Truth) -> NDArray[np.bool_]:
    """bool ``[29, 14]``: which finding is positive in which region; its ``any(0)`` equals ``labels``.

    ``No Finding`` belongs to the whole image and is set in every region or in none.
    """
    table = np.zeros((len(REGIONS), len(FINDINGS)), bool)
    for one in truth.abnormalities:
        columns = [one.finding] if one.finding in FINDING_INDEX else []
        if one.finding == "Consolidation":
            columns += ["Lung Opacity"] + (["Pneumonia"] if one.detail == "pneumonia" else [])
        for name in regions_of(one):
            for column in columns:
                table[REGION_INDEX[name], FINDING_INDEX[column]] = True
    for device in truth.devices:
        for name in regions_of_device(device):
            table[REGION_INDEX[name], FINDING_INDEX["Support Devices"]] = True
    table[:, FINDING_INDEX["No Finding"]] = not truth.abnormalities
    return table
