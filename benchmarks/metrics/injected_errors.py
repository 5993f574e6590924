"""Do scores fall with the number of errors? Real reports with 0–6 known errors, and paraphrases with none.

    python -m benchmarks.metrics.injected_errors [--reports 150] [--seed 0] [--show N]

Takes Indiana reports of the half that nothing was tuned on, plants a few findings in each reference (the
collection has few comparisons and severities of its own), then injects errors of ReXVal's six categories into
planted and native sentences. The generator reads words with its own short lists and knows nothing about
``lmrrg.metrics``; the texts are read where they lie and are not copied. Prints Kendall's τ-b between the number of
significant errors and each score (sign turned so that higher is better agreement), pooled over all versions and within
each report, and how often the error counter names the category of a single injected error.
"""

import argparse
import random
import re
from collections import Counter
from dataclasses import dataclass, field

import numpy as np
from scipy.stats import kendalltau

from benchmarks.metrics.labeler import read_reports, tuned_on
from lmrrg.metrics.categories import ERROR_CATEGORIES
from lmrrg.metrics.lite.error_counts import count_errors
from lmrrg.metrics.suite import weightless_metrics

# finding → words that show that a sentence speaks of it
FINDINGS = {
    "pleural effusion": r"effusion|pleural fluid",
    "pneumothorax": r"pneumothora",
    "consolidation": r"consolidat|pneumoni|airspace|air space|infiltrat|opacit",
    "pulmonary edema": r"edema|congesti|failure",
    "atelectasis": r"atelecta|collapse|volume loss",
    "pulmonary nodule": r"nodul|mass|lesion|granulom",
    "rib fracture": r"fractur",
    "cardiomegaly": r"cardiomeg|enlarged|heart size|cardiac",
}
SIDED = (
    "pleural effusion",
    "pneumothorax",
    "consolidation",
    "atelectasis",
    "pulmonary nodule",
    "rib fracture",
)
GRADED = {
    "pleural effusion": ("small", "large"),
    "pneumothorax": ("tiny", "large"),
    "consolidation": ("mild", "extensive"),
    "atelectasis": ("minimal", "severe"),
    "pulmonary edema": ("mild", "severe"),
    "cardiomegaly": ("mild", "severe"),
}
OPPOSITE = dict(GRADED.values()) | {high: low for low, high in GRADED.values()}
OPPOSITE |= {"minimal": "severe", "small": "large", "mild": "severe", "tiny": "large", "moderate": "minimal"}
CHANGES = (
    ("has increased since the prior study", "worse"),
    ("has worsened compared with the previous exam", "worse"),
    ("has decreased since the prior study", "better"),
    ("has improved in the interval", "better"),
    ("is new since the prior examination", "new"),
)
_NEGATED = re.compile(r"\b(no|not|without|negative|free of|clear of|resolved|normal|unremarkable)\b", re.I)
_ANY_FINDING = re.compile("|".join(FINDINGS.values()), re.I)
_SIDE = re.compile(r"\b(left|right)\b", re.I)
_GRADE = re.compile(r"\b(small|large|mild|severe|minimal|tiny|moderate)\b", re.I)
_SENTENCES = re.compile(r"(?<=[.!?])\s+")
# Other ways to say what a native sentence says.
REWORDINGS = (
    (r"^There is no (.+)\.$", r"No \1 is seen."),
    (r"^No (.+?)(?: is| are)?(?: seen| identified)?\.$", r"There is no evidence of \1."),
    (r"^The heart is normal in size\.$", "Heart size is within normal limits."),
    (r"^(?:The )?heart size is normal\.$", "The cardiac silhouette is not enlarged."),
    (r"^Heart size normal\.$", "The heart is not enlarged."),
    (r"^(?:The )?lungs are clear\.$", "Clear lungs bilaterally."),
    (r"\bthere is mild cardiomegaly\b", "the heart is mildly enlarged"),
    (r"\bheart is mildly enlarged\b", "cardiac silhouette shows mild enlargement"),
    (r"\bpleural effusion\b", "pleural fluid"),
    (r"\bwithin normal limits\b", "normal"),
    (r"\bunremarkable\b", "within normal limits"),
)


@dataclass
class Statement:
    """One sentence of a report: native text, or a planted finding that can be said in several ways."""

    text: str = ""
    finding: str = ""
    side: str = ""
    grade: str = ""
    change: str = ""
    place: str = ""
    wording: int = 0
    touched: bool = False

    def say(self) -> str:
        if not self.finding:
            return self.text
        noun = f"{self.side} {self.finding}".strip()
        where = f" in the {self.side} {self.place}" if self.place else ""
        if self.place:
            noun = self.finding
        graded = f"{self.grade} {noun}".strip()
        article = (
            ""
            if self.finding in ("atelectasis", "cardiomegaly", "consolidation", "pulmonary edema")
            else "a "
        )
        if self.change:
            return f"The {graded}{where} {self.change}."
        forms = (
            f"There is {article}{graded}{where}.",
            f"{graded[0].upper()}{graded[1:]}{where} is present.",
            f"{graded[0].upper()}{graded[1:]}{where}.",
        )
        return forms[self.wording % len(forms)]


@dataclass
class Version:
    """A candidate with what was done to it."""

    report: str
    errors: list[str] = field(default_factory=list)
    paraphrase: bool = False


def mentioned(sentences: list[Statement], finding: str) -> bool:
    pattern = re.compile(FINDINGS[finding], re.I)
    return any(one.finding == finding or pattern.search(one.text) for one in sentences)


def positively_mentioned(sentences: list[Statement], finding: str) -> bool:
    pattern = re.compile(FINDINGS[finding], re.I)
    return any(one.finding == finding or (pattern.search(one.text) and is_positive(one)) for one in sentences)


def is_positive(one: Statement) -> bool:
    return bool(one.finding) or bool(_ANY_FINDING.search(one.text) and not _NEGATED.search(one.text))


def plant(rng: random.Random, sentences: list[Statement], count: int) -> list[Statement]:
    """Adds ``count`` findings that the report does not have; negations of them are taken out."""
    sentences = list(sentences)
    choices = [name for name in FINDINGS if not positively_mentioned(sentences, name)]
    rng.shuffle(choices)
    for number, finding in enumerate(choices[:count]):
        fresh = fresh_finding(rng, finding)
        if number % 2:
            fresh.change = rng.choice(CHANGES)[0]
        sentences = without_negation(sentences, finding)
        sentences.insert(rng.randint(0, len(sentences)), fresh)
    return sentences


def fresh_finding(rng: random.Random, finding: str) -> Statement:
    place = (
        rng.choice(["lower lobe", "upper lobe"]) if finding in ("consolidation", "pulmonary nodule") else ""
    )
    return Statement(
        finding=finding,
        side=rng.choice(["left", "right"]) if finding in SIDED else "",
        grade=rng.choice(GRADED[finding]) if finding in GRADED else "",
        place=place,
        wording=rng.randrange(3),
    )


def without_negation(sentences: list[Statement], finding: str) -> list[Statement]:
    """Drops native sentences that speak of a finding which is about to be planted."""
    pattern = re.compile(FINDINGS[finding], re.I)
    return [one for one in sentences if one.finding or not pattern.search(one.text)]


def inject(rng: random.Random, sentences: list[Statement], category: str) -> list[Statement] | None:
    """The sentences with one error of the category, or None where there is nothing that it could be done to."""
    sentences = [Statement(**vars(one)) for one in sentences]
    free = [one for one in sentences if not one.touched]
    if category == "false finding":
        choices = [name for name in FINDINGS if not positively_mentioned(sentences, name)]
        if not choices:
            return None
        fresh = fresh_finding(rng, rng.choice(choices))
        fresh.touched = True
        sentences = without_negation(sentences, fresh.finding)
        sentences.insert(rng.randint(0, len(sentences)), fresh)
        return sentences
    if category == "missed finding":
        targets = [one for one in free if one.finding]
        if not targets:
            return None
        sentences.remove(rng.choice(targets))
        return sentences
    if category == "wrong location":
        targets = [one for one in free if one.side or _one_side(one)]
        if not targets:
            return None
        one = rng.choice(targets)
        if one.finding and one.place and rng.random() < 0.5:
            one.place = {"lower lobe": "upper lobe", "upper lobe": "lower lobe"}[one.place]
        elif one.finding:
            one.side = {"left": "right", "right": "left"}[one.side]
        else:
            one.text = _SIDE.sub(lambda m: _cased(m.group(), {"left": "right", "right": "left"}), one.text)
    elif category == "wrong severity":
        targets = [one for one in free if one.grade or _one_grade(one)]
        if not targets:
            return None
        one = rng.choice(targets)
        if one.finding:
            one.grade = OPPOSITE[one.grade]
        else:
            one.text = _GRADE.sub(lambda m: _cased(m.group(), OPPOSITE), one.text)
    elif category == "false comparison":
        targets = [one for one in free if one.finding and not one.change]
        if not targets:
            return None
        one = rng.choice(targets)
        one.change = rng.choice(CHANGES)[0]
    else:
        targets = [one for one in free if one.change]
        if not targets:
            return None
        one = rng.choice(targets)
        one.change = ""
    one.touched = True
    return sentences


def _cased(word: str, table: dict[str, str]) -> str:
    other = table[word.lower()]
    return other.capitalize() if word[0].isupper() else other


def _one_side(one: Statement) -> bool:
    return is_positive(one) and len(_SIDE.findall(one.text)) == 1 and "bilateral" not in one.text.lower()


def _one_grade(one: Statement) -> bool:
    return (
        is_positive(one) and len(_GRADE.findall(one.text)) == 1 and len(_ANY_FINDING.findall(one.text)) == 1
    )


def join(sentences: list[Statement]) -> str:
    return " ".join(one.say() for one in sentences)


def paraphrase(rng: random.Random, sentences: list[Statement]) -> str:
    """The same statements in other words and another order."""
    said = []
    for one in sentences:
        if one.finding:
            other = Statement(**vars(one))
            other.wording += 1 + rng.randrange(2)
            said.append(other.say())
            continue
        text = one.text
        for pattern, other_words in REWORDINGS:
            changed = re.sub(pattern, other_words, text, flags=re.I)
            if changed != text:
                text = changed[0].upper() + changed[1:]
                break
        said.append(text)
    rng.shuffle(said)
    return " ".join(said)


def versions_of(rng: random.Random, report: str) -> tuple[str, list[Version]]:
    """A reference and its versions: one for each number of errors 0 … 6, and two paraphrases."""
    native = [Statement(text=text.strip()) for text in _SENTENCES.split(report) if text.strip()]
    reference = plant(rng, native, 5)
    versions = [Version(join(reference))]
    versions += [Version(paraphrase(rng, reference), paraphrase=True) for _ in range(2)]
    for count in range(1, 7):
        current, done = reference, []
        for _ in range(20 * count):
            if len(done) == count:
                break
            category = rng.choice(ERROR_CATEGORIES)
            changed = inject(rng, current, category)
            if changed is not None:
                current, done = changed, [*done, category]
        if len(done) == count:
            text = join(current) if rng.random() < 0.5 else paraphrase(rng, current)
            versions.append(Version(text, done))
    return join(reference), versions


def make_cases(count: int, seed: int, *, tuned: bool = False) -> list[tuple[str, list[Version]]]:
    """``count`` references with their versions, from one half of the Indiana reports."""
    rng = random.Random(seed)
    reports = [str(row["report"]) for row in read_reports() if tuned_on(str(row["id"])) == tuned]
    reports = [report for report in reports if 120 < len(report) < 900 and "XXXX" not in report] or reports
    return [
        versions_of(rng, " ".join(report.split())) for report in rng.sample(reports, min(count, len(reports)))
    ]


def tau(errors: list[int], scores: list[float]) -> float:
    return float(kendalltau(errors, scores).statistic)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--reports", type=int, default=150)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--tuned-half", action="store_true", help="use the half that we tune on")
    parser.add_argument(
        "--show", type=int, default=0, help="print single errors that were not named (not to be committed)"
    )
    arguments = parser.parse_args()
    cases = make_cases(arguments.reports, arguments.seed, tuned=arguments.tuned_half)
    candidates = [version.report for _, versions in cases for version in versions]
    references = [reference for reference, versions in cases for _ in versions]
    errors = [len(version.errors) for _, versions in cases for version in versions]
    groups = [number for number, (_, versions) in enumerate(cases) for _ in versions]
    print(
        f"{len(cases)} reports, {len(errors)} versions; versions by number of errors: {sorted(Counter(errors).items())}"
    )
    print(f"{'metric':18}{'τ pooled':>10}{'τ within report':>18}{'paraphrases':>14}{'one error':>12}")
    spoiled = np.array([version.paraphrase for _, versions in cases for version in versions])
    for metric in weightless_metrics():
        sign = 1.0 if metric.direction == "lower" else -1.0
        scores = np.array(metric.score(candidates, references))
        pooled = tau(errors, list(sign * scores))
        within = []
        for group in range(len(cases)):
            rows = [index for index, number in enumerate(groups) if number == group]
            value = tau([errors[index] for index in rows], [sign * scores[index] for index in rows])
            if np.isfinite(value):
                within.append(value)
        single = np.array(errors) == 1
        print(
            f"{metric.name:18}{pooled:>10.3f}{np.mean(within):>18.3f}{scores[spoiled].mean():>14.3f}"
            f"{scores[single].mean():>12.3f}"
        )
    print_categories(cases, arguments.show)


def print_categories(cases: list[tuple[str, list[Version]]], show: int) -> None:
    """How often the counter names the category of a single error, and what it finds where there is none."""
    named: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    total: Counter[str] = Counter()
    rng = random.Random(1)
    pairs: list[tuple[str, str, str]] = []
    for reference, versions in cases:
        pairs += [(reference, one.report, one.errors[0]) for one in versions if len(one.errors) == 1]
    pairs += single_errors(rng, cases)
    for reference, candidate, category in pairs:
        counted = count_errors(candidate, reference)
        found = {error.category for error in counted.errors if error.significant}
        total[category] += 1
        named[category] += category in found
        alone[category] += counted.total_significant == 1 and category in found
        if category not in found and show:
            show -= 1
            print(f"-- {category}: found {[(e.category, e.concept, e.significant) for e in counted.errors]}")
            print(f"   ref: {reference}\n   cand: {candidate}")
    print(f"\n{'single error':20}{'n':>6}{'named':>9}{'and nothing else':>19}")
    for category in ERROR_CATEGORIES:
        count = max(total[category], 1)
        print(
            f"{category:20}{total[category]:>6}{named[category] / count:>9.3f}{alone[category] / count:>19.3f}"
        )
    count = sum(total.values())
    print(f"{'all':20}{count:>6}{sum(named.values()) / count:>9.3f}{sum(alone.values()) / count:>19.3f}")
    clean = [(ref, one.report) for ref, versions in cases for one in versions if not one.errors]
    counts = [count_errors(candidate, reference).total_significant for reference, candidate in clean]
    print(f"significant errors found in {len(clean)} versions without any: mean {np.mean(counts):.3f}")


def single_errors(rng: random.Random, cases: list[tuple[str, list[Version]]]) -> list[tuple[str, str, str]]:
    """One more version for each category of every report, made anew from the same texts."""
    pairs = []
    reports = [str(row["report"]) for row in read_reports() if not tuned_on(str(row["id"]))]
    reports = [report for report in reports if 120 < len(report) < 900 and "XXXX" not in report] or reports
    for report in rng.sample(reports, min(len(cases), len(reports))):
        native = [
            Statement(text=text.strip())
            for text in _SENTENCES.split(" ".join(report.split()))
            if text.strip()
        ]
        reference = plant(rng, native, 4)
        for category in ERROR_CATEGORIES:
            changed = inject(rng, reference, category)
            if changed is not None:
                pairs.append((join(reference), join(changed), category))
    return pairs


if __name__ == "__main__":
    main()
