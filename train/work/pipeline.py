"""One job from the first stage to the last: skips what is finished, says what it does, ends with a version.

Knows the order of the stages and nothing of what they do. Runs in the process that calls it; ``worker`` starts one
for it.
"""

import importlib
import time
from typing import Any

from train.launch.processes import SHARED_STAGES, is_first, wait_for
from train.work.job import STAGES, Job, read_json, write_json

# Each is a module with ``run(job)``.
MODULES = {
    "snapshot": "train.data.snapshot",
    "sft": "train.stages.sft",
    "preference": "train.stages.preference",
    "dpo": "train.stages.dpo",
    "grpo": "train.stages.grpo",
    "evaluate": "train.judge.evaluate",
    "gate": "train.judge.gate",
}


def run_stage(job: Job, name: str) -> dict[str, Any]:
    """Run one stage, unless it is finished; returns what it said of itself."""
    done = job.folder.finished(name)
    if done is not None:
        _tell(job, name, "finished before", done)
        return done
    if not is_first() and name not in SHARED_STAGES:
        wait_for(job.folder.path / name / "done.json")
        return job.folder.result(name)
    _tell(job, name, "begins", {})
    start, start_cpu = time.monotonic(), time.process_time()
    # Imported only now, because most of them import torch.
    summary = importlib.import_module(MODULES[name]).run(job)
    summary = {
        **summary,
        "seconds": round(time.monotonic() - start, 1),
        "processor_seconds": round(time.process_time() - start_cpu, 1),
    }
    if not is_first():
        wait_for(job.folder.path / name / "done.json")
        return job.folder.result(name)
    job.folder.finish(name, summary)
    _tell(job, name, "finished", summary)
    return summary


def run(job: Job) -> dict[str, Any]:
    """All stages, then the version; the outcome is also written to ``outcome.json``."""
    for name in STAGES:
        run_stage(job, name)
    if not is_first():
        wait_for(job.folder.path / "outcome.json")
        return dict(read_json(job.folder.path / "outcome.json"))
    from train.work.publish import publish
    from train.work.retention import clear_weights

    outcome = publish(job)
    for what in ("seconds", "processor_seconds"):
        outcome[what] = {name: job.folder.result(name).get(what) for name in STAGES}
    write_json(job.folder.path / "outcome.json", outcome)
    clear_weights(job.folder)
    job.events.record(
        "result",
        "gate",
        data={key: outcome[key] for key in ("table", "decision", "reasons", "version", "candidate_id")},
    )
    return outcome


def _tell(job: Job, name: str, state: str, summary: dict[str, Any]) -> None:
    """An event for the state of a stage, with the parts of its summary that fit on a line."""
    brief = {key: value for key, value in summary.items() if isinstance(value, str | int | float | bool)}
    seconds = f" after {brief['seconds']:.0f} s" if state == "finished" else ""
    message = f"{name} {'was ' if state == 'finished before' else ''}{state}{seconds}"
    job.events.record("stage", name, data={"state": state, "message": message, **brief})
