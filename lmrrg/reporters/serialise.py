"""A report as JSON: for the command line, for the page, and for the database. Knows nothing about files.

Drafts that were kept before studies had several images say the maps' extent once, for all of them, and of no map which
image it lies over: ``up_to_date`` writes that in, so that whoever reads a draft knows one shape alone.
"""

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from lmrrg.notices import as_json
from lmrrg.report import EvidenceMap, Report
from lmrrg.reporters.map_files import MapFiles


def map_as_json(shown: EvidenceMap) -> dict[str, Any]:
    """``{"image", "kind", "extent_xywh", "rows", "columns", "values"}``.

    ``image`` is the index in the study; values are base64 of one byte per cell, row by row, 255 for 1.
    """
    values = np.round(np.clip(shown.grid, 0, 1) * 255).astype(np.uint8)
    return {
        "image": shown.image,
        "kind": shown.kind,
        "extent_xywh": [round(v, 3) for v in shown.extent_xywh],
        "rows": int(values.shape[0]),
        "columns": int(values.shape[1]),
        "values": base64.b64encode(values.tobytes()).decode("ascii"),
    }


def report_as_json(report: Report, *, maps: bool = False) -> dict[str, Any]:
    """The report in plain types; with ``maps`` each region and sentence also carries its map on the grid."""

    def with_map(entry: dict[str, Any], shown: EvidenceMap | None) -> dict[str, Any]:
        return {**entry, "map": map_as_json(shown)} if maps and shown is not None else entry

    return {
        "model": {
            "name": report.model.name,
            "version": report.model.version,
            "demonstration": report.model.demonstration,
        },
        "sentences": [
            with_map(
                {
                    "text": s.text,
                    "confidence": None if s.confidence is None else round(s.confidence, 4),
                    "regions": [{"name": r.name, "weight": round(r.weight, 4)} for r in s.regions],
                    "flag": s.flag,
                },
                s.map,
            )
            for s in report.sentences
        ],
        "regions": [
            with_map(
                {
                    "name": r.name,
                    "image": r.image,
                    "box_xywh": [round(v, 2) for v in r.box_xywh],
                    "visible": round(r.visible, 4),
                    "significance": round(r.significance, 4),
                },
                r.map,
            )
            for r in report.regions
        ],
        "findings": {name: round(p, 4) for name, p in report.findings.items()},
        "disagreements": [
            {
                "finding": one.finding,
                "probability": round(one.probability, 4),
                "stated": one.stated,
                "sentence": one.sentence,
            }
            for one in report.disagreements
        ],
        "needs_eye": None if report.needs_eye is None else round(report.needs_eye, 4),
        "novelty": None if report.novelty is None else round(report.novelty, 3),
        "timing_ms": {name: round(ms, 2) for name, ms in report.timing_ms.items()},
        "notices": [as_json(notice) for notice in report.notices],
        "looked_at": list(report.looked_at),
    }


def up_to_date(told: Mapping[str, Any]) -> dict[str, Any]:
    """What was kept of a report, of this release or of one before, in the shape of ``report_as_json``."""
    if "looked_at" in told:
        return dict(told)
    common = {"image": 0, "kind": "attended", "extent_xywh": told.get("extent_xywh")}

    def mended(entry: dict[str, Any]) -> dict[str, Any]:
        return {**entry, "map": {**common, **entry["map"]}} if entry.get("map") else entry

    rest = {name: value for name, value in told.items() if name != "extent_xywh"}
    return {
        **rest,
        "sentences": [mended(one) for one in told.get("sentences", ())],
        "regions": [{"image": 0, **mended(one)} for one in told.get("regions", ())],
        "looked_at": [0],
        "abilities": ["gradient"],  # what every model of those releases could
    }


def with_map_files(told: dict[str, Any], files: MapFiles) -> dict[str, Any]:
    """``told`` (of ``report_as_json``) with ``"map"`` and ``"gradcam"``: the path of the file beside what it shows."""

    def named(entries: list[dict[str, Any]], key: str, paths: Sequence[Path | None]) -> list[dict[str, Any]]:
        if not paths:
            return entries
        return [
            entry if path is None else {**entry, key: str(path)}
            for entry, path in zip(entries, paths, strict=True)
        ]

    sentences = named(told["sentences"], "map", files.sentences)
    return {
        **told,
        "sentences": named(sentences, "gradcam", files.gradcams),
        "regions": named(told["regions"], "map", files.regions),
    }
