"""Writes the model card from what was measured. Knows no figure of its own."""

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
- It sees one image without its prior and does not compare.
- Its confidence is the geometric mean of token probabilities and has not been calibrated.
"""


def write_card(
    folder: Path,
    *,
    figures: Mapping[str, Mapping[str, float]],
    recipe: Mapping[str, str],
    stages: list[Stage],
    examples: list[Reading],
) -> None:
    """Write ``MODEL_CARD.md`` into ``folder``."""
    lines = [HEADER, "## Recipe", ""]
    lines += [f"- {name.replace('_', ' ')}: {value}" for name, value in recipe.items()]
    lines += [f"- stage `{s.name}`: {asdict(s)}" for s in stages]
    lines += ["", "## Measured on held-out phantoms of the training sites", ""]
    names = list(figures)
    measures = list(dict.fromkeys(m for column in figures.values() for m in column))
    lines += ["| measure | " + " | ".join(names) + " |", "|---|" + "---:|" * len(names)]
    for measure in measures:
        cells = [f"{figures[n][measure]:.3f}" if measure in figures[n] else "" for n in names]
        lines.append(f"| {measure} | " + " | ".join(cells) + " |")
    lines += ["", "`radcliq_lite` is lower-is-better, the rest of the report figures higher-is-better.", ""]
    lines += ["## Examples", ""]
    for reading in examples:
        lines += [f"- reference: {reading.reference}", f"  draft: {reading.report.text}"]
    lines += ["", LIMITS]
    (folder / "MODEL_CARD.md").write_text("\n".join(lines), "utf-8")
