"""``python -m train``: retrain, work through waiting jobs, or drive a job folder stage by stage.

    retrain                     ask for a job, do it here, print the gate's table
    worker [--until-idle] [--accelerate FILE]    do the jobs that were asked for on the training page
    snapshot|sft|preference|dpo|grpo|evaluate|gate FOLDER    one stage over a job folder
    build-default …             make the model that ships with the package

Data folder, database, model and device come from ``LMRRG_…`` and ``.env``, like everywhere.
"""

import argparse
import importlib
import json
import logging
import os
import sys
from pathlib import Path
from typing import Any

from feedback_db.errors import BrokenConfiguration, FeedbackError
from feedback_db.settings import Settings
from feedback_db.store.database import Database
from feedback_db.store.in_use import InUse
from feedback_db.store.private_folder import keep_private
from feedback_db.training import configuration, jobs
from feedback_db.training.configuration import TrainingConfig
from lmrrg.errors import LmrrgError
from train.errors import BrokenSettings, TrainingError
from train.work.events import FileEvents
from train.work.job import STAGES, Job, JobFolder
from train.work.results import as_json
from train.work.worker import RUN_JOB, Worker, only_worker, under_accelerate


def _config(path: Path | None) -> TrainingConfig:
    """The settings in a file, the defaults without one. Raises ``BrokenSettings``."""
    if path is None:
        return TrainingConfig()
    try:
        return configuration.read(json.loads(path.read_text("utf-8")))
    except BrokenConfiguration as error:
        raise BrokenSettings(f"{path} cannot be used. {' '.join(error.faults)}") from error
    except (OSError, ValueError) as error:
        raise BrokenSettings(
            f"{path} cannot be used: it is no JSON file that can be read ({error})."
        ) from error


def retrain(settings: Settings, config: TrainingConfig, reason: str = "") -> int:
    """Ask for a job and do it at once; prints its result. ``reason``: why its settings widen the gate."""
    database = Database.open(settings.database_url, settings.data_folder)
    try:
        with database.session() as session:
            asked = config.model_dump(mode="json")
            row = jobs.enqueue(session, requested_by=None, config=asked, reason=reason)
        print(f"Job {row.id}; its files lie in {settings.data_folder / 'jobs' / str(row.id)}.", flush=True)
        if not Worker(database, settings).run(until_idle=True):
            with only_worker(settings.data_folder, wait=0) as alone:
                if not alone:
                    print("Another worker is at work and will do it in turn.")
                    return 0
        with database.reading_session() as session:
            done = jobs.get(session, job_id=row.id)
    finally:
        database.close()
    if done.status != "succeeded":
        print(f"Job {done.id} {done.status}: {done.reason}", file=sys.stderr)
        return 1
    print(format_outcome(done.outcome))
    return 0


def format_outcome(outcome: dict[str, Any]) -> str:
    """The gate's table and its reasons as plain text."""
    lines = [f"{'':44} {'candidate':>9} {'live':>9} {'change':>9}   95 % interval      n"]
    for row in outcome["table"]:
        low, high = row["ci95"]
        lines.append(
            f"{row['metric']:44} {row['candidate']:9.3f} {row['live']:9.3f} {row['difference']:+9.3f}   "
            f"{low:+.3f} … {high:+.3f}  {row['n']:4d}"
        )
    lines.append(f"Version {outcome['version']}: {outcome['decision']}.")
    lines += [f"  {reason}" for reason in outcome["reasons"]]
    lines.append("Seconds: " + ", ".join(f"{name} {value}" for name, value in outcome["seconds"].items()))
    return "\n".join(lines)


def run_stage(stage: str, folder: Path, settings: Settings, config: TrainingConfig | None) -> int:
    """One stage over a job folder; prints what it says of itself.

    A stage that was finished before is forgotten with all that was built on it, and begins anew.
    """
    from train.work import pipeline

    job_folder = JobFolder(folder)
    if config is not None:
        job_folder.write_config(config)
    database = Database.open(settings.database_url, settings.data_folder)
    try:
        events = FileEvents(folder / "events.jsonl")
        job = Job(job_folder, job_folder.config(), events, settings, database)
        job_folder.forget(stage)
        print(json.dumps(as_json(pipeline.run_stage(job, stage)), ensure_ascii=False, indent=1))
    finally:
        database.close()
    return 0


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status."""
    given_arguments = sys.argv[1:] if arguments is None else arguments
    parser = argparse.ArgumentParser(prog="python -m train", description=__doc__.split("\n", 1)[0])
    commands = parser.add_subparsers(dest="command", required=True)
    once = commands.add_parser("retrain", help="ask for a job and do it here")
    once.add_argument("--config", type=Path, help="a TrainingConfig as JSON; the defaults otherwise")
    once.add_argument("--reason", default="", help="why, where it lets through what the gate stops otherwise")
    work = commands.add_parser("worker", help="do the jobs that wait")
    work.add_argument("--until-idle", action="store_true", help="go when no job waits or runs")
    work.add_argument(
        "--accelerate", type=Path, metavar="FILE", help="start each job with accelerate launch and this file"
    )
    for stage in STAGES:
        one = commands.add_parser(stage, help=f"only the stage “{stage}”, over a job folder")
        one.add_argument("folder", type=Path)
        one.add_argument("--config", type=Path, help="a TrainingConfig as JSON; the folder's own otherwise")
        if stage == "evaluate":
            one.add_argument(
                "--published",
                type=Path,
                nargs="+",
                metavar="FOLDER",
                help="judge by published scorers, with their weights in these folders (docs/metrics.md)",
            )
    child = commands.add_parser("run-job")  # what a worker starts; no use by hand
    child.add_argument("job", type=int)
    if given_arguments[:1] == ["build-default"]:
        importlib.import_module("train.build_default.command").add_parser(commands)
    else:
        commands.add_parser("build-default", help="make the model that ships with the package")
    given = parser.parse_args(given_arguments)
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(name)s %(message)s")
    settings = Settings()
    try:
        if given.command == "build-default":  # what it makes is for everybody
            return int(given.run(given))
        keep_private(settings.data_folder)
        with InUse(settings.data_folder):
            return _run(given, settings)
    except (TrainingError, FeedbackError, LmrrgError) as error:
        print(error, file=sys.stderr)
        return 1


def _run(given: argparse.Namespace, settings: Settings) -> int:
    if given.command == "retrain":
        return retrain(settings, _config(given.config), given.reason)
    if given.command == "worker":
        database = Database.open(settings.database_url, settings.data_folder)
        command = under_accelerate(given.accelerate) if given.accelerate else RUN_JOB
        try:
            Worker(database, settings, command).run(until_idle=given.until_idle)
        finally:
            database.close()
        return 0
    if given.command == "run-job":
        from train.work.child import run_job

        parent = os.environ.get("LMRRG_WORKER_PID")
        return run_job(given.job, settings, parent=int(parent) if parent else None)
    config = _config(given.config) if given.config else None
    if getattr(given, "published", None):
        settings.published = os.pathsep.join(map(str, given.published))
        config = (config or JobFolder(given.folder).config()).model_copy(update={"scorers": "published"})
    return run_stage(given.command, given.folder, settings, config)


if __name__ == "__main__":
    sys.exit(main())
