"""One job from the first stage to the last: skips what is finished, says what it does, ends with a version.

Knows which stage is which module, and nothing about what they do. Runs in the process that calls it; ``worker`` starts
one for it.
"""

import importlib
import time
from dataclasses import asdict, replace

from train.errors import BrokenSettings
from train.launch.processes import SHARED_STAGES, is_first, wait_for
from train.work.job import Job, Times, read_json, write_json
from train.work.results import RESULTS, Outcome, Result, as_json, from_json

# Each is a module with ``run(job)``.
MODULES = {
    "snapshot": "train.data.snapshot",
    "sft": "train.stages.sft",
    "preference": "train.stages.fit_scorer",
    "dpo": "train.stages.dpo",
    "grpo": "train.stages.grpo",
    "evaluate": "train.judge.evaluate",
    "gate": "train.judge.gate",
}


def run_stage(job: Job, name: str) -> Result:
    """Run one stage, unless it is finished; returns what it said of itself.

    Raises:
        BrokenSettings: the job's configuration does not name this stage.
    """
    if name not in job.config.stages:
        raise BrokenSettings(
            f"This job does not take the stage “{name}”: its setting “learn” names {', '.join(job.config.learn)}. "
            "Name it there."
        )
    kind = RESULTS[name]
    if job.folder.finished(name):
        done = job.folder.result(kind)
        _tell(job, done, "finished before", job.folder.times(name))
        return done
    if not is_first() and name not in SHARED_STAGES:
        wait_for(job.folder.path / name / "done.json")
        return job.folder.result(kind)
    job.events.record("stage", name, data={"state": "begins", "message": f"{name} begins"})
    start, start_cpu = time.monotonic(), time.process_time()
    # Imported only now, because most of them import torch.
    result: Result = importlib.import_module(MODULES[name]).run(job)
    times = Times(round(time.monotonic() - start, 1), round(time.process_time() - start_cpu, 1))
    if not is_first():
        wait_for(job.folder.path / name / "done.json")
        return job.folder.result(kind)
    job.folder.finish(result, times)
    _tell(job, result, "finished", times)
    return result


def run(job: Job) -> Outcome:
    """All stages, then the version; the outcome is also written to ``outcome.json``."""
    if job.config.scorers == "published":  # what it will be judged by is asked for before hours of training
        from train.judge import judged_by

        judged_by.rewarded(job)
    for name in job.config.stages:
        run_stage(job, name)
    if not is_first():
        wait_for(job.folder.path / "outcome.json")
        return from_json(Outcome, read_json(job.folder.path / "outcome.json"))
    from train.work.publish import publish
    from train.work.retention import clear_weights

    took = {name: job.folder.times(name) for name in job.config.stages}
    outcome = replace(
        publish(job),
        seconds={name: one.seconds for name, one in took.items()},
        processor_seconds={name: one.processor_seconds for name, one in took.items()},
    )
    told = as_json(outcome)
    write_json(job.folder.path / "outcome.json", told)
    clear_weights(job.folder)
    job.events.record(
        "result",
        "gate",
        data={key: told[key] for key in ("table", "decision", "reasons", "version", "candidate_id")},
    )
    return outcome


def _tell(job: Job, result: Result, state: str, times: Times) -> None:
    """An event for the state of a stage, with the parts of its result that fit on a line."""
    said = {**as_json(result), **asdict(times)}
    brief = {key: value for key, value in said.items() if isinstance(value, str | int | float | bool)}
    after = f" after {times.seconds:.0f} s" if state == "finished" else ""
    message = f"{result.STAGE} {'was ' if state == 'finished before' else ''}{state}{after}"
    job.events.record("stage", result.STAGE, data={"state": state, "message": message, **brief})
