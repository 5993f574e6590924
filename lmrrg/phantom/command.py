"""``python -m lmrrg phantom``: writes phantoms as PNG and JSON for people, tests and other programs.

Knows how a phantom is written down, not how it is drawn.
"""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import cv2

from lmrrg.anatomy import REGIONS
from lmrrg.findings import FINDINGS
from lmrrg.phantom.disease import labels
from lmrrg.phantom.phantom import Phantom, draw
from lmrrg.phantom.sites import SITES


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """Add the ``phantom`` command to a program's commands."""
    parser = subparsers.add_parser("phantom", help="draw radiographs with known anatomy, disease and report")
    parser.add_argument("--count", type=int, default=1, help="how many (default 1)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the first; the next follow (default 0)")
    parser.add_argument(
        "--site", choices=sorted(SITES), default="A", help="whose machine, patients and prose"
    )
    parser.add_argument("--size", type=int, default=512, help="side in pixels, 64 … 4096 (default 512)")
    parser.add_argument("--out", type=Path, help="folder for SITE-SEED.png and SITE-SEED.json")
    parser.add_argument("--json", action="store_true", help="print one JSON object per phantom")
    parser.set_defaults(run=run)
    return parser


def describe(phantom: Phantom) -> dict[str, Any]:
    """All that is known of a phantom but its pixels, ready for JSON; boxes in pixels, regions of all 29."""
    return {
        "seed": phantom.seed,
        "site": phantom.site,
        "patient": phantom.patient,
        "view": phantom.truth.view,
        "size": int(phantom.pixels.shape[0]),
        "report": phantom.report,
        "sentences": [
            {"text": one.text, "regions": list(one.regions), "findings": dict(one.findings)}
            for one in phantom.sentences
        ],
        "labels": labels(phantom.truth),
        "abnormalities": [
            {
                "finding": one.finding,
                "side": one.side,
                "zone": one.zone,
                "severity": one.severity,
                "detail": one.detail,
            }
            for one in phantom.truth.abnormalities
        ],
        "devices": [{"kind": device.kind, "side": device.side} for device in phantom.truth.devices],
        "regions": [
            {
                "name": name,
                "box_xywh": [round(float(edge), 1) for edge in phantom.boxes[k]],
                "visible": bool(phantom.visible[k]),
                "findings": [FINDINGS[j] for j in phantom.region_findings[k].nonzero()[0]],
            }
            for k, name in enumerate(REGIONS)
        ],
    }


def run(args: argparse.Namespace) -> int:
    """Draw what was asked for; 0, or 2 when the request makes no sense."""
    if args.count < 0 or args.seed < 0 or not 64 <= args.size <= 4096:
        print("Count and seed must not be negative, and a size lies between 64 and 4096.", file=sys.stderr)
        return 2
    if args.out is None and not args.json:
        print("Say where to write the phantoms (--out DIR), or print them (--json).", file=sys.stderr)
        return 2
    for seed in range(args.seed, args.seed + args.count):
        phantom = draw(seed, size=args.size, site=args.site)
        known = describe(phantom)
        if args.out is not None:
            _write(phantom, known, args.out)
        if args.json:
            print(json.dumps(known, ensure_ascii=False))
    return 0


def _write(phantom: Phantom, known: dict[str, Any], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = f"{phantom.site}-{phantom.seed:06d}"
    done, coded = cv2.imencode(".png", phantom.pixels)
    if not done:
        raise OSError(f"The phantom {name} could not be coded as PNG.")
    known["image"] = f"{name}.png"
    for suffix, content in ((".png", coded.tobytes()), (".json", json.dumps(known, indent=1).encode())):
        unfinished = folder / f".{name}{suffix}"
        unfinished.write_bytes(content)
        unfinished.replace(folder / f"{name}{suffix}")
