"""Candidate and live version write reports for the same studies; every figure of both is set side by side.

Two sets: the held-out studies that readers have signed, and a frozen base set of phantoms that shows what was
forgotten. Decides nothing: that is the gate's. Both versions write greedily, so the result can be had again.
"""

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from feedback_db import versions
from train import candidate, snapshot
from train.bootstrap import Comparison, compare
from train.drafting import draft_texts
from train.errors import BrokenJobFolder
from train.examples import BASE_SET_SEEDS, Example, phantom_examples
from train.figures import FIGURES
from train.job import Job, write_json

# Which figures each set is measured by. How the base set's reports are worded may change on purpose, so of
# radcliq_lite there only the table tells.
SETS = {"held_out": tuple(FIGURES), "base": ("label_f1", "errors", "radcliq_lite")}


def measure(
    texts: Sequence[str],
    live_texts: Sequence[str],
    references: Sequence[str],
    names: Sequence[str],
    *,
    resamples: int,
) -> dict[str, dict[str, Any]]:
    """Each figure's comparison by name, with ``reference``: the same figure of the references themselves."""
    measured = {}
    for name in names:
        figure = FIGURES[name]
        compared = compare(
            figure.count(texts, references),
            figure.count(live_texts, references),
            figure.statistic,
            resamples=resamples,
        )
        own = compare(
            figure.count(references, references), figure.count(references, references), figure.statistic
        )
        measured[name] = {**dataclasses.asdict(compared), "reference": own.candidate}
    return measured


def _texts(job: Job, folder: Path, examples: Sequence[Example]) -> list[str]:
    model, processor = candidate.load(folder, job.settings.device)
    return draft_texts(
        model,
        processor,
        examples,
        batch_size=job.config.evaluate.batch_size,
        max_new_tokens=job.config.grpo.max_new_tokens,
    )


def table(results: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows that pages and benchmarks print; ``difference`` is candidate − live."""
    rows = []
    for set_name, found in results["sets"].items():
        for name, values in found["figures"].items():
            compared = Comparison(**{f.name: values[f.name] for f in dataclasses.fields(Comparison)})
            figure = FIGURES[name]
            rows.append(
                {
                    "set": set_name,
                    "metric": figure.title if set_name == "held_out" else f"{figure.title} (base set)",
                    "direction": figure.direction,
                    "candidate": compared.candidate,
                    "live": compared.live,
                    "difference": compared.difference,
                    "ci95": [compared.low, compared.high],
                    "n": compared.n,
                }
            )
    return rows


def run(job: Job) -> dict[str, Any]:
    """Compare the candidate with the version that is live now; the summary holds every figure of both sets."""
    made = job.folder.path / job.folder.result("grpo")["model"]
    with job.database.reading_session() as session:
        live = versions.live(session)
    live_folder = candidate.weights_folder(job.settings.model_path(live.folder))
    size = candidate.image_size(live_folder)
    held_out = snapshot.held_out_examples(job, size)
    first = BASE_SET_SEEDS
    base = phantom_examples(range(first, first + job.config.evaluate.base_set), size)
    everything = held_out + base
    if not everything:
        raise BrokenJobFolder("There is no study to compare the two versions on.")
    texts = {}
    for step, (who, folder) in enumerate([("candidate", made), ("live", live_folder)], 1):
        job.events.record("progress", "evaluate", step=step, total=3, data={"message": f"The {who} writes."})
        texts[who] = _texts(job, folder, everything)
    results: dict[str, Any] = {"live_id": live.id, "live": live.number, "sets": {}}
    cut = len(held_out)
    for name, chosen in (("held_out", slice(0, cut)), ("base", slice(cut, None))):
        examples = everything[chosen]
        figures = {}
        if examples:
            references = [example.reference or "" for example in examples]
            figures = measure(
                texts["candidate"][chosen],
                texts["live"][chosen],
                references,
                SETS[name],
                resamples=job.config.evaluate.resamples,
            )
        results["sets"][name] = {"n": len(examples), "figures": figures}
    written = [
        {
            "study": example.key,
            "reference": example.reference,
            "candidate": texts["candidate"][index],
            "live": texts["live"][index],
        }
        for index, example in enumerate(everything)
    ]
    write_json(job.folder.stage("evaluate") / "texts.json", written)
    job.events.record("progress", "evaluate", step=3, total=3, data={"message": "Both are scored."})
    return results
