"""``python -m lmrrg phantom``: writes phantoms as PNG or DICOM and JSON for people, tests and other programs.

Knows how a phantom is written down, not how it is drawn.
"""

import argparse
import json
import sys
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import cv2

from lmrrg.profiles.chest.findings import FINDINGS
from lmrrg.profiles.chest.phantom.disease import Abnormality, Truth, labels
from lmrrg.profiles.chest.phantom.drawing import Phantom, draw, draw_prior
from lmrrg.profiles.chest.phantom.sites import SITES
from lmrrg.profiles.chest.regions import REGIONS

DESCRIPTION = "Drawn phantom: no patient was examined"
# Phantoms have no dates; a file needs one, and a prior an earlier one.
_EXAMINED = date(2000, 1, 31)
_BETWEEN_VISITS = timedelta(days=28)


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> argparse.ArgumentParser:
    """Add the ``phantom`` command to a program's commands."""
    parser = subparsers.add_parser("phantom", help="draw radiographs with known anatomy, disease and report")
    parser.add_argument("--count", type=int, default=1, help="how many (default 1)")
    parser.add_argument("--seed", type=int, default=0, help="seed of the first; the next follow (default 0)")
    parser.add_argument(
        "--site", choices=sorted(SITES), default="A", help="whose machine, patients and prose"
    )
    parser.add_argument("--size", type=int, default=512, help="side in pixels, 64 … 4096 (default 512)")
    parser.add_argument("--out", type=Path, help="folder for SITE-SEED.png (or .dcm) and SITE-SEED.json")
    parser.add_argument(
        "--format", choices=("png", "dicom"), default="png", help="8 bit PNG or 12 bit DICOM (default png)"
    )
    parser.add_argument(
        "--with-prior",
        action="store_true",
        help="write the earlier study too, as SITE-SEED-prior, of those that have one",
    )
    parser.add_argument("--json", action="store_true", help="print one JSON object per phantom")
    parser.set_defaults(run=run)
    return parser


def describe(phantom: Phantom) -> dict[str, Any]:
    """All that is known of a phantom but its pixels, ready for JSON; boxes in pixels, regions of all 29."""
    truth = phantom.truth
    return {
        "seed": phantom.seed,
        "site": phantom.site,
        "patient": phantom.patient,
        "visit": phantom.visit,
        "size": int(phantom.pixels.shape[0]),
        "style": SITES[phantom.site].style.name,
        "report": phantom.report,
        "sentences": [
            {"text": one.text, "regions": list(one.regions), "findings": dict(one.findings)}
            for one in phantom.sentences
        ],
        "labels": labels(truth),
        **_known(truth),
        "resolved": [_listed(one) for one in truth.resolved],
        "prior": None if truth.prior is None else _known(truth.prior),
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


def _known(truth: Truth) -> dict[str, Any]:
    compared = truth.prior is not None
    return {
        "view": truth.view,
        "posture": truth.posture,
        "abnormalities": [
            _listed(one) | ({"change": truth.change(one)} if compared else {}) for one in truth.abnormalities
        ],
        "devices": [
            {"kind": device.kind, "side": device.side, "misplaced": device.misplaced}
            for device in truth.devices
        ],
    }


def _listed(one: Abnormality) -> dict[str, Any]:
    return {
        "finding": one.finding,
        "side": one.side,
        "zone": one.zone,
        "severity": one.severity,
        "detail": one.detail,
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
        prior = draw_prior(phantom) if args.with_prior else None
        for study, name in ((phantom, f"{args.site}-{seed:06d}"), (prior, f"{args.site}-{seed:06d}-prior")):
            if study is None:
                continue
            known = describe(study)
            if args.out is not None:
                _write(study, known, args.out, name, args.format)
            if args.json:
                print(json.dumps(known, ensure_ascii=False))
    return 0


def _write(phantom: Phantom, known: dict[str, Any], folder: Path, name: str, kind: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    image = f"{name}.dcm" if kind == "dicom" else f"{name}.png"
    known["image"] = image
    coded = _dicom(phantom) if kind == "dicom" else _png(phantom)
    for file, content in ((image, coded), (f"{name}.json", json.dumps(known, indent=1).encode())):
        unfinished = folder / f".{file}"
        unfinished.write_bytes(content)
        unfinished.replace(folder / file)


def _png(phantom: Phantom) -> bytes:
    done, coded = cv2.imencode(".png", phantom.pixels)
    if not done:
        raise OSError(f"The phantom {phantom.patient} could not be coded as PNG.")
    return coded.tobytes()


def _dicom(phantom: Phantom) -> bytes:
    from lmrrg.imaging.dicom.from_radiograph import (
        dicom_of,  # pydicom takes long to import and most need no DICOM
    )

    return dicom_of(
        phantom.as_radiograph(),
        patient=phantom.patient,
        study=f"visit {phantom.visit}",
        on=_EXAMINED - phantom.visit * _BETWEEN_VISITS,
        description=DESCRIPTION,
    )
