"""Random joins of clauses whose truth is known: is a finding read that no clause mentions, or none where one is?

    python -m benchmarks.metrics.attacks.clause_fuzz [--joins 100000] [--seed 0]

The clauses are written here, each with the findings that it says are there and those that it denies; they are joined by
full stops, commas, "and", "but", line breaks and headings. Two things must never happen: a finding positive or
uncertain that no clause says is there, and *No Finding* where a clause is abnormal.
"""

import argparse
import random
from collections import Counter
from typing import NamedTuple

from lmrrg.metrics.lite.labels import label_report
from lmrrg.profiles import DEFAULT_PROFILE


class Clause(NamedTuple):
    """What a clause says, and the findings that are there by it."""

    text: str
    there: tuple[str, ...] = ()


CLAUSES = (
    Clause("there is a small left pleural effusion", ("Pleural Effusion",)),
    Clause("moderate right pleural effusion is present", ("Pleural Effusion",)),
    Clause("there is a large right pneumothorax", ("Pneumothorax",)),
    Clause("a tiny left apical pneumothorax is seen", ("Pneumothorax",)),
    Clause("the heart is enlarged", ("Cardiomegaly",)),
    Clause("there is moderate cardiomegaly", ("Cardiomegaly",)),
    Clause("there is mild pulmonary edema", ("Edema",)),
    Clause("there is bibasilar atelectasis", ("Atelectasis",)),
    Clause("left lower lobe consolidation is seen", ("Consolidation",)),
    Clause("there is pneumonia in the right upper lobe", ("Pneumonia",)),
    Clause("there is a 9 mm nodule in the left upper lobe", ("Lung Lesion",)),
    Clause("there is an acute fracture of the left sixth rib", ("Fracture",)),
    Clause("an endotracheal tube is in place", ("Support Devices",)),
    Clause("a right PICC is in good position", ("Support Devices",)),
    Clause("there is no pleural effusion"),
    Clause("no pneumothorax is seen"),
    Clause("there is no evidence of pulmonary edema"),
    Clause("no focal consolidation is identified"),
    Clause("the lungs are clear"),
    Clause("the heart is normal in size"),
    Clause("the mediastinal contours are normal"),
    Clause("no acute fracture is seen"),
    Clause("there is no atelectasis"),
    Clause("the bones are intact"),
    Clause("the trachea is midline"),
)
JOINS = (
    ". ",
    ". ",
    ", ",
    ", and ",
    " and ",
    ", but ",
    " but ",
    "; ",
    ".\n",
    "\n\n",
    ". IMPRESSION: ",
    ". FINDINGS: ",
)
# What comes with a finding by CheXpert's own hierarchy, or by what the name of another says.
ALONG = {
    "Consolidation": ("Lung Opacity",),
    "Pneumonia": ("Lung Opacity", "Consolidation"),
    "Edema": ("Lung Opacity",),
}
ALONG |= {"Atelectasis": ("Lung Opacity",), "Lung Lesion": ("Lung Opacity",)}
ALONG["Cardiomegaly"] = ("Enlarged Cardiomediastinum",)


class Join(NamedTuple):
    """A text, and the findings that its clauses say are there."""

    text: str
    there: frozenset[str]


def random_join(rng: random.Random) -> Join:
    clauses = rng.sample(CLAUSES, rng.randint(2, 6))
    text = ""
    for clause in clauses:
        join = rng.choice(JOINS) if text else ""
        starts = not join or join[0] in ".\n" or join.endswith(": ")
        text += join + (clause.text[0].upper() + clause.text[1:] if starts else clause.text)
    return Join(f"{text}.", frozenset(name for clause in clauses for name in clause.there))


def faults(join: Join) -> list[str]:
    """What must never happen and does: findings from nowhere, and "No Finding" where something is wrong."""
    labels = label_report(join.text)
    allowed = join.there.union(*(ALONG.get(name, ()) for name in join.there))
    normal = DEFAULT_PROFILE.normal_finding
    found = [
        f"{name} from nowhere"
        for name, label in labels.items()
        if label in ("positive", "uncertain") and name != normal and name not in allowed
    ]
    if normal and labels[normal] == "positive" and join.there - set(DEFAULT_PROFILE.not_diseases):
        found.append("nothing found where something is")
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--joins", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    counted: Counter[str] = Counter()
    missed = said = 0
    shown = 0
    for _ in range(arguments.joins):
        join = random_join(rng)
        labels = label_report(join.text)
        said += len(join.there)
        missed += sum(labels[name] not in ("positive", "uncertain") for name in join.there)
        for fault in faults(join):
            counted[fault] += 1
            if shown < 10:
                shown += 1
                print(f"   {fault}: {join.text!r}")
    print(f"{arguments.joins} random joins of {len(CLAUSES)} clauses: {counted.total()} faults")
    for fault, times in counted.most_common():
        print(f"   {times:>6} {fault}")
    print(f"findings said and not read: {missed} of {said} ({missed / max(said, 1):.4f})")


if __name__ == "__main__":
    main()
