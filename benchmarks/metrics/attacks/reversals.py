"""Does a sentence that is turned into its opposite cost something? Sentences of real reports, kind by kind.

    python -m benchmarks.metrics.attacks.reversals [--half not-seen] [--show KIND]

To each sentence of the Indiana reports to which a reversal applies (left for right, bases for apices, healed for acute,
mm for cm …) it is applied once, and the reversed sentence is scored by ``radcliq_lite`` against the sentence itself,
then the report that holds it against the report. Asked for: alone at least .3 in 99 %, never 0; in the report always
more than 0 and an error that is counted. The texts are read where they lie and are not copied; the tables of reversals
know words and nothing about the lexicon. Beside it the same for BLEU-2 (cost: 1 − score): what mere words would say.
"""

import argparse
import random
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from benchmarks.metrics.labeler import read_reports, tuned_on
from lmrrg.metrics.lite.error_counts import count_errors
from lmrrg.metrics.lite.report_sentences import split_sentences
from lmrrg.metrics.radcliq import BEST_V1, RadCliqLite
from lmrrg.metrics.words import Bleu2

ENOUGH = 0.3
MOST = 250  # sentences of one kind, drawn at random

# kind → rules (pattern, what it becomes, and back); the first that fits is applied, everywhere in the sentence.
_SWAPS: dict[str, tuple[tuple[str, str], ...]] = {
    "right ↔ left": (("right", "left"),),
    "bases ↔ apices": (("bases", "apices"), ("base", "apex"), ("basilar", "apical"), ("basal", "apical")),
    "upper ↔ lower": (("upper", "lower"),),
    "increased ↔ decreased": (
        ("increased", "decreased"),
        ("increase", "decrease"),
        ("worsened", "improved"),
        ("worsening", "improving"),
        ("larger", "smaller"),
    ),
    "small ↔ large": (("small", "large"), ("mild", "severe"), ("mildly", "severely"), ("minimal", "marked")),
    "mm ↔ cm": (("mm", "cm"), ("millimeter", "centimeter")),
    "above ↔ below": (("above", "below"),),
    "acute ↔ healed": (("acute", "chronic"), ("acute", "old"), ("acute", "healed")),
    "sparing ↔ involving": (("sparing", "involving"),),
    "in ↔ out": (("is in", "is out"), ("in place", "out"), ("inside", "outside"), ("within", "outside")),
    "normal ↔ abnormal": (("normal", "abnormal"), ("unremarkable", "abnormal"), ("clear", "opacified")),
}
# kind → rules that go one way only
_TURNS: dict[str, tuple[tuple[str, str], ...]] = {
    "enlarged → normal": (
        (r"\bis (?:mildly |moderately |markedly |borderline )?enlarged\b", "is normal in size"),
        (
            r"^(?:there is )?(?:\b(?:a|an|mild|moderate|severe|stable|borderline|minimal|marked) )*cardiomegaly"
            r"(?: is)?(?: (?:seen|noted|present|identified))?\.?$",
            "Normal heart size.",
        ),
    ),
    "no → present": (
        (
            r"^(?:there (?:is|are) )?no (?:evidence of |evidence for )?(?:focal |acute )?([a-z ]+?)\.?$",
            r"There is \1.",
        ),
    ),
    "present → no": ((r"^there (?:is|are) (?!no\b)(?:an? |some )?([a-z ,]+)\.?$", r"There is no \1."),),
    "resolved ↔ not": (
        (r"\b(has|have) (not|never) (resolved|cleared)\b", r"\1 \3"),
        (r"\b(has|have) (?:completely |since )?(resolved|cleared)\b", r"\1 not \2"),
    ),
    "upper limits → beyond": (
        (
            r"\b(?:at )?(?:the )?upper limits? of normal(?: in size)?\b",
            "well beyond the upper limits of normal",
        ),
        (r"\bwithin normal limits\b", "outside normal limits"),
    ),
    "larger on the left ↔ right": (
        (r"\bright (greater|larger|worse|more) than left\b", r"left \1 than right"),
        (r"\bleft (greater|larger|worse|more) than right\b", r"right \1 than left"),
        (r"\b(greater|larger|worse|more) on the (left)\b", r"\1 on the right"),
        (r"\b(greater|larger|worse|more) on the (right)\b", r"\1 on the left"),
    ),
    "is ↔ is not": (
        (
            r"^(?!.*\b(?:no|not|without|negative)\b)(.*?)\b(is|are) (seen|present|identified|visualized|noted)\b",
            r"\1\2 not \3",
        ),
    ),
}
KINDS = (*_SWAPS, *_TURNS)


class Reversal(NamedTuple):
    """A sentence, its opposite, and the report in which it stands, with either."""

    kind: str
    sentence: str
    reversed: str
    report: str
    report_reversed: str


def opposite(sentence: str, kind: str) -> str | None:
    """The sentence turned by the kind's first rule that fits; None where none does."""
    if kind in _TURNS:
        for pattern, instead in _TURNS[kind]:
            turned = re.sub(pattern, instead, sentence, flags=re.IGNORECASE)
            if turned != sentence:
                return turned
        return None
    for one, other in _SWAPS[kind]:
        words = {one: other, other: one}
        found = re.compile(rf"\b({re.escape(one)}|{re.escape(other)})\b", re.IGNORECASE)
        said = {match.group().lower() for match in found.finditer(sentence)}
        if len(said) == 1:  # "left and right" is turned into itself
            return found.sub(
                lambda match, words=words: _cased(words[match.group().lower()], match.group()), sentence
            )
    return None


def _cased(word: str, like: str) -> str:
    return word.capitalize() if like[0].isupper() else word


def reversals(reports: Sequence[str], most: int = MOST) -> Iterator[Reversal]:
    """At most ``most`` of each kind, over different sentences."""
    found: dict[str, dict[str, Reversal]] = {kind: {} for kind in KINDS}
    for report in reports:
        for span in split_sentences(report):
            for kind, known in found.items():
                turned = opposite(span.text, kind) if span.text.lower() not in known else None
                if turned:
                    end = span.start + len(span.text)
                    whole = report[: span.start] + turned + report[end:]
                    known[span.text.lower()] = Reversal(kind, span.text, turned, report, whole)
    for kind, known in found.items():
        drawn = list(known.values())
        yield from random.Random(kind).sample(drawn, most) if len(drawn) > most else drawn


class Cost(NamedTuple):
    """What ``radcliq_lite`` takes for a reversal, alone and in its report, and how many errors are counted there."""

    alone: float
    in_report: float
    errors: int


def cost(one: Reversal) -> Cost:
    alone, in_report = RadCliqLite().score([one.reversed, one.report_reversed], [one.sentence, one.report])
    counted = count_errors(one.report_reversed, one.report)
    return Cost(alone - BEST_V1, in_report - BEST_V1, counted.total + counted.undecided)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--half", choices=("tuned-on", "not-seen"), default="tuned-on")
    parser.add_argument("--most", type=int, default=MOST)
    parser.add_argument(
        "--show", help="print what fails of one kind (of the tuned half; not to be committed)"
    )
    arguments = parser.parse_args()
    reports = [
        str(row["report"])
        for row in read_reports()
        if tuned_on(str(row["id"])) == (arguments.half == "tuned-on")
    ]
    print(f"{len(reports)} Indiana reports of the half {arguments.half.replace('-', ' ')}")
    print(
        f"{'':28}{'n':>6}{'alone ≥ .3':>12}{'alone > 0':>11}{'median':>8}{'in report > 0':>15}{'error':>8}{'BLEU-2':>9}"
    )
    rows: list[tuple[Reversal, Cost]] = []
    for kind in KINDS:
        part = [(one, cost(one)) for one in reversals(reports, arguments.most) if one.kind == kind]
        if part:
            print_row(kind, part)
        rows += part
        if arguments.show == kind and arguments.half == "tuned-on":
            for one, taken in part:
                if taken.alone < ENOUGH or taken.in_report <= 0 or not taken.errors:
                    print("   ", [round(value, 3) for value in taken], one.sentence, "→", one.reversed)
    print_row("all", rows)


def print_row(name: str, part: Sequence[tuple[Reversal, Cost]]) -> None:
    costs = [taken for _, taken in part]
    words = Bleu2().score([one.reversed for one, _ in part], [one.sentence for one, _ in part])

    def share(fits: Sequence[bool]) -> float:
        return sum(fits) / len(fits)

    alone = sorted(taken.alone for taken in costs)
    print(
        f"{name:28}{len(part):>6}{share([one >= ENOUGH for one in alone]):>12.3f}"
        f"{share([one > 1e-9 for one in alone]):>11.3f}{alone[len(alone) // 2]:>8.2f}"
        f"{share([one.in_report > 1e-9 for one in costs]):>15.3f}{share([one.errors > 0 for one in costs]):>8.3f}"
        f"{1 - sum(words) / len(words):>9.2f}"
    )


if __name__ == "__main__":
    main()
