"""Word overlap: BLEU-1…4 by sacrebleu, BLEU-2 as RadCliQ was fitted with it, ROUGE-L, CIDEr-D.

``bleu2`` is the implementation behind RadCliQ's BLEU column (fast-bleu with NLTK's smoothing method 1 on
lower-cased words with the full stop apart); ``sacrebleu_1`` … ``sacrebleu_4`` are sacrebleu's sentence scores ÷ 100.
Knows words only: none of these sees that "no effusion" and "effusion" are opposites.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from sacrebleu.metrics.bleu import BLEU

from lmrrg.metrics.interface import Direction, Kind, paired

_WORD = re.compile(r"[a-z0-9]+")
_NGRAMS = 4
_CIDER_SIGMA = 6.0

Gram = tuple[str, ...]


def radcliq_words(report: str) -> list[str]:
    """Words as CXR-Report-Metric prepares them: lower case, a blank before each full stop, split at blanks."""
    return [word for word in report.lower().replace(".", " .").split(" ") if word]


def _grams(words: Sequence[str], n: int) -> Counter[Gram]:
    return Counter(tuple(words[start : start + n]) for start in range(len(words) - n + 1))


def bleu2_of_words(candidate: Sequence[str], references: Sequence[Sequence[str]]) -> float:
    """BLEU-2 of fast-bleu 0.0.90: weights ½ and ½, NLTK's smoothing 1 (no match counts 0.1), closest length.

    0 where not one word matches.
    """
    if not candidate or not references:
        return 0.0
    logs = 0.0
    for n in (1, 2):
        grams = _grams(candidate, n)
        most: Counter[Gram] = Counter()
        for reference in references:
            most |= _grams(reference, n)
        matched = sum((grams & most).values())
        if n == 1 and not matched:
            return 0.0
        logs += 0.5 * math.log((matched or 0.1) / max(sum(grams.values()), 1))
    length = len(candidate)
    closest = min(
        (len(reference) for reference in references), key=lambda other: (abs(other - length), other)
    )
    brevity = 1.0 if length > closest else math.exp(1 - closest / length)
    return brevity * math.exp(logs)


class Bleu2:
    """BLEU-2 exactly as RadCliQ was fitted with it, 0 … 1."""

    name = "bleu2"
    direction: Direction = "higher"
    kind: Kind = "reference"

    def score(self, candidates: Sequence[str], references: Sequence[str]) -> list[float]:
        return [
            bleu2_of_words(radcliq_words(said), [radcliq_words(meant)])
            for said, meant in paired(candidates, references)
        ]


class SacreBleu:
    """sacrebleu's sentence BLEU up to order ``n`` (lower case, effective order, its own tokeniser), 0 … 1."""

    direction: Direction = "higher"
    kind: Kind = "reference"

    def __init__(self, n: int) -> None:
        self.name = f"sacrebleu_{n}"
        self._bleu = BLEU(lowercase=True, max_ngram_order=n, effective_order=True)

    def score(self, candidates: Sequence[str], references: Sequence[str]) -> list[float]:
        return [
            min(self._bleu.sentence_score(said, [meant]).score / 100, 1.0)
            for said, meant in paired(candidates, references)
        ]


@lru_cache(maxsize=1 << 13)
def _plain_words(report: str) -> tuple[str, ...]:
    return tuple(_WORD.findall(report.lower()))


def longest_common_subsequence(one: Sequence[str], other: Sequence[str]) -> int:
    """Its length; bit-parallel (Hyyrö 2004), one integer operation per word of ``other``."""
    places: dict[str, int] = {}
    for index, word in enumerate(one):
        places[word] = places.get(word, 0) | 1 << index
    row = full = (1 << len(one)) - 1
    for word in other:
        matched = row & places.get(word, 0)
        row = ((row + matched) | (row - matched)) & full
    return len(one) - row.bit_count()


def rouge_l(candidate: str, reference: str) -> float:
    """F1 of the longest common subsequence over lower-case alphanumeric words (Lin 2004), 0 … 1."""
    said, meant = _plain_words(candidate), _plain_words(reference)
    if not said or not meant:
        return 0.0
    return 2 * longest_common_subsequence(said, meant) / (len(said) + len(meant))


class RougeL:
    """ROUGE-L's F1, as rouge-score computes it without stemming."""

    name = "rouge_l"
    direction: Direction = "higher"
    kind: Kind = "reference"

    def score(self, candidates: Sequence[str], references: Sequence[str]) -> list[float]:
        return [rouge_l(said, meant) for said, meant in paired(candidates, references)]


class CiderD:
    """CIDEr-D (Vedantam et al., CVPR 2015) with one reference: tf-idf cosine of 1- to 4-grams, 0 … 10.

    Document frequencies come from ``corpus``, or from the references that are scored: with those of a single
    reference every weight is log 1 = 0 and the score 0, so give a corpus when scoring few.
    """

    name = "cider_d"
    direction: Direction = "higher"
    kind: Kind = "reference"

    def __init__(self, corpus: Sequence[str] | None = None) -> None:
        self._fitted = _document_frequencies(corpus) if corpus is not None else None

    def score(self, candidates: Sequence[str], references: Sequence[str]) -> list[float]:
        pairs = paired(candidates, references)
        frequencies, documents = self._fitted or _document_frequencies(references)
        log_documents = math.log(max(documents, 1))
        vectors: dict[str, _Weighted] = {}

        def weighted(report: str) -> "_Weighted":
            if report not in vectors:
                vectors[report] = _Weighted(_plain_words(report), frequencies, log_documents)
            return vectors[report]

        return [weighted(said).likeness(weighted(meant)) for said, meant in pairs]


def _all_grams(words: Sequence[str]) -> Counter[Gram]:
    grams: Counter[Gram] = Counter()
    for n in range(1, _NGRAMS + 1):
        grams.update(_grams(words, n))
    return grams


def _document_frequencies(corpus: Sequence[str]) -> tuple[Counter[Gram], int]:
    frequencies: Counter[Gram] = Counter()
    for report in corpus:
        frequencies.update(_all_grams(_plain_words(report)).keys())
    return frequencies, len(corpus)


class _Weighted:
    """A report's n-grams weighted by tf·idf, one vector for each n, with their norms."""

    def __init__(self, words: Sequence[str], frequencies: Mapping[Gram, int], log_documents: float) -> None:
        self.length = max(len(words) - 1, 0)  # pycocoevalcap counts the bigrams
        self.vectors: list[dict[Gram, float]] = [{} for _ in range(_NGRAMS)]
        for gram, count in _all_grams(words).items():
            idf = log_documents - math.log(max(frequencies.get(gram, 0), 1))
            self.vectors[len(gram) - 1][gram] = count * idf
        self.norms = [math.sqrt(sum(value * value for value in vector.values())) for vector in self.vectors]

    def likeness(self, reference: "_Weighted") -> float:
        """CIDEr-D of this candidate against the reference: clipped cosine, Gaussian length penalty, × 10."""
        total = 0.0
        for mine, its, my_norm, its_norm in zip(
            self.vectors, reference.vectors, self.norms, reference.norms, strict=True
        ):
            if my_norm and its_norm:
                product = sum(
                    min(value, its.get(gram, 0.0)) * its.get(gram, 0.0) for gram, value in mine.items()
                )
                total += product / (my_norm * its_norm)
        penalty = math.exp(-((self.length - reference.length) ** 2) / (2 * _CIDER_SIGMA**2))
        return 10 * penalty * total / _NGRAMS
