"""A report as JSON: for the command line, for the page, and for the database. Knows no file."""

import base64
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from lmrrg.notices import as_json
from lmrrg.report import Report
from lmrrg.reporters.map_files import MapFiles


def map_as_json(grid: NDArray[np.float32]) -> dict[str, Any]:
    """A map in 0 … 1 as ``{"rows", "columns", "values"}``; values are base64 of one byte per cell, row by row."""
    values = np.round(np.clip(grid, 0, 1) * 255).astype(np.uint8)
    return {
        "rows": int(grid.shape[0]),
        "columns": int(grid.shape[1]),
        "values": base64.b64encode(values.tobytes()).decode("ascii"),
    }


def report_as_json(report: Report, *, maps: bool = False) -> dict[str, Any]:
    """The report in plain types; with ``maps`` each region and sentence also carries its map on the grid."""

    def with_map(entry: dict[str, Any], grid: NDArray[np.float32] | None) -> dict[str, Any]:
        return {**entry, "map": map_as_json(grid)} if maps and grid is not None else entry

    result: dict[str, Any] = {
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
    }
    if maps:
        result["extent_xywh"] = [round(v, 3) for v in report.extent_xywh]
    return result


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
