"""``python -m lmrrg score`` and ``python -m lmrrg label``. Knows the command line and nothing of how to score."""

import argparse
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from lmrrg.errors import LmrrgError, ScoringError
from lmrrg.metrics.baselines import nearest_training, one_normal_report, prior_copied, random_other
from lmrrg.metrics.lite.coverage import coverage, not_read
from lmrrg.metrics.lite.labels import label_report, mentions
from lmrrg.metrics.report_files import match_by_id, read_reports
from lmrrg.metrics.score_table import not_judged, rexrank_row, score_table
from lmrrg.metrics.suite import run_suite, weightless_metrics
from lmrrg.profiles import DEFAULT, load, names

if TYPE_CHECKING:
    from lmrrg.metrics.published.language_model_judge import LanguageModelJudge
    from lmrrg.metrics.published.scorers import PublishedScorers

Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"


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
    parser.add_argument(
        "--published",
        type=Path,
        nargs="+",
        metavar="FOLDER",
        help="folders with the weights of published scorers (docs/metrics.md)",
    )
    parser.add_argument(
        "--judge",
        metavar="server:URL#NAME",
        help="a language model that counts errors; it is sent the reports",
    )
    parser.add_argument("--device", default="cpu", help="where published scorers run (default cpu)")
    parser.add_argument(
        "--processes", type=int, default=1, metavar="N", help="how many of them score at once (default 1)"
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
    metrics = weightless_metrics(profile)
    try:
        published = _published(args)
        references = read_reports(args.references)
        candidates = read_reports(args.candidates)
        said, meant = match_by_id(candidates, references)
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
        if published:
            metrics = [*published.metrics(), *metrics]
            beside = 0 if args.json else len(others)
            sys.stderr.write(
                f"Scores {len(said)} pairs by weights, and as many for each of {beside} baselines. It takes a while.\n"
            )
        judge = _judge(args)
        summaries = run_suite(said, meant, [*metrics, *judge])
        if args.json:
            found = {one.name: one.as_json() for one in summaries}
            sides = {"candidates": said, "references": meant}
            read = {name: coverage(reports, profile)._asdict() for name, reports in sides.items()}
            sys.stdout.write(json.dumps({"n": len(said), "metrics": found, "read_by_rules": read}) + "\n")
            return 0
        baselines = {name: run_suite(reports, meant, metrics) for name, reports in others.items()}
    except LmrrgError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    sys.stdout.write(score_table(said, meant, summaries, baselines, profile))
    sys.stdout.write(not_judged(summaries, judge[0].reasons if judge else {}))
    if published:
        sys.stdout.write(rexrank_row(summaries) + published.what_is_lacking())
        published.close()
    return 0


def _published(args: argparse.Namespace) -> "PublishedScorers | None":
    """The scorers whose weights the user names; torch is loaded only for them."""
    if not args.published:
        return None
    from lmrrg.metrics.published.scorers import PublishedScorers

    return PublishedScorers(args.published, device=args.device, processes=args.processes)


def _judge(args: argparse.Namespace) -> "list[LanguageModelJudge]":
    if not args.judge:
        return []
    from lmrrg.chat_server import ChatServer
    from lmrrg.metrics.published.language_model_judge import LanguageModelJudge

    return [LanguageModelJudge(ChatServer.at(args.judge))]


def run_label(args: argparse.Namespace) -> int:
    """Print each report's labels, mentions and what was not read; 1 where the file cannot be read."""
    profile = load(args.profile)
    try:
        reports = read_reports(args.file)
    except ScoringError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    for one in reports:
        labels = label_report(one.report, profile)
        left = not_read(one.report, profile)
        if args.json:
            line = json.dumps(
                {
                    "id": one.id,
                    "labels": labels,
                    "mentions": [mention.as_json() for mention in mentions(one.report, profile)],
                    "not_read": [{"text": each.text, "span": each.span} for each in left],
                },
                ensure_ascii=False,
            )
        else:
            said = [f"{finding}: {label}" for finding, label in labels.items() if label]
            line = f"{one.id}\n    " + ("; ".join(said) or "nothing said")
            line += "".join(f"\n    not read: {each.text}" for each in left)
        sys.stdout.write(line + "\n")
    if not args.json and reports:
        sys.stdout.write(f"\n{coverage([one.report for one in reports], profile)}\n")
    return 0
