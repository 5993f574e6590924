"""``python -m lmrrg inspect FILE… [--json]``: what each file is, or why it cannot be opened.

Knows the command line and nothing of images.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

from lmrrg.imaging.door.inspection import inspect_json


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add ``inspect`` to the commands of ``python -m lmrrg``."""
    parser = subparsers.add_parser("inspect", help="say what each file is, or why it cannot be opened")
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--json", action="store_true", help="one JSON object per file, one per line")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Inspect ``args.files``, each on its own; 1 if any of them could not be opened, else 0."""
    failed = False
    for path in args.files:
        facts = inspect_json(path)
        failed = failed or "error" in facts
        line = json.dumps(facts, ensure_ascii=False) if args.json else _in_words(facts)
        sys.stdout.write(line + "\n")
        sys.stdout.flush()
    return 1 if failed else 0


def _in_words(facts: dict[str, Any]) -> str:
    if "error" in facts:
        return f"{facts['image']}\n    not opened: {facts['error']}"
    centre, width = facts["window"]
    lines = [
        str(facts["image"]),
        f"    {facts['kind']}, {facts['cols']} × {facts['rows']} pixels of {facts['bits']} bits, "
        f"{facts['photometric']}, view {facts['view'] or 'not stated'}, window {centre:g} / {width:g}",
    ]
    return "\n".join(lines + [f"    {notice['sentence']}" for notice in facts["notices"]])
