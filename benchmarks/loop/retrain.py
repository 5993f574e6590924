"""A small retrain from end to end: seconds per stage, and whether it helped.

    python -m benchmarks.loop.retrain [--readings 24] [--held-out 12] [--style structured] [--site A] [--keep FOLDER]

A simulated reader signs phantoms in a style of their own; then ``python -m train`` does all that the button on the
training page does. Readings, seeds and settings are fixed; only the split of patients depends on the fresh secret of
each run's data folder. Processor seconds tell the cost on a machine that others use as well.
"""

import argparse
import logging
import tempfile
import time
from pathlib import Path

from benchmarks.loop import simulated_readers
from feedback_db.settings import Settings
from feedback_db.store.database import Database
from feedback_db.training import jobs
from feedback_db.training.configuration import TrainingConfig
from train.__main__ import format_outcome
from train.work.worker import Worker


def main() -> int:
    """Seed, retrain, print; exit status 1 where the job failed."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--readings", type=int, default=24)
    parser.add_argument("--held-out", type=int, default=12)
    parser.add_argument("--choices", type=int, default=12)
    parser.add_argument("--style", default="structured")
    parser.add_argument("--site", default="A")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--model", default="default")
    parser.add_argument("--config", type=Path, help="a TrainingConfig as JSON")
    parser.add_argument("--keep", type=Path, help="a data folder to leave behind; a fresh one is thrown away")
    given = parser.parse_args()
    logging.basicConfig(level=logging.WARNING)
    with tempfile.TemporaryDirectory() as fresh:
        return retrain(given, given.keep or Path(fresh))


def retrain(given: argparse.Namespace, folder: Path) -> int:
    """Run it in the data folder ``folder``."""
    settings = Settings(data_folder=folder, model=given.model)
    database = Database.open(settings.database_url, settings.data_folder)
    start = time.monotonic()
    simulated_readers.seed_database(
        database,
        settings,
        readings_wanted=given.readings,
        held_out_wanted=given.held_out,
        choices=given.choices,
        style=given.style,
        site=given.site,
        seed=given.seed,
    )
    print(
        f"{given.readings} readings and {given.held_out} held-out ones at site {given.site}, style {given.style}: "
        f"made in {time.monotonic() - start:.0f} s",
        flush=True,
    )
    config = (
        TrainingConfig.model_validate_json(given.config.read_text("utf-8"))
        if given.config
        else TrainingConfig()
    )
    with database.session() as session:
        asked = config.model_dump(mode="json")
        number = jobs.enqueue(
            session, requested_by=None, config=asked, reason="settings that are tried out"
        ).id
    start = time.monotonic()
    Worker(database, settings).run(until_idle=True)
    whole = time.monotonic() - start
    with database.reading_session() as session:
        job = jobs.get(session, job_id=number)
    database.close()
    if job.status != "succeeded":
        print(f"{job.status}: {job.reason}")
        return 1
    print(format_outcome(job.outcome))
    print("Processor seconds: " + ", ".join(f"{k} {v}" for k, v in job.outcome["processor_seconds"].items()))
    print(f"Whole job, with starting Python: {whole:.0f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
