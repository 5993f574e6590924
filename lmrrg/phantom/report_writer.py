"""Writes the report of a truth in a house style, sentence by sentence, each tied to its regions.

Knows words and regions, no pixels. Every abnormality and every device of the truth is stated; which normal
findings are mentioned, in which order and in which words is the style's. The same truth, style and state of
the random generator give the same report.
"""

import zlib
from dataclasses import dataclass
from typing import Literal

import numpy as np

from lmrrg.findings import Label
from lmrrg.phantom.disease import Abnormality, Truth, regions_of, regions_of_device
from lmrrg.phantom.phrases import ADVERB, PHRASES, SUMMARY

Topic = Literal["devices", "lungs", "pleura", "heart", "mediastinum", "bones"]
Form = Literal["prose", "telegraphic", "structured"]
_HEADING: dict[str, str] = {
    "devices": "Lines and tubes: ",
    "lungs": "Lungs: ",
    "pleura": "Pleura: ",
    "heart": "Heart: ",
    "mediastinum": "Mediastinum: ",
    "bones": "Bones: ",
}
_TOPIC: dict[str, Topic] = {
    "Cardiomegaly": "heart",
    "Enlarged Cardiomediastinum": "mediastinum",
    "Pleural Effusion": "pleura",
    "Pneumothorax": "pleura",
    "Pleural Other": "pleura",
    "Fracture": "bones",
}
_LUNG_BOTH = ("right lung", "left lung")
_ANGLES = ("right costophrenic angle", "left costophrenic angle")
_APICES = ("right apical zone", "left apical zone")


@dataclass(frozen=True, slots=True)
class PhantomSentence:
    """One sentence, the regions it speaks of (the most telling first), and the labels that it states."""

    text: str
    regions: tuple[str, ...]
    findings: tuple[tuple[str, Label], ...]


@dataclass(frozen=True, slots=True)
class Style:
    """How a house, or one reader, writes.

    Attributes:
        form: full sentences, telegraph style, or telegraph style under the organs' names.
        order: topics in the order in which they are reported.
        mention: topic → how often its normal state is mentioned, 0 … 1, as pairs.
        impression: how often the report closes with an impression.
        accent: which of the ways to say a thing this reader likes best.
        constancy: how often the favourite is taken, 0 … 1; else any.
    """

    name: str
    form: Form
    order: tuple[Topic, ...] = ("devices", "lungs", "pleura", "heart", "mediastinum", "bones")
    mention: tuple[tuple[Topic, float], ...] = (
        ("lungs", 1.0), ("pleura", 1.0), ("heart", 0.95), ("mediastinum", 0.8), ("bones", 0.6),
    )  # fmt: skip
    impression: float = 0.7
    accent: int = 0
    constancy: float = 0.6


STYLES: dict[str, Style] = {
    "prose": Style("prose", "prose"),
    "telegraphic": Style(
        "telegraphic",
        "telegraphic",
        order=("heart", "mediastinum", "lungs", "pleura", "devices", "bones"),
        mention=(("lungs", 1.0), ("pleura", 1.0), ("heart", 1.0), ("mediastinum", 0.5), ("bones", 0.2)),
        impression=0.3,
        accent=1,
    ),
    "structured": Style(
        "structured",
        "structured",
        order=("lungs", "pleura", "heart", "mediastinum", "bones", "devices"),
        mention=(("lungs", 1.0), ("pleura", 1.0), ("heart", 1.0), ("mediastinum", 0.9), ("bones", 0.8)),
        impression=0.9,
    ),
}


def write_report(truth: Truth, style: Style, rng: np.random.Generator) -> tuple[PhantomSentence, ...]:
    """The report of a truth in a style: all that is wrong, and the normal findings that the style mentions."""
    return _Writer(truth, style, rng).report()


class _Writer:
    def __init__(self, truth: Truth, style: Style, rng: np.random.Generator) -> None:
        self.truth, self.style, self.rng = truth, style, rng
        self.found = {one.finding for one in truth.abnormalities}
        self.mention = dict(style.mention)
        self.sentences: list[PhantomSentence] = []

    def report(self) -> tuple[PhantomSentence, ...]:
        for topic in self.style.order:
            first = len(self.sentences)
            for one in self.truth.abnormalities:
                if _TOPIC.get(one.finding, "lungs") == topic:
                    self._state(one)
            if topic == "devices":
                self._devices()
            elif self.rng.random() < self.mention.get(topic, 0.0):
                self._normal(topic)
            if self.style.form == "structured" and len(self.sentences) > first:
                opening = self.sentences[first]
                text = "Clear." if opening.text == "Lungs clear." else opening.text
                self.sentences[first] = PhantomSentence(
                    _HEADING[topic] + text, opening.regions, opening.findings
                )
        if self.rng.random() < self.style.impression or not self.sentences:
            self._impression()
        return tuple(self.sentences)

    def _say(
        self, key: str, regions: tuple[str, ...], findings: tuple[tuple[str, Label], ...], **words: str
    ) -> None:
        text = self._choose(key).format(**words)
        self.sentences.append(PhantomSentence(text[0].upper() + text[1:], regions, findings))

    def _choose(self, key: str) -> str:
        variants = PHRASES[key][0 if self.style.form == "prose" else 1]
        favourite = (self.style.accent + zlib.crc32(key.encode()) * (self.style.accent > 0)) % len(variants)
        other = int(self.rng.integers(len(variants)))
        return variants[favourite if self.rng.random() < self.style.constancy else other]

    def _state(self, one: Abnormality) -> None:
        key = {
            "Cardiomegaly": "cardiomegaly",
            "Enlarged Cardiomediastinum": "mediastinum wide",
            "Pleural Effusion": "effusion",
            "Pneumothorax": "pneumothorax",
            "Consolidation": "pneumonia" if one.detail == "pneumonia" else "consolidation",
            "Edema": "edema",
            "Atelectasis": "atelectasis",
            "Lung Lesion": one.detail or "nodule",
            "Fracture": "fracture",
            "Pleural Other": "thickening",
        }[one.finding]
        if one.side == "bilateral" and f"{key} bilateral" in PHRASES:
            key = f"{key} bilateral"
        findings: list[tuple[str, Label]] = [(one.finding, "positive")]
        if one.finding == "Consolidation":
            findings.append(("Lung Opacity", "positive"))
            if one.detail == "pneumonia":
                findings.append(("Pneumonia", "positive"))
        self._say(key, _telling(one), tuple(findings), **_words(one))

    def _devices(self) -> None:
        for device in self.truth.devices:
            words = {"side": device.side or ""}
            self._say(device.kind, regions_of_device(device)[:2], (("Support Devices", "positive"),), **words)

    def _normal(self, topic: Topic) -> None:
        found = self.found
        if topic == "lungs":
            self._normal_lungs()
        elif topic == "pleura":
            no_fluid, no_air = "Pleural Effusion" not in found, "Pneumothorax" not in found
            fluid: tuple[str, Label] = ("Pleural Effusion", "negative")
            air: tuple[str, Label] = ("Pneumothorax", "negative")
            if no_fluid and no_air:
                self._say("no effusion or pneumothorax", _ANGLES + _APICES, (fluid, air))
            elif no_fluid:
                self._say("no effusion", _ANGLES, (fluid,))
            elif no_air:
                self._say("no pneumothorax", _APICES, (air,))
        elif topic == "heart" and "Cardiomegaly" not in found:
            self._say("heart normal", ("cardiac silhouette",), (("Cardiomegaly", "negative"),))
        elif topic == "mediastinum" and "Enlarged Cardiomediastinum" not in found:
            regions = ("mediastinum", "upper mediastinum")
            self._say("mediastinum normal", regions, (("Enlarged Cardiomediastinum", "negative"),))
        elif topic == "bones" and "Fracture" not in found:
            self._say("no fracture", _LUNG_BOTH, (("Fracture", "negative"),))

    def _normal_lungs(self) -> None:
        solid: tuple[str, Label] = ("Consolidation", "negative")
        wet: tuple[str, Label] = ("Edema", "negative")
        no_solid, no_wet = "Consolidation" not in self.found, "Edema" not in self.found
        if not self.found & {"Consolidation", "Edema", "Atelectasis", "Lung Lesion"}:
            self._say("lungs clear", _LUNG_BOTH, ())
        if no_solid and no_wet:
            self._say("no consolidation or edema", _LUNG_BOTH, (solid, wet))
        elif no_solid:
            self._say("no consolidation", _LUNG_BOTH, (solid,))
        elif no_wet:
            self._say("no edema", _LUNG_BOTH, (wet,))

    def _impression(self) -> None:
        chief = self.truth.abnormalities[:2]
        if not chief:
            text = self._choose("impression normal")
            regions: tuple[str, ...] = (*_LUNG_BOTH, "cardiac silhouette")
            findings: tuple[tuple[str, Label], ...] = (("No Finding", "positive"),)
        else:
            named = [SUMMARY[one.finding].format(**_words(one)) for one in chief]
            text = " and ".join(named)
            text = text[0].upper() + text[1:] + "."
            regions = tuple(dict.fromkeys(name for one in chief for name in _telling(one)))
            positive: list[tuple[str, Label]] = []
            for one in chief:
                positive.append((one.finding, "positive"))
                if one.finding == "Consolidation":
                    positive.append(("Lung Opacity", "positive"))
            findings = tuple(positive)
        self.sentences.append(PhantomSentence("Impression: " + text, regions, findings))


def _telling(one: Abnormality) -> tuple[str, ...]:
    """The few regions that a sentence about an abnormality points at."""
    names = regions_of(one)
    if not one.sides:
        return names[:1]
    telling: list[str] = []
    for side in one.sides:
        own = [name for name in names if name.startswith(side)]
        telling += own[:2] if one.finding in ("Pleural Effusion", "Pneumothorax", "Edema") else own[:1]
    return tuple(telling)


def _words(one: Abnormality) -> dict[str, str]:
    side = one.side or ""
    where = f"both {one.zone} lung zones" if side == "bilateral" else f"the {side} {one.zone} lung zone"
    grade = one.severity or ""
    return {
        "grade": grade,
        "gradely": ADVERB.get(grade, ""),
        "side": side,
        "zone": one.zone or "",
        "where": where,
        "kind": one.detail or "",
    }
