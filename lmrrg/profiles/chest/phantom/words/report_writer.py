"""Writes the report of a truth in a house style, sentence by sentence, each tied to its regions.

Knows words and regions, no pixels. Every abnormality and every device of the truth is stated; which normal
findings are mentioned, in which order and in which words is the style's. A study with a prior is compared with
it, finding by finding; one without speaks of no earlier time. The same truth, style and state of the random
generator give the same report.
"""

import zlib
from dataclasses import dataclass, replace

import numpy as np

from lmrrg.metrics.categories import Label
from lmrrg.profiles.chest.phantom.disease import (
    EMPHYSEMA,
    Abnormality,
    Change,
    Device,
    Truth,
    labels,
    regions_of,
    regions_of_device,
)
from lmrrg.profiles.chest.phantom.words.dictated_phrases import DICTATED, DICTATED_COMPARED, NORMALS
from lmrrg.profiles.chest.phantom.words.phrases import (
    ADVERB,
    COMPARED,
    LEADING,
    NAME,
    PHRASES,
    PLURAL,
    SUMMARY,
)
from lmrrg.profiles.chest.phantom.words.styles import Style, Topic

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
_KEY: dict[str, str] = {
    "Cardiomegaly": "cardiomegaly",
    "Enlarged Cardiomediastinum": "mediastinum wide",
    "Pleural Effusion": "effusion",
    "Pneumothorax": "pneumothorax",
    "Consolidation": "consolidation",
    "Edema": "edema",
    "Atelectasis": "atelectasis",
    "Fracture": "fracture",
    "Pleural Other": "thickening",
    EMPHYSEMA: "emphysema",
}
# Findings after which nobody calls the lungs clear.
_UNCLEAR = frozenset({"Consolidation", "Edema", "Atelectasis", "Lung Lesion", EMPHYSEMA})
_ZONES = ("upper", "mid", "lower")
_LUNG_BOTH = ("right lung", "left lung")
_ANGLES = ("right costophrenic angle", "left costophrenic angle")
_APICES = ("right apical zone", "left apical zone")
# How often a view that limits the reading is named, and how often a study without change is said to have none.
_NAMES_VIEW = 0.5
_SAYS_NO_CHANGE = 0.5


@dataclass(frozen=True, slots=True)
class PhantomSentence:
    """One sentence, the regions it speaks of (the most telling first), and the labels that it states."""

    text: str
    regions: tuple[str, ...]
    findings: tuple[tuple[str, Label], ...]


@dataclass(frozen=True, slots=True)
class _Statement:
    """Abnormalities that are told in one breath: alike but for their zones."""

    members: tuple[Abnormality, ...]
    change: Change | None

    @property
    def one(self) -> Abnormality:
        return self.members[0]

    @property
    def key(self) -> str:
        """The key of its phrases, without the side."""
        one = self.one
        if one.finding == "Lung Lesion":
            return one.detail or "nodule"
        if one.finding == "Consolidation" and one.detail == "pneumonia":
            return "pneumonia"
        if one.finding == "Atelectasis" and one.detail == "lobar":
            return "lobar atelectasis"
        return _KEY[one.finding]

    @property
    def regions(self) -> tuple[str, ...]:
        """The few regions that a sentence about it points at."""
        return tuple(dict.fromkeys(name for one in self.members for name in _telling(one)))

    @property
    def findings(self) -> tuple[str, ...]:
        """The CheXpert findings that its statement asserts."""
        if self.one.finding == EMPHYSEMA:
            return ()
        if self.one.finding != "Consolidation":
            return (self.one.finding,)
        return ("Consolidation", "Lung Opacity") + (("Pneumonia",) if self.key == "pneumonia" else ())

    @property
    def words(self) -> dict[str, str]:
        side, grade = self.one.side or "", self.one.severity or ""
        zones = [one.zone for one in self.members if one.zone]
        zone = " and ".join(sorted(zones, key=lambda name: _ZONES.index(name) if name in _ZONES else 0))
        many = "s" if side == "bilateral" or len(zones) > 1 else ""
        where = f"{'both' if side == 'bilateral' else 'the ' + side} {zone} lung zone{many}"
        area = f"{side} {zone} zone{many}"
        if len(zones) == 3:
            where = area = "all zones of " + ("both lungs" if side == "bilateral" else f"the {side} lung")
        return {
            "grade": grade,
            "gradely": ADVERB.get(grade, grade),
            "side": side,
            "zone": zone,
            "where": where,
            "area": area,
        }


def write_report(truth: Truth, style: Style, rng: np.random.Generator) -> tuple[PhantomSentence, ...]:
    """The report of a truth in a style: all that is wrong, and the normal findings that the style mentions."""
    return _Writer(truth, style, rng).report()


class _Writer:
    def __init__(self, truth: Truth, style: Style, rng: np.random.Generator) -> None:
        self.truth, self.style, self.rng = truth, style, rng
        self.column = 0 if style.form == "prose" else 1
        self.present = _statements(truth, truth.abnormalities)
        self.gone = _statements(truth, truth.resolved)
        self.found = {one.finding for one in truth.abnormalities}
        self.known = labels(truth)
        # What has resolved is not denied once more.
        self.spoken_of = self.found | {one.finding for one in truth.resolved}
        self.mention = dict(style.mention)
        self.sentences: list[PhantomSentence] = []

    def report(self) -> tuple[PhantomSentence, ...]:
        for topic in self.style.order:
            first = len(self.sentences)
            for statement in self.present:
                if _TOPIC.get(statement.one.finding, "lungs") == topic:
                    self._state(statement)
            for statement in self.gone:
                if _TOPIC.get(statement.one.finding, "lungs") == topic:
                    self._state_resolved(statement)
            if topic == "devices":
                self._devices()
            elif self.rng.random() < self.mention.get(topic, 0.0):
                self._normal(topic)
            if self.style.form == "structured" and len(self.sentences) > first:
                opening = self.sentences[first]
                text = "Clear." if opening.text == "Lungs clear." else opening.text
                self.sentences[first] = replace(opening, text=_HEADING[topic] + text)
        says_no_change = self.rng.random() < _SAYS_NO_CHANGE
        if self.truth.prior and not (self.present or self.gone) and says_no_change:
            self._say("no change", (*_LUNG_BOTH, "cardiac silhouette"))
        if self.rng.random() < self.style.impression or not self.sentences:
            self._impression()
        return tuple(self.sentences)

    # words

    def _variants(self, key: str) -> tuple[str, ...]:
        wording = self.style.wording
        if wording == "dictated" or (wording == "own normals" and key in NORMALS):
            return DICTATED.get(key, ())
        return PHRASES[key][self.column] if key in PHRASES else ()

    def _pick(self, key: str, variants: tuple[str, ...]) -> str:
        """The reader's favourite, or any of the variants."""
        accent = self.style.accent
        favourite = (accent + zlib.crc32(key.encode()) * (accent > 0)) % len(variants)
        other = int(self.rng.integers(len(variants)))
        return variants[favourite if self.rng.random() < self.style.constancy else other]

    def _choose(self, key: str) -> str:
        return self._pick(key, self._variants(key))

    def _say(
        self,
        key: str,
        regions: tuple[str, ...],
        findings: tuple[tuple[str, Label], ...] = (),
        words: dict[str, str] | None = None,
        tail: str = "",
    ) -> None:
        chosen = self._choose(key)
        within = "{tail}" in chosen
        text = _clean(chosen.format(**(words or {}), tail=f"{tail}," if tail else ""))
        if tail and not within:
            text = f"{text.removesuffix('.')}{tail}."
        self.sentences.append(PhantomSentence(text, regions, findings))

    # what is wrong

    def _state(self, statement: _Statement) -> None:
        key, change = statement.key, statement.change
        both = " bilateral" if statement.one.side == "bilateral" else ""
        told = f"{key} {change}{both}"
        if self._variants(told) and self.rng.random() < 0.5:
            key, change = told, None
        else:
            if key == "effusion" and self.truth.posture == "supine":
                key = "effusion layering"
            elif key == "cardiomegaly" and self.truth.view == "AP" and self.rng.random() < _NAMES_VIEW:
                key = "cardiomegaly AP"
            key += both if self._variants(key + both) else ""
        positive: list[tuple[str, Label]] = [(name, "positive") for name in statement.findings]
        tail = ", " + self._comparison(change) if change else ""
        self._say(key, statement.regions, tuple(positive), statement.words, tail)

    def _comparison(self, change: Change) -> str:
        dictated = self.style.wording == "dictated"
        variants = DICTATED_COMPARED[change] if dictated else COMPARED[change][self.column]
        return self._pick(change, variants)

    def _state_resolved(self, statement: _Statement) -> None:
        key = _with_side(statement, NAME)
        plural = key in PLURAL
        words = {
            "name": NAME[key].format(**statement.words),
            "has": "have" if plural else "has",
            "is": "are" if plural else "is",
        }
        # Where the same finding is present elsewhere, the study as a whole is not free of it.
        told = ("Pneumonia",) if statement.key == "pneumonia" else statement.findings
        negative = tuple((name, self.known[name]) for name in told if self.known[name] == "negative")
        self._say("resolved", statement.regions, negative, words)

    def _devices(self) -> None:
        for device in self.truth.devices:
            regions = regions_of_device(device)[:2]
            self._say(_device_key(device), regions, (("Support Devices", "positive"),), _device_words(device))

    # what is not

    def _normal(self, topic: Topic) -> None:
        spoken_of = self.spoken_of
        if topic == "lungs":
            self._normal_lungs()
        elif topic == "pleura":
            self._normal_pleura()
        elif topic == "heart" and "Cardiomegaly" not in spoken_of:
            on_view = self.truth.view == "AP" and self.rng.random() < _NAMES_VIEW
            key = "heart normal AP" if on_view else "heart normal"
            self._say(key, ("cardiac silhouette",), (("Cardiomegaly", "negative"),))
        elif topic == "mediastinum" and "Enlarged Cardiomediastinum" not in spoken_of:
            regions = ("mediastinum", "upper mediastinum")
            self._say("mediastinum normal", regions, (("Enlarged Cardiomediastinum", "negative"),))
        elif topic == "bones" and "Fracture" not in spoken_of:
            self._say("no fracture", _LUNG_BOTH, (("Fracture", "negative"),))

    def _normal_pleura(self) -> None:
        no_fluid, no_air = "Pleural Effusion" not in self.spoken_of, "Pneumothorax" not in self.spoken_of
        fluid: tuple[str, Label] = ("Pleural Effusion", "negative")
        air: tuple[str, Label] = ("Pneumothorax", "negative")
        supine = self.truth.posture == "supine" and self.rng.random() < _NAMES_VIEW
        tail = " on this supine image" if supine else ""
        if no_fluid and no_air:
            self._say("no effusion or pneumothorax", _ANGLES + _APICES, (fluid, air), tail=tail)
        elif no_fluid:
            self._say("no effusion", _ANGLES, (fluid,), tail=tail)
        elif no_air:
            self._say("no pneumothorax", _APICES, (air,), tail=tail)

    def _normal_lungs(self) -> None:
        solid: tuple[str, Label] = ("Consolidation", "negative")
        wet: tuple[str, Label] = ("Edema", "negative")
        no_solid, no_wet = "Consolidation" not in self.spoken_of, "Edema" not in self.spoken_of
        if not self.found & _UNCLEAR:
            self._say("lungs clear", _LUNG_BOTH)
        if no_solid and no_wet:
            self._say("no consolidation or edema", _LUNG_BOTH, (solid, wet))
        elif no_solid:
            self._say("no consolidation", _LUNG_BOTH, (solid,))
        elif no_wet:
            self._say("no edema", _LUNG_BOTH, (wet,))

    def _impression(self) -> None:
        astray = [device for device in self.truth.devices if device.misplaced][:1]
        chief = self.present[:2]
        named: list[str] = []
        regions: list[str] = []
        findings: list[tuple[str, Label]] = []
        for device in astray:
            named.append(SUMMARY[_device_key(device)].format(**_device_words(device)))
            regions += regions_of_device(device)[:2]
            findings.append(("Support Devices", "positive"))
        for statement in chief:
            name = SUMMARY[_with_side(statement, SUMMARY)].format(**statement.words)
            named.append(f"{LEADING[statement.change]} {name}" if statement.change else name)
            regions += statement.regions
            told = ("Pneumonia",) if statement.key == "pneumonia" else statement.findings
            findings += [(finding, "positive") for finding in told]
        if not chief:
            regions += [*_LUNG_BOTH, "cardiac silhouette"]
            findings.append(("No Finding", "positive"))
        text = _clean(" and ".join(named)) + "." if named else ""
        if not chief:
            text = f"{text} {self._choose('impression normal')}".strip()
        opening = "Impression: " if self.style.wording == "common" else "Conclusion: "
        self.sentences.append(
            PhantomSentence(opening + text, tuple(dict.fromkeys(regions)), tuple(dict.fromkeys(findings)))
        )


def _statements(truth: Truth, abnormalities: tuple[Abnormality, ...]) -> tuple[_Statement, ...]:
    """Abnormalities that differ in nothing but their zone are told together."""
    groups: dict[tuple[object, ...], list[Abnormality]] = {}
    for one in abnormalities:
        change = truth.change(one) if one in truth.abnormalities else None
        alike = (one.finding, one.side, one.severity, one.detail, change)
        alone = one.finding in ("Fracture", "Atelectasis") or one.zone == "apical"
        groups.setdefault((*alike, one.zone if alone else None), []).append(one)
    return tuple(
        _Statement(tuple(members), kind[4])  # type: ignore[arg-type]
        for kind, members in groups.items()
    )


def _with_side(statement: _Statement, table: dict[str, str]) -> str:
    both = f"{statement.key} bilateral"
    return both if statement.one.side == "bilateral" and both in table else statement.key


def _device_key(device: Device) -> str:
    return f"{device.kind} misplaced" if device.misplaced else device.kind


def _device_words(device: Device) -> dict[str, str]:
    return {"side": device.side or ""}


def _telling(one: Abnormality) -> tuple[str, ...]:
    """The few regions that a sentence about an abnormality points at."""
    names = regions_of(one)
    if not one.sides:
        return names[:1]
    telling: list[str] = []
    for side in one.sides:
        own = [name for name in names if name.startswith(side)]
        wide = one.finding in ("Pleural Effusion", "Pneumothorax", "Edema", EMPHYSEMA)
        telling += own[:2] if wide else own[:1]
    return tuple(telling)


def _clean(text: str) -> str:
    """A capital at the start, and no gap where a grade or a side is not said."""
    text = " ".join(text.split())
    return text[0].upper() + text[1:]
