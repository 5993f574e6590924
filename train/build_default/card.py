"""Writes the model card from what was measured. Has no figures of its own."""

import math
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from train.build_default.evaluation import Reading
from train.build_default.stages import Stage

HEADER = """\
---
license: apache-2.0
library_name: transformers
pipeline_tag: image-text-to-text
tags: [radiology, chest-x-ray, report-generation, demonstration]
---

# The default model

**A demonstration model trained on synthetic radiographs. Not for clinical use.** It shows what the program does
and runs on any laptop. Its regions are meant to hold on real radiographs; its findings are those of procedurally
drawn radiographs (phantoms), and on a real radiograph its report must not be believed.

Trained without any patient's image or report. Made by `python -m train build-default` with the recipe below.
"""

LIMITS = """\
## Limits

- Frontal adult radiographs only; a lateral view gets a report that means nothing.
- It knows the phantoms' findings, severities and turns of phrase, and nothing else.
- It compares with a prior's report, not with its image.
- Figures on radiographs of patients and the speed are measured by `python -m benchmarks.model.default_model` and
  `python -m benchmarks.speed.first_report`; their tables lie beside the scripts.
"""


def write_card(
    folder: Path,
    *,
    tables: Mapping[str, Mapping[str, Mapping[str, float]]],
    said_of_itself: Mapping[str, float],
    recipe: Mapping[str, str],
    stages: list[Stage],
    examples: list[Reading],
    remarks: str = "",
) -> None:
    """Write ``MODEL_CARD.md`` into ``folder``.

    ``tables`` are site → column → measure → value; ``said_of_itself`` is what ``calibration`` measured.
    """
    lines = [HEADER, "## Recipe", ""]
    lines += [f"- {name.replace('_', ' ')}: {value}" for name, value in recipe.items()]
    lines += [f"- stage `{s.name}`: {asdict(s)}" for s in stages]
    lines += ["", remarks.strip()] if remarks.strip() else []
    for title, columns in tables.items():
        lines += ["", f"## Measured on held-out phantoms of {title}", "", *_table(columns)]
    lines += ["", "`radcliq_lite` is lower-is-better, the rest of the report figures higher-is-better.", ""]
    lines += ["## What it says of itself, on phantoms drawn as for training and held out", ""]
    lines += _table({"value": said_of_itself})
    lines += ["", "## Examples", ""]
    for reading in examples:
        lines += [f"- reference: {reading.reference}", f"  draft: {reading.report.text}"]
    lines += ["", LIMITS]
    (folder / "MODEL_CARD.md").write_text("\n".join(lines), "utf-8")


def _table(columns: Mapping[str, Mapping[str, float]]) -> list[str]:
    measures = list(dict.fromkeys(measure for column in columns.values() for measure in column))
    lines = ["| measure | " + " | ".join(columns) + " |", "|---|" + "---:|" * len(columns)]
    for measure in measures:
        values = [column.get(measure, math.nan) for column in columns.values()]
        cells = ["" if math.isnan(value) else f"{value:.3f}" for value in values]
        lines.append(f"| {measure} | " + " | ".join(cells) + " |")
    return lines
