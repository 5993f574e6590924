"""Reward: a guard against what pleases a metric and no reader: repetition, sentences said twice, length.

0 for a text without fault; every fault makes it negative. Knows nothing about images or clinical content. Writing one
report for many studies is not punished here: readers describe normal chests alike too, and the other rewards say
whether a report fits its study. The page shows the share, the gate sets it beside the readers'.
"""

from collections.abc import Sequence
from typing import Any

from lmrrg import sections, sentences
from train.rewards.base import Completion, Evidence, text_of

# Lengths within this factor of the signed report's are free: readers differ by as much among themselves.
_FREE_LENGTH = 1.25


def repeated_trigrams(text: str) -> float:
    """Share of runs of three words that were already said, 0 … 1 (the repetition term of CXRMate-2)."""
    words = text.lower().split()
    runs = list(zip(words, words[1:], words[2:], strict=False))
    return 1 - len(set(runs)) / len(runs) if runs else 0.0


def repeated_sentences(text: str) -> float:
    """Share of sentences that were already said, 0 … 1."""
    said = [sentence.lower() for sentence in sentences.split(text)]
    return 1 - len(set(said)) / len(said) if said else 0.0


def length_excess(words: int, shortest: int, longest: int) -> float:
    """By how much the length leaves the free range around ``shortest … longest``, as a share of them; 0 inside."""
    shortest, longest = max(shortest, 1), max(longest, 1)
    return max(
        0.0,
        (shortest / _FREE_LENGTH - words) / shortest,
        (words - longest * _FREE_LENGTH) / longest,
    )


def repetition(text: str) -> float:
    """How much the text says again, 0 … 2."""
    return repeated_trigrams(text) + repeated_sentences(text)


def objection(text: str, shortest: int, longest: int, free: float = 0.0) -> float:
    """The sum of the three faults, ≥ 0, where a text should have ``shortest … longest`` words; 0.8 for none.

    ``free``: the repetition that is no fault.
    """
    return max(0.0, repetition(text) - free) + length_excess(len(text.split()), shortest, longest)


def _words_read(signed: str) -> int:
    """Words of a signed text without what says nothing of the film ("COMPARISON: None."): no draft need say that."""
    return len(sections.without_context(signed).split()) or len(signed.split())


class GuardsReward:
    """−objection to each text; its length and its repetition are held against the signed report's.

    Readers repeat themselves too, so nobody earns by repeating less than they did. Where nobody has signed, any length
    that a signed report has is free: with one length for all, a study with much to tell was taught to tell less.
    """

    __name__ = "guards"

    def __init__(self, evidence: Evidence) -> None:
        self.usual_words = evidence.usual_words

    def __call__(
        self, completions: Sequence[Completion], *, reference: Sequence[str | None], **columns: Any
    ) -> list[float | None]:
        free = {signed: repetition(sections.without_context(signed)) for signed in set(reference) if signed}
        ranges = [(_words_read(signed),) * 2 if signed else self.usual_words for signed in reference]
        return [
            -objection(text_of(completion), *words, free.get(signed or "", 0.0))
            for completion, words, signed in zip(completions, ranges, reference, strict=True)
        ]
