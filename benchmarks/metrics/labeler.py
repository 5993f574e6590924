"""Labels against NegBio's gold on the Indiana reports, the half we tuned on and the half we did not.

    python -m benchmarks.metrics.labeler [--uncertain-is-positive] [--errors FINDING]

The gold lists positives only, of findings that a radiologist coded. The texts are read where they lie and
are not copied; the halves are parted by a hash of the report's id. Two tables: our positives, whose hedges are
CheXpert's (probable, suspected, borderline and the first of two alternatives are uncertain), and the same with these
hedges counted, as the gold counts them. Beside them, how much of the texts was read.
"""

import argparse
import hashlib
import json
import re
from collections.abc import Iterable
from pathlib import Path

from benchmarks.outside import SHARED
from lmrrg.json_lines import lines_of
from lmrrg.metrics.lite.coverage import coverage, sentences_read
from lmrrg.metrics.lite.labels import label_report, mentions

GOLD = {
    "Atelectasis": "Atelectasis",
    "Pleural Effusion": "Effusion",
    "Consolidation": "Consolidation",
    "No Finding": "normal",
    "Pneumothorax": "Pneumothorax",
    "Cardiomegaly": "Cardiomegaly",
    "Edema": "Edema",
    "Pneumonia": "Pneumonia",
}


def tuned_on(report_id: str) -> bool:
    """Whether a report lies in the half that the lexicon and the rules were tuned on."""
    return hashlib.sha256(report_id.encode()).digest()[0] % 2 == 0


def read_reports(folder: Path = SHARED) -> list[dict[str, object]]:
    """The Indiana reports as records with ``id``, ``report`` (findings and impression) and the gold."""
    lines = lines_of((folder / "data/iu_reports/reports.jsonl").read_text("utf-8"))
    records = [json.loads(line) for line in lines]
    return [{**row, "report": f"{row['findings']}\n\n{row['impression']}".strip()} for row in records]


LEANING = re.compile(r"\b(?:probabl|suspect|presum|borderline|versus|vs\b)", re.I)


def leaning(report: str) -> set[str]:
    """Findings of which a sentence says that they are there more likely than not, or as one of two."""
    return {
        mention.finding
        for sentence in sentences_read(report)
        if LEANING.search(sentence.text)
        for mention in mentions(sentence.text)
        if mention.label == "uncertain"
    }


def f1_table(
    rows: Iterable[dict[str, object]], positive: set[str | None], *, hedges: bool = False
) -> dict[str, tuple[float, float, float, int]]:
    """Finding → precision, recall, F1 of the positive class, and how many the gold has."""
    counts = {name: [0, 0, 0] for name in GOLD}
    for row in rows:
        labels = label_report(str(row["report"]))
        leant = leaning(str(row["report"])) if hedges else set()
        gold = row["negbio_gold14"]
        assert isinstance(gold, dict)
        for name, column in GOLD.items():
            said, meant = labels[name] in positive or name in leant, gold[column] == 1
            if said or meant:
                counts[name][0 if said and meant else 1 if said else 2] += 1
    table = {}
    for name, (both, extra, missed) in counts.items():
        f1 = 2 * both / max(2 * both + extra + missed, 1)
        table[name] = (both / max(both + extra, 1), both / max(both + missed, 1), f1, both + missed)
    return table


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--uncertain-is-positive", action="store_true")
    parser.add_argument(
        "--errors", help="print the tuned half's errors for one finding (not to be committed)"
    )
    arguments = parser.parse_args()
    positive: set[str | None] = {"positive", "uncertain"} if arguments.uncertain_is_positive else {"positive"}
    rows = read_reports()
    halves = {
        "tuned on": [row for row in rows if tuned_on(str(row["id"]))],
        "not seen": [row for row in rows if not tuned_on(str(row["id"]))],
    }
    if arguments.errors:
        print_errors(halves["tuned on"], arguments.errors, positive)
        return
    print("Against NegBio's gold, Indiana reports (precision, recall, F1, gold positives)")
    print_table("positive", {half: f1_table(part, positive) for half, part in halves.items()}, halves)
    print_table(
        "positive, or hedged as the gold counts",
        {half: f1_table(part, positive, hedges=True) for half, part in halves.items()},
        halves,
    )
    print()
    for half, part in halves.items():
        read = coverage([str(row["report"]) for row in part])
        print(
            f"read, {half:10} {read.sentences:.1%} of the sentences, {read.reports:.1%} of the reports whole"
        )


Table = dict[str, tuple[float, float, float, int]]


def print_table(title: str, tables: dict[str, Table], halves: dict[str, list[dict[str, object]]]) -> None:
    print(f"\n{title}")
    print(f"{'':18}" + "".join(f"{half + f' (n={len(halves[half])})':>34}" for half in halves))
    for name in GOLD:
        cells = "".join("{:>12.3f}{:>8.3f}{:>8.3f}{:>6}".format(*tables[half][name]) for half in halves)
        print(f"{name:18}{cells}")
    means = "".join(
        f"{sum(row[2] for row in tables[half].values()) / len(GOLD):>28.3f}{'':6}" for half in halves
    )
    print(f"{'mean F1 of eight':18}{means}")


def print_errors(rows: list[dict[str, object]], finding: str, positive: set[str | None]) -> None:
    for row in rows:
        gold = row["negbio_gold14"]
        assert isinstance(gold, dict)
        label = label_report(str(row["report"]))[finding]
        if (label in positive) != (gold[GOLD[finding]] == 1):
            kind = "EXTRA" if label in positive else "MISSED"
            print(f"{kind} {row['id']} {label} [{row['mesh']}]\n   {row['report']!r}")


if __name__ == "__main__":
    main()
