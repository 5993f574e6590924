"""Lengths and ratios that a sentence gives. Knows numbers and units, not what is measured."""

from collections.abc import Sequence
from typing import NamedTuple

from lmrrg.metrics.lite.tokens import Token

_MILLIMETRES = {
    "mm": 1.0,
    "millimeter": 1.0,
    "millimetre": 1.0,
    "cm": 10.0,
    "cms": 10.0,
    "centimeter": 10.0,
    "centimetre": 10.0,
}
_BETWEEN = frozenset({"x", "by", "to", "or", "and", ":", "×"})


class Measure(NamedTuple):
    """A length in millimetres, and the token of its number."""

    at: int
    millimetres: float


def measures_of(tokens: Sequence[Token]) -> list[Measure]:
    """The lengths in order; "2 x 3 cm" and "2-3 cm" give two, both in the unit that follows."""
    found: list[Measure] = []
    waiting: list[int] = []
    for index, token in enumerate(tokens):
        lemma = token.lemma
        if is_number(lemma):
            waiting.append(index)
        elif lemma in _MILLIMETRES:
            found += [Measure(at, float(tokens[at].lemma) * _MILLIMETRES[lemma]) for at in waiting]
            waiting = []
        elif lemma not in _BETWEEN:
            waiting = []
    return found


def is_number(lemma: str) -> bool:
    """Whether the token is a number: "5", "2.5", ".5"."""
    return lemma[-1].isdigit()


def ratio_after(tokens: Sequence[Token], index: int, fillers: frozenset[str]) -> float | None:
    """The first number after token ``index`` with nothing but fillers between; 64 % is .64."""
    for token in tokens[index + 1 :]:
        if is_number(token.lemma):
            value = float(token.lemma)
            return value / 100 if value > 2 else value
        if token.lemma not in fillers:
            return None
    return None
