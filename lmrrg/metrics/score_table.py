"""The table that ``python -m lmrrg score`` prints: metrics with their intervals beside the baselines.

ReXrank's columns stand under it where they are computed as published; a rule-based figure never stands in for one.
Knows how figures are laid out and nothing of how they are found.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from lmrrg.metrics.lite.collapse import all_normal_share, duplicate_share, length_ratio, repeated_ngrams
from lmrrg.metrics.lite.coverage import coverage
from lmrrg.metrics.lite.labels import label_f1
from lmrrg.metrics.radcliq import leaderboard_value
from lmrrg.metrics.suite import Summary
from lmrrg.profiles import Profile

# ReXrank's columns (rajpurkarlab/ReXrank results/findings_result_*.csv) and the scores that they are.
REXRANK_COLUMNS: tuple[tuple[str, str | None], ...] = (
    ("BLEU", "bleu2"),
    ("BertScore", "bertscore"),
    ("SembScore", "semb"),
    ("RadGraph", "radgraph_radcliq"),
    ("1/RadCliQ-v1", "radcliq_v1"),
    ("RaTEScore", "ratescore"),
    ("GREEN", None),
)
_KINDS = {
    "reference": "reference scores follow their published definition",
    "embedded": "embedded ones are our own, by rules, and are not comparable with them",
    "judged": "judged ones are a language model's counts",
}


def score_table(
    candidates: Sequence[str],
    references: Sequence[str],
    summaries: Sequence[Summary],
    baselines: Mapping[str, Sequence[Summary]],
    profile: Profile,
) -> str:
    """Metrics beside the baselines, label F1 with what of the reports was read, and guards."""
    kinds = [said for kind, said in _KINDS.items() if any(one.kind == kind for one in summaries)]
    lines = [f"{len(candidates)} reports; {'; '.join(kinds)}.", ""]
    heads = "".join(f"{name:>25}" for name in baselines)
    lines.append(f"{'metric':18}{'kind':11}{'better':8}{'mean':>8}  {'95 % interval':17}{heads}")
    beside = {name: {one.name: one.mean for one in table} for name, table in baselines.items()}
    for one in summaries:
        others = "".join(f"{_figure(means.get(one.name)):>25}" for means in beside.values())
        interval = f"[{_figure(one.ci95[0])}, {_figure(one.ci95[1])}]"
        lines.append(
            f"{one.name:18}{one.kind:11}{one.direction:8}{_figure(one.mean):>8}  {interval:17}{others}"
        )
    labels = label_f1(candidates, references, profile)
    every, leading = len(profile.findings), len(profile.leading_findings)
    f1 = f"macro-{every} {labels.macro:.3f}  micro-{every} {labels.micro:.3f}"
    if leading:
        f1 += f"  macro-{leading} {labels.macro_leading:.3f}  micro-{leading} {labels.micro_leading:.3f}"
    lines += ["", f"label F1 (rules): {f1}"]
    for name, reports in (("candidates", candidates), ("references", references)):
        lines.append(f"by rules, {name} {coverage(reports, profile)}")
    count = len(candidates)
    repeated = sum(map(repeated_ngrams, candidates)) / count
    length = sum(map(length_ratio, candidates, references)) / count
    lines.append(
        f"guards: repeated 3-grams {repeated:.3f}  length ratio {length:.2f}  "
        f"duplicates {duplicate_share(candidates):.3f}  all normal {all_normal_share(candidates, profile):.3f}"
    )
    return "\n".join(lines) + "\n"


def _figure(value: float | None) -> str:
    return "–" if value is None or not math.isfinite(value) else f"{value:.3f}"


def rexrank_row(summaries: Sequence[Summary]) -> str:
    """ReXrank's columns, n/a where no score of that definition is at hand."""
    by_name = {one.name: one for one in summaries if one.kind == "reference"}
    cells = []
    for column, name in REXRANK_COLUMNS:
        if name not in by_name:
            cells.append("n/a")
        elif column.startswith("1/"):
            scores = [score for score in by_name[name].per_report if score is not None]
            cells.append(f"{leaderboard_value(scores):.3f}")
        else:
            cells.append(f"{by_name[name].mean:.3f}")
    raw = f"{by_name['radcliq_v1'].mean:.3f}" if "radcliq_v1" in by_name else "n/a"
    heads = ",".join(column for column, _ in REXRANK_COLUMNS)
    return f"\nReXrank's columns:\n{heads},raw mean RadCliQ-v1\n{','.join(cells)},{raw}\n"


def not_judged(summaries: Sequence[Summary], reasons: Mapping[str, int]) -> str:
    """How many reports the judge left out, and why; empty where it judged all."""
    left_out = sum(one.left_out for one in summaries if one.kind == "judged")
    if not left_out:
        return ""
    some = (
        "1 report could not be judged and is"
        if left_out == 1
        else f"{left_out} reports could not be judged and are"
    )
    why = "\n".join(f"  {count} × {reason}" for reason, count in Counter(reasons).most_common(5))
    return f"\n{some} left out of judged_errors:\n{why}\n"
