"""``python -m lmrrg report IMAGE… [--json]``: drafts for files. Knows arguments and printing, not models."""

import argparse
import dataclasses
import json
import sys
import time
from pathlib import Path
from typing import Any

from lmrrg.errors import LmrrgError
from lmrrg.imaging import open_radiograph
from lmrrg.reporters import DraftRequest, Reporter, load_reporter
from lmrrg.reporters.serialise import report_as_json
from lmrrg.types import Report

NOT_FOR_CLINICAL_USE = "Demonstration model trained on synthetic radiographs. Not for clinical use."


def add_parser(commands: Any) -> None:
    """Add ``report`` to argparse's ``commands``."""
    parser = commands.add_parser("report", help="draft a report for each image")
    parser.add_argument("images", nargs="+", metavar="IMAGE", help="PNG, JPEG or DICOM radiograph")
    parser.add_argument("--json", action="store_true", help="one JSON object per image, one per line")
    parser.add_argument("--model", default="default", help="a model folder (default: the one shipped)")
    parser.add_argument("--device", default="cpu", help="cpu, cuda, … (default: cpu)")
    parser.add_argument("--indication", default="", help="why the examination was made")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Exit status 0, or 1 when any image was refused. The model is loaded once."""
    reporter = load_reporter(args.model, device=args.device)
    request = DraftRequest(indication=args.indication)
    refused = False
    for image in args.images:
        try:
            report = _draft(reporter, Path(image), request)
        except LmrrgError as error:
            refused = True
            _print_refusal(image, str(error), as_json=args.json)
        else:
            _print_report(image, report, as_json=args.json)
    return int(refused)


def _draft(reporter: Reporter, path: Path, request: DraftRequest) -> Report:
    started = time.perf_counter()
    image = open_radiograph(path)
    decode = 1000 * (time.perf_counter() - started)
    report = reporter.draft(image, request)
    timing = {
        "decode": decode,
        **report.timing_ms,
        "first_sentence": report.timing_ms["first_sentence"] + decode,
        "total": report.timing_ms["total"] + decode,
    }
    return dataclasses.replace(report, timing_ms=timing)


def _print_refusal(image: str, reason: str, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"image": image, "error": reason}, ensure_ascii=False), flush=True)
    else:
        print(f"{image}: {reason}", file=sys.stderr)


def _print_report(image: str, report: Report, *, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"image": image, **report_as_json(report)}, ensure_ascii=False), flush=True)
        return
    print(f"{image} — {report.model.name} {report.model.version}")
    if report.model.demonstration:
        print(NOT_FOR_CLINICAL_USE)
    for sentence in report.sentences:
        regions = ", ".join(f"{r.name} {r.weight:.2f}" for r in sentence.regions)
        print(f"  {sentence.text}\n      {regions} · confidence {sentence.confidence:.2f}")
        if sentence.flag:
            print(f"      ⚑ {sentence.flag}")
    print()
