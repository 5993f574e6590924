"""What a reader is to be told of an image or of a draft: a code with its values, how grave it is, and its sentence.

Notices are made, kept and compared by their codes. Their English stands here and nowhere else, because the command
line has to say them too; the pages take it through ``ui.words.notices``. A code that is not in the table, or values
that do not fit its sentence, make no notice. Does not know what finds a notice, nor where it is shown.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from string import Formatter
from typing import Any, Literal, NamedTuple

Severity = Literal["info", "caution", "stop"]
Value = str | int | float | tuple[str, ...]


class Wording(NamedTuple):
    """``info``: worth knowing; ``caution``: look before trusting the image; ``stop``: do not rely on the draft."""

    severity: Severity
    sentence: str


WORDINGS: dict[str, Wording] = {
    # Of the file.
    "kind_unsaid": Wording(
        "caution", "The file does not say what kind of image it is; check that it is a chest radiograph."
    ),
    "lateral": Wording("caution", "Lateral view: the model was made for frontal views."),
    "mirrored": Wording(
        "caution",
        "The file says that the image is mirrored: the patient's left lies on the image's left.",
    ),
    "sideways": Wording("caution", "The file says that the image lies on its side."),
    "upside_down": Wording("caution", "The file says that the image is upside down."),
    "other_body_part": Wording(
        "caution", "The file names another body part than the chest; the model was made for the chest."
    ),
    "unprocessed": Wording(
        "caution",
        "Raw image of the detector (for processing): its grey values may differ from the usual display.",
    ),
    "greys_contradictory": Wording(
        "caution", "The file contradicts itself on whether bone is bright or dark; check the image."
    ),
    "overlay_not_shown": Wording("caution", "The file has an overlay (text or marks) that is not shown."),
    "burned_in": Wording(
        "caution", "The file says that text is burned into the image; it may name the patient."
    ),
    "not_square": Wording("caution", "The pixels are not square; the image is shown stretched."),
    "turned": Wording(
        "caution",
        "The picture was turned or mirrored as its orientation tag says; check the side marker.",
    ),
    "window_misses": Wording(
        "caution", "The file's grey window does not fit its pixels; a window was estimated."
    ),
    "no_window": Wording("info", "The file names no grey window; a window was estimated."),
    "colour": Wording("info", "Colour image converted to grey."),
    "transparent": Wording("info", "Transparent parts of the picture are shown black."),
    "lowest_bits_dropped": Wording(
        "info", "The file holds more than 16 bits per pixel; the lowest bits were dropped."
    ),
    "bits_exceeded": Wording("info", "The pixels use more bits than the file says."),
    "other_day": Wording(
        "caution",
        "The file names the same examination as study {study}, but another day. It was kept apart as a study of its "
        "own: check with the sender which of the two days is right.",
    ),
    "phantom": Wording("info", "A drawn phantom: no patient was examined."),
    # Of what the image itself shows.
    "seems_inverted": Wording(
        "caution",
        "The greys look inverted: bone seems to be dark. Press I to invert; the image is shown as stored.",
    ),
    "greys_lost": Wording(
        "caution", "Large parts of the image are pure black or pure white; whatever lay there cannot be seen."
    ),
    "seems_burned_in": Wording(
        "caution", "Text seems to be burned into the image near its border; it may name the patient."
    ),
    # Of what the model sees in it.
    "outside_training": Wording(
        "stop",
        "This image is outside of what the model was trained on (score {score:.1f}; above 1 is outside): "
        "do not rely on the draft without your own reading.",
    ),
    "seems_mirrored": Wording("caution", "The image may be mirrored, left for right: check the side marker."),
    "not_frontal": Wording(
        "stop",
        "This does not look like an upright frontal chest radiograph; it may be a lateral view, turned, or another "
        "part of the body. Do not rely on the draft.",
    ),
    "cut_off": Wording(
        "caution",
        "The lungs seem to reach beyond the image at its {edges} edge: "
        "check that the apices and costophrenic angles are on it.",
    ),
    # Of what the model looked at.
    "one_of_several": Wording(
        "caution",
        "The draft was written from image {number} of {count} ({view}) alone: the model looks at one frontal "
        "radiograph.",
    ),
    # Of a reporter that has a sentence of its own, and of records that this table does not know.
    "text": Wording("caution", "{sentence}"),
}


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing to tell.

    Attributes:
        code: a key of ``WORDINGS``; ``"text"`` for a sentence that has none, in ``values["sentence"]``.
        values: what the code's sentence names: a number, a word, or a tuple of words.

    Raises:
        ValueError: the code is unknown, or its sentence needs other values.
    """

    code: str
    values: Mapping[str, Value] = field(default_factory=dict, hash=False)

    def __post_init__(self) -> None:
        if self.code not in WORDINGS:
            raise ValueError(f"no notice has the code “{self.code}”")
        if set(self.values) != set(_names(WORDINGS[self.code].sentence)):
            raise ValueError(f"the notice “{self.code}” does not take the values {sorted(self.values)}")

    @property
    def severity(self) -> Severity:
        return WORDINGS[self.code].severity

    @property
    def sentence(self) -> str:
        """In English, for a clinician."""
        told = {
            name: _listed(value) if isinstance(value, tuple) else value for name, value in self.values.items()
        }
        return WORDINGS[self.code].sentence.format_map(told)


def as_json(notice: Notice) -> dict[str, Any]:
    """``{"code", "values", "severity"}`` in plain types."""
    values = {
        name: list(value) if isinstance(value, tuple) else value for name, value in notice.values.items()
    }
    return {"code": notice.code, "values": values, "severity": notice.severity}


def told(notice: Notice) -> dict[str, Any]:
    """``as_json`` with the ``"sentence"``, for whoever shows it."""
    return {**as_json(notice), "sentence": notice.sentence}


def from_json(kept: object) -> Notice:
    """The inverse of ``as_json``.

    Takes a bare sentence too, as releases up to schema 0003 kept them: one of this table becomes its code, any other
    a ``"text"``.

    Raises:
        ValueError: neither a sentence nor a notice that this release knows.
    """
    if isinstance(kept, str):
        return _of_sentence(kept)
    if not isinstance(kept, dict) or not isinstance(kept.get("values"), dict):
        raise ValueError("neither a notice nor a sentence")
    code, values = str(kept.get("code")), kept["values"]
    return Notice(code, {name: tuple(one) if isinstance(one, list) else one for name, one in values.items()})


def _names(sentence: str) -> list[str]:
    return [name for _, name, _, _ in Formatter().parse(sentence) if name is not None]


def _listed(words: tuple[str, ...]) -> str:
    """ "upper", "upper and lower", "upper, lower and left-hand"."""
    return " and ".join(part for part in (", ".join(words[:-1]), *words[-1:]) if part)


def _of_sentence(sentence: str) -> Notice:
    for code, (_, template) in WORDINGS.items():
        if code != "text" and (found := re.fullmatch(_pattern(template), sentence)):
            return Notice(code, {name: _read(value) for name, value in found.groupdict().items()})
    return Notice("text", {"sentence": sentence})


def _pattern(template: str) -> str:
    return "".join(
        re.escape(text) + (f"(?P<{name}>.+)" if name else "")
        for text, name, _, _ in Formatter().parse(template)
    )


def _read(value: str) -> Value:
    try:
        return float(value)
    except ValueError:
        return tuple(re.split(", | and ", value))
