"""Meaning over words: reference, paraphrase, and a contradiction that shares more words with the reference.

    python -m benchmarks.metrics.meaning_over_words [--show]

Triplets are made from sentences written for this benchmark, with sides, places and grades filled in, alone and
within two short reports. A triplet counts only when the contradiction has the higher word overlap (F1 over words).
The paraphrase wins when its score is strictly better. Prints the share of wins of every weightless metric.
"""

import argparse
import itertools
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from lmrrg.metrics.interface import Metric
from lmrrg.metrics.suite import weightless_metrics

SLOTS: dict[str, tuple[str, ...]] = {
    "side": ("left", "right"),
    "grade": ("small", "moderate"),
    "zone": ("lower", "upper"),
}
OTHER = {
    "left": "right",
    "right": "left",
    "lower": "upper",
    "upper": "lower",
    "small": "large",
    "moderate": "minimal",
}

# One template a line: reference | paraphrase | contradiction; {side}, {grade}, {zone} are filled in, {other_side} …
# are their opposites.
TEMPLATES = (Path(__file__).parent / "meaning_triplets.txt").read_text("utf-8").strip().splitlines()
CONTEXTS = (
    "{sentence}",
    "Frontal and lateral views of the chest. {sentence} Degenerative changes of the spine.",
    "The aorta is calcified. {sentence} Cholecystectomy clips are seen.",
)
_WORDS = re.compile(r"[a-z0-9]+")


class Triplet(NamedTuple):
    """A reference, a report that says the same in other words, and one that says the opposite in like words."""

    reference: str
    paraphrase: str
    contradiction: str


def word_f1(one: str, other: str) -> float:
    first, second = Counter(_WORDS.findall(one.lower())), Counter(_WORDS.findall(other.lower()))
    return 2 * sum((first & second).values()) / max(sum(first.values()) + sum(second.values()), 1)


def make_triplets() -> list[Triplet]:
    """All fillings of all templates, alone and in context, whose contradiction has the higher word overlap."""
    found: dict[Triplet, None] = {}
    for line in TEMPLATES:
        used = [slot for slot in SLOTS if f"{{{slot}}}" in line.lower()]
        for values in itertools.product(*(SLOTS[slot] for slot in used)):
            words = dict(zip(used, values, strict=True))
            words |= {f"other_{slot}": OTHER[value] for slot, value in words.items()}
            words |= {name.capitalize(): value.capitalize() for name, value in words.items()}
            plain = Triplet(*line.format(**words).split("|"))
            for context in CONTEXTS:
                triplet = Triplet(*(context.format(sentence=text) for text in plain))
                if word_f1(triplet.reference, triplet.contradiction) > word_f1(
                    triplet.reference, triplet.paraphrase
                ):
                    found[triplet] = None
    return list(found)


def wins(metric: Metric, triplets: list[Triplet]) -> list[bool]:
    """For each triplet, whether the paraphrase scores strictly better than the contradiction."""
    references = [one.reference for one in triplets]
    good = metric.score([one.paraphrase for one in triplets], references)
    bad = metric.score([one.contradiction for one in triplets], references)
    sign = -1 if metric.direction == "lower" else 1
    return [sign * a > sign * b for a, b in zip(good, bad, strict=True)]


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--show", action="store_true", help="print the triplets that radcliq_lite gets wrong")
    arguments = parser.parse_args()
    triplets = make_triplets()
    print(f"{len(triplets)} triplets from {len(TEMPLATES)} templates; share in which the paraphrase wins")
    for metric in weightless_metrics():
        won = wins(metric, triplets)
        print(f"{metric.name:18}{sum(won) / len(won):>8.3f}")
        if arguments.show and metric.name == "radcliq_lite":
            for triplet, right in zip(triplets, won, strict=True):
                if not right:
                    scores = metric.score(list(triplet[1:]), [triplet.reference] * 2)
                    print("  ", triplet, [round(score, 2) for score in scores])


if __name__ == "__main__":
    main()
