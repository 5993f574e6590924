"""Meaning over words: reference, paraphrase, and a contradiction that shares more words with the reference.

    python -m benchmarks.metrics.meaning_over_words [--show]

Three sets. *templates*: sentences written with the lexicon at hand, with sides, places and grades filled in, alone
and within two short reports; so in-sample. *own*: 60 triplets written before the lexicon was read, in wordings far from
it (``triplets_own.jsonl``). *shared*: 30 more of the same kind, read where they lie. In every triplet the
contradiction has the higher word overlap (F1 over words). The paraphrase wins when its score is strictly better; chance
is .5, and the metrics over words are the trivial baselines. Prints the share of wins of every weightless metric with
its 95 % interval.
"""

import argparse
import itertools
import json
import re
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from benchmarks.outside import SHARED
from lmrrg.json_lines import lines_of
from lmrrg.metrics.interface import Metric
from lmrrg.metrics.suite import bootstrap_ci95, weightless_metrics

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


def written_triplets(path: Path) -> list[Triplet]:
    """The triplets of a JSON Lines file with ``reference``, ``paraphrase`` and ``contradiction``; none for no file."""
    if not path.exists():
        return []
    rows = map(json.loads, lines_of(path.read_text("utf-8")))
    return [Triplet(row["reference"], row["paraphrase"], row["contradiction"]) for row in rows]


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
    sets = {
        "templates": make_triplets(),
        "own": written_triplets(Path(__file__).parent / "triplets_own.jsonl"),
        "shared": written_triplets(SHARED / "cases/text/triplets.jsonl"),
    }
    sets = {name: triplets for name, triplets in sets.items() if triplets}
    print("share of triplets in which the paraphrase wins against the contradiction (95 % interval)")
    print(f"{'':18}" + "".join(f"{f'{name} (n={len(triplets)})':>26}" for name, triplets in sets.items()))
    for metric in weightless_metrics():
        cells = ""
        for name, triplets in sets.items():
            won = wins(metric, triplets)
            low, high = bootstrap_ci95(won)
            cells += f"{sum(won) / len(won):>12.3f} ({low:.2f}–{high:.2f})"
            if arguments.show and metric.name == "radcliq_lite":
                print_losses(
                    metric, name, [one for one, right in zip(triplets, won, strict=True) if not right]
                )
        print(f"{metric.name:18}{cells}")


def print_losses(metric: Metric, name: str, lost: list[Triplet]) -> None:
    for triplet in lost:
        scores = metric.score(list(triplet[1:]), [triplet.reference] * 2)
        print(name, *triplet, [round(score, 2) for score in scores], sep="\n   ")


if __name__ == "__main__":
    main()
