"""Which sentence earned the reward: each is judged against what the other texts of its study say in its place.

A group-relative reward praises or blames a whole text, the eight sentences that all its siblings share with the one
that makes the difference. Here two texts of a study are laid side by side, and wherever they differ the one's words are
put into the other: what that does to the reward is the credit of the words that were replaced. Averaged over the
siblings it is a counterfactual baseline drawn from the policy itself (as COMA's, arXiv 1705.08926, over sentences in
place of agents); words that everybody chose earn nothing, nor does the order in which things are said. Where rewards
add up over sentences, and texts differ by one sentence at a place, a text's credits sum to what group-relative
optimisation gives it as a whole. Knows texts and numbers, and nothing about models or rewards by name.
"""

import difflib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from lmrrg import sentences

# Texts of one study → how good each is, larger is better, ``[n]``.
Value = Callable[[Sequence[str]], NDArray[np.float64]]


@dataclass(frozen=True, slots=True)
class Exchange:
    """One place where two texts differ.

    Attributes:
        charged: the sentences that answer for it: those that are replaced, or the one that was begun where the other
            text says more.
        text: the first text with the other's sentences in that place.
    """

    charged: tuple[int, ...]
    text: str


def _parts(text: str) -> list[str]:
    """The sentences of ``text``, each with the white space behind it."""
    bounds = [*(first for first, _ in sentences.spans(text)), len(text)]
    return [text[first:last] for first, last in pairwise(bounds)]


def _joined(parts: Sequence[str]) -> str:
    return "".join(part if part[-1].isspace() else part + " " for part in parts).strip()


def exchanges(own: str, other: str) -> Iterator[Exchange]:
    """``own`` with what ``other`` says instead, one difference at a time; what both say somewhere does not count."""
    mine, theirs = _parts(own), _parts(other)
    my_words, their_words = [part.strip() for part in mine], [part.strip() for part in theirs]
    matched = difflib.SequenceMatcher(None, my_words, their_words, autojunk=False)
    for kind, first, last, start, end in matched.get_opcodes():
        if kind == "equal":
            continue
        i_say_elsewhere = Counter(my_words) - Counter(my_words[first:last])
        they_say_elsewhere = Counter(their_words) - Counter(their_words[start:end])
        put = [part for part in theirs[start:end] if part.strip() not in i_say_elsewhere]
        taken = tuple(n for n in range(first, last) if my_words[n] not in they_say_elsewhere)
        if put or taken:
            kept = [part for n, part in enumerate(mine[:last]) if n not in taken]
            yield Exchange(taken or (first,), _joined([*kept, *put, *mine[last:]]))


def sentence_credits(texts: Sequence[str], value: Value) -> list[NDArray[np.float64]]:
    """For each text ``[sentences + 1]``: what each of its sentences, and ending where it ends, is worth.

    ``value`` is asked once, for every distinct text: with ``n`` texts that differ in ``d`` places at most
    ``n + n · (n − 1) · d``. A text that was written several times is laid beside the others once.
    """
    times = Counter(texts)
    found = {
        own: [(one, often) for other, often in times.items() if other != own for one in exchanges(own, other)]
        for own in times
    }
    distinct = dict.fromkeys([*times, *(one.text for places in found.values() for one, _ in places)])
    worth = dict(zip(distinct, value(list(distinct)), strict=True))
    credits = {own: np.zeros(len(sentences.spans(own)) + 1) for own in times}
    for own, places in found.items():
        for one, often in places:
            credits[own][list(one.charged)] += (worth[own] - worth[one.text]) * often / (len(texts) - 1)
    return [credits[text] for text in texts]


def token_sentences(text: str, reached: Sequence[int]) -> NDArray[np.int64]:
    """Which sentence of ``text`` each token belongs to, ``[tokens]``; the number of sentences for what comes after it.

    ``reached`` is how many characters of the text are written once each token is; what adds nothing at the end (the
    token that ends a text) comes after it.
    """
    ends = [last for _, last in sentences.spans(text)]
    found = np.searchsorted(ends, np.asarray(reached, np.int64))
    added = np.flatnonzero(np.diff(reached, prepend=0))
    found[(added[-1] + 1 if len(added) else 0) :] = len(ends)
    return np.minimum(found, len(ends))
