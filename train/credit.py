"""Which sentence earned the reward: each is judged against what the other texts of its study say in its place.

A group-relative reward praises or blames a whole text, the eight sentences that all its siblings share with the one
that makes the difference. Here two texts of a study are laid side by side, and wherever they differ the one's words are
put into the other: what that does to the reward is the credit of the words that were replaced. Averaged over the
siblings it is a counterfactual baseline drawn from the policy itself (as COMA's, arXiv 1705.08926, over sentences in
place of agents); words that everybody chose earn nothing. Where rewards add up over sentences a text's credits sum to
what group-relative optimisation gives the text as a whole. Knows texts and numbers; no model and no reward by name.
"""

import difflib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lmrrg import sentences

# Texts of one study → how good each is, larger is better, ``[n]``.
Value = Callable[[Sequence[str]], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One place where two texts differ.

    Attributes:
        replaced: the sentences ``first … last − 1`` that are replaced; none where the other text says more.
        text: the first text with the other's sentences in that place.
    """

    replaced: tuple[int, int]
    text: str


def exchanges(own: Sequence[str], other: Sequence[str]) -> Iterator[Exchange]:
    """``own`` with what ``other`` says instead, one difference at a time; both as sentences."""
    matched = difflib.SequenceMatcher(None, own, other, autojunk=False)
    for kind, first, last, start, end in matched.get_opcodes():
        if kind != "equal":
            yield Exchange((first, last), " ".join([*own[:first], *other[start:end], *own[last:]]))


def sentence_credits(texts: Sequence[str], value: Value) -> list[NDArray[np.float64]]:
    """For each text ``[sentences + 1]``: what each of its sentences, and ending where it ends, is worth.

    Something left out is charged to the sentence that was begun in its place. ``value`` is asked once, for every
    distinct text: with ``n`` texts that differ in ``d`` places at most ``n + n · (n − 1) · d``.
    """
    said = [sentences.split(text) for text in texts]
    pairs = [
        (number, list(exchanges(own, other)))
        for number, own in enumerate(said)
        for sibling, other in enumerate(said)
        if sibling != number
    ]
    joined = [" ".join(own) for own in said]
    distinct = dict.fromkeys([*joined, *(one.text for _, found in pairs for one in found)])
    worth = dict(zip(distinct, value(list(distinct)), strict=True))
    credits = [np.zeros(len(own) + 1) for own in said]
    for number, found in pairs:
        for one in found:
            first, last = one.replaced
            gained = worth[joined[number]] - worth[one.text]
            credits[number][first : max(last, first + 1)] += gained / (len(texts) - 1)
    return credits


def token_sentences(pieces: Sequence[str]) -> NDArray[np.int64]:
    """Which sentence each token belongs to, ``[tokens]``; one more than the last for what comes after the text.

    ``pieces`` are the tokens as text, in order; an empty one (the end of the text) belongs to what comes after.
    """
    ends = [last for _, last in sentences.spans("".join(pieces))]
    reached = np.cumsum([len(piece) for piece in pieces])
    found = np.searchsorted(ends, reached)
    found[[not piece for piece in pieces]] = len(ends)
    return np.asarray(found, np.int64)
