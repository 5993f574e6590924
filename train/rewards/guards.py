"""Reward: a guard against what pleases a metric and no reader: repetition, sentences said twice, length.

0 is a text with nothing to object to; every fault makes it negative. Knows no image and no clinical content.
"""

import re
from collections.abc import Sequence
from typing import Any

from train.rewards import Completion, Evidence, text_of

# Lengths within this factor of the signed report's are free: readers differ by as much among themselves.
_FREE_LENGTH = 1.25


def repeated_trigrams(text: str) -> float:
    """Share of runs of three words that were already said, 0 … 1 (the repetition term of CXRMate-2)."""
    words = text.lower().split()
    runs = list(zip(words, words[1:], words[2:], strict=False))
    return 1 - len(set(runs)) / len(runs) if runs else 0.0


def repeated_sentences(text: str) -> float:
    """Share of sentences that were already said, 0 … 1."""
    sentences = [part.strip().lower() for part in re.split(r"(?<=[.!?;])\s+|\n+", text) if part.strip()]
    return 1 - len(set(sentences)) / len(sentences) if sentences else 0.0


def length_excess(words: int, expected: float) -> float:
    """By how much the length leaves the free range, as a share of the expected length; 0 inside."""
    low, high = expected / _FREE_LENGTH, expected * _FREE_LENGTH
    return max(0.0, low - words, words - high) / max(expected, 1.0)


def objection(text: str, expected_words: float) -> float:
    """The sum of the three faults, ≥ 0; an empty text has the worst length there is, 0.8."""
    return (
        repeated_trigrams(text)
        + repeated_sentences(text)
        + length_excess(len(text.split()), max(expected_words, 1.0))
    )


class GuardsReward:
    """−objection to each text; the expected length is the signed report's, else a typical one."""

    __name__ = "guards"

    def __init__(self, evidence: Evidence) -> None:
        self.typical_words = evidence.typical_words

    def __call__(
        self, completions: Sequence[Completion], *, reference: Sequence[str | None], **columns: Any
    ) -> list[float | None]:
        return [
            -objection(text_of(completion), len(signed.split()) if signed else self.typical_words)
            for completion, signed in zip(completions, reference, strict=True)
        ]
