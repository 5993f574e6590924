"""``python -m lmrrg score`` and ``python -m lmrrg label``. Knows the command line and nothing of how to score."""

import argparse
import json
import sys
from pathlib import Path
from typing import TypeAlias

from lmrrg.errors import ScoringError
from lmrrg.metrics.baselines import nearest_training, one_normal_report, prior_copied, random_other
from lmrrg.metrics.lite.guards import all_normal_share, duplicate_share, length_ratio, repeated_ngrams
from lmrrg.metrics.lite.labels import label_f1, label_report, mentions
from lmrrg.metrics.radcliq import leaderboard_value
from lmrrg.metrics.report_files import match_by_id, read_reports
from lmrrg.metrics.suite import Summary, run_suite, weightless_metrics
from lmrrg.profiles import DEFAULT, Profile, load, names

Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"
# ReXrank's columns (rajpurkarlab/ReXrank results/findings_result_*.csv) and what we print under them.
REXRANK_COLUMNS: tuple[tuple[str, str | None], ...] = (
    ("BLEU", "bleu2"),
    ("BertScore", "bertscore_lite"),
    ("SembScore", "semb_lite"),
    ("RadGraph", "radgraph_lite"),
    ("1/RadCliQ-v1", "radcliq_lite"),
    ("RaTEScore", "ratescore_lite"),
    ("GREEN", None),
)


def add_score_parser(subparsers: Subparsers) -> None:
    """Add ``score`` to the commands of ``python -m lmrrg``."""
    parser = subparsers.add_parser("score", help="score candidate reports against reference reports")
    parser.add_argument("--candidates", type=Path, required=True, metavar="F")
    parser.add_argument("--references", type=Path, required=True, metavar="F")
    parser.add_argument(
        "--priors", type=Path, metavar="F", help="prior reports by id, for the baseline that copies them"
    )
    parser.add_argument(
        "--training", type=Path, metavar="F", help="training reports, for the nearest-report baseline"
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")
    _add_profile(parser)
    parser.set_defaults(run=run_score)


def add_label_parser(subparsers: Subparsers) -> None:
    """Add ``label`` to the commands of ``python -m lmrrg``."""
    parser = subparsers.add_parser("label", help="label reports with the profile's findings")
    parser.add_argument("file", type=Path, metavar="F")
    parser.add_argument("--json", action="store_true", help="print one JSON object per report, one per line")
    _add_profile(parser)
    parser.set_defaults(run=run_label)


def _add_profile(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--profile",
        choices=names(),
        default=DEFAULT,
        help=f"the kind of examination that the reports are of (default {DEFAULT})",
    )


def add_parser(subparsers: Subparsers) -> None:
    """Add both commands."""
    add_score_parser(subparsers)
    add_label_parser(subparsers)


def run_score(args: argparse.Namespace) -> int:
    """Print the table, or with ``--json`` one object; 0 when all went well, 1 where the files cannot be scored."""
    profile = load(args.profile)
    try:
        references = read_reports(args.references)
        candidates = read_reports(args.candidates)
        said, meant = match_by_id(candidates, references)
        summaries = run_suite(said, meant, weightless_metrics(profile))
        if args.json:
            metrics = {one.name: one.as_json() for one in summaries}
            sys.stdout.write(json.dumps({"n": len(said), "metrics": metrics}) + "\n")
            return 0
        others = {
            "one normal report": one_normal_report(meant, profile),
            "random other report": random_other(meant),
        }
        if args.priors:
            priors = {one.id: one.report for one in read_reports(args.priors)}
            others["prior report copied"] = prior_copied([priors.get(one.id) for one in candidates], profile)
        if args.training:
            training = [one.report for one in read_reports(args.training)]
            others["nearest training report"] = nearest_training(meant, training, profile)
    except ScoringError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    baselines = {
        name: run_suite(reports, meant, weightless_metrics(profile)) for name, reports in others.items()
    }
    sys.stdout.write(score_table(said, meant, summaries, baselines, profile))
    return 0


def score_table(
    candidates: list[str],
    references: list[str],
    summaries: list[Summary],
    baselines: dict[str, list[Summary]],
    profile: Profile,
) -> str:
    """The printed table: metrics with intervals beside the baselines, label F1, guards, a leaderboard row."""
    lines = [f"{len(candidates)} reports. Embedded scores are our own: not comparable with reference scores."]
    lines.append("")
    heads = "".join(f"{name:>25}" for name in baselines)
    lines.append(f"{'metric':16}{'kind':11}{'better':8}{'mean':>8}  {'95 % interval':17}{heads}")
    for index, one in enumerate(summaries):
        others = "".join(f"{table[index].mean:>25.3f}" for table in baselines.values())
        interval = f"[{one.ci95[0]:.3f}, {one.ci95[1]:.3f}]"
        lines.append(f"{one.name:16}{one.kind:11}{one.direction:8}{one.mean:>8.3f}  {interval:17}{others}")
    labels = label_f1(candidates, references, profile)
    every, leading = len(profile.findings), len(profile.leading_findings)
    f1 = f"macro-{every} {labels.macro:.3f}  micro-{every} {labels.micro:.3f}"
    if leading:
        f1 += f"  macro-{leading} {labels.macro_leading:.3f}  micro-{leading} {labels.micro_leading:.3f}"
    lines += ["", f"label F1 (embedded): {f1}"]
    count = len(candidates)
    repeated = sum(map(repeated_ngrams, candidates)) / count
    length = sum(map(length_ratio, candidates, references)) / count
    lines.append(
        f"guards: repeated 3-grams {repeated:.3f}  length ratio {length:.2f}  "
        f"duplicates {duplicate_share(candidates):.3f}  all normal {all_normal_share(candidates, profile):.3f}"
    )
    lines += ["", *_leaderboard(summaries)]
    return "\n".join(lines) + "\n"


def _leaderboard(summaries: list[Summary]) -> list[str]:
    by_name = {one.name: one for one in summaries}
    cells = []
    for column, name in REXRANK_COLUMNS:
        if name is None:
            cells.append("n/a")
        elif column.startswith("1/"):
            cells.append(f"{leaderboard_value(by_name[name].per_report):.3f}")
        else:
            cells.append(f"{by_name[name].mean:.3f}")
    return [
        "ReXrank's columns (embedded stand-ins but for BLEU; GREEN needs a language model):",
        ",".join(column for column, _ in REXRANK_COLUMNS) + ",raw mean RadCliQ",
        ",".join(cells) + f",{by_name['radcliq_lite'].mean:.3f}",
    ]


def run_label(args: argparse.Namespace) -> int:
    """Print each report's labels and mentions; 1 where the file cannot be read."""
    profile = load(args.profile)
    try:
        reports = read_reports(args.file)
    except ScoringError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for one in reports:
        labels = label_report(one.report, profile)
        if args.json:
            found = [mention.as_json() for mention in mentions(one.report, profile)]
            line = json.dumps({"id": one.id, "labels": labels, "mentions": found}, ensure_ascii=False)
        else:
            said = [f"{finding}: {label}" for finding, label in labels.items() if label]
            line = f"{one.id}\n    " + ("; ".join(said) or "nothing said")
        sys.stdout.write(line + "\n")
    return 0
