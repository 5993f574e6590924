"""What is wrong with a phantom's chest: the truth that the image is drawn from and the report written from.

Knows words only (finding, side, zone, severity) and where each is seen. Knows no pixels, no sentences, and
not how often anything occurs. One ``Abnormality`` of side ``"bilateral"`` stands for both sides alike.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from lmrrg.anatomy import REGION_INDEX, REGIONS
from lmrrg.findings import FINDING_INDEX, FINDINGS, Label

Sidedness = Literal["right", "left", "bilateral"]
Zone = Literal["upper", "mid", "lower", "apical"]
Severity = Literal["mild", "moderate", "severe", "small", "large"]
PhantomView = Literal["PA", "AP"]


@dataclass(frozen=True, slots=True)
class Abnormality:
    """One thing that is wrong.

    Attributes:
        finding: one of ``findings.FINDINGS``, never ``No Finding``, ``Lung Opacity`` or ``Support Devices``.
        side: None where sides make no sense (the heart).
        severity: mild < moderate < severe, or small < moderate < large.
        detail: the kind within the finding: ``"pneumonia"``, ``"linear"``, ``"basal"``, ``"nodule"``, ``"mass"``.
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
    """A support device: ``"endotracheal tube"``, ``"central line"``, ``"pacemaker"`` or ``"nasogastric tube"``."""

    kind: str
    side: Literal["right", "left"] | None = None


@dataclass(frozen=True, slots=True)
class Truth:
    """All that is true of one study; hashable, so that equal studies can be counted."""

    abnormalities: tuple[Abnormality, ...] = ()
    devices: tuple[Device, ...] = ()
    view: PhantomView = "PA"

    def of(self, finding: str) -> tuple[Abnormality, ...]:
        return tuple(one for one in self.abnormalities if one.finding == finding)

    def has_device(self, kind: str) -> bool:
        return any(device.kind == kind for device in self.devices)


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
    if device.kind == "central line":
        return ("svc", "cavoatrial junction", "upper mediastinum")
    if device.kind == "pacemaker":
        return (f"{device.side} upper lung zone", "right atrium", "cardiac silhouette")
    return _DEVICE_REGIONS[device.kind]


def region_findings(truth: Truth) -> NDArray[np.bool_]:
    """bool ``[29, 14]``: which finding is positive in which region; its ``any(0)`` equals ``labels``.

    ``No Finding`` belongs to the whole image and is set in every region or in none.
    """
    table = np.zeros((len(REGIONS), len(FINDINGS)), bool)
    for one in truth.abnormalities:
        columns = [one.finding]
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
