"""A job's folder: where each stage keeps its files, and which stages are done.

    jobs/<id>/
        config.json     the TrainingConfig
        events.jsonl    what happened, a line each
        worker.log      what the processes printed
        snapshot/ sft/ preference/ dpo/ grpo/ evaluate/ gate/    each with done.json once it is finished
        outcome.json    how it ended well; failure.json why it did not

Knows nothing about queries or models. A stage is finished exactly when its ``done.json`` exists, which is written last
and in one piece: a resumed job skips finished stages and starts the others afresh or from their checkpoint.
"""

import dataclasses
import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from feedback_db.settings import Settings
from feedback_db.store.database import Database
from feedback_db.training import configuration
from feedback_db.training.configuration import TrainingConfig
from lmrrg.reporters.registry import folder_of
from train.errors import BrokenJobFolder
from train.work.events import Events
from train.work.results import (
    RESULTS,
    FineTuned,
    Preferring,
    R,
    Reinforced,
    Result,
    Taken,
    as_json,
    from_json,
)

# Every stage that there is. A job's configuration says which of them it takes, and in which order.
STAGES = tuple(RESULTS)


def write_json(path: Path, content: Any) -> None:
    """Write ``content`` as ``write_whole`` does."""
    write_whole(path, json.dumps(content, ensure_ascii=False, indent=1))


def write_whole(path: Path, text: str) -> None:
    """Write ``text`` in one piece: a reader sees the old file or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    with partial.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def read_json(path: Path) -> Any:
    """The content of a JSON file. Raises ``BrokenJobFolder`` where it is missing or damaged."""
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BrokenJobFolder(
            f"{path.name} of this job cannot be read ({error}). Start a new retrain."
        ) from error


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds of wall time and of processor time."""

    seconds: float
    processor_seconds: float


@dataclass(frozen=True, slots=True)
class JobFolder:
    """The folder of one job."""

    path: Path

    def stage(self, name: str) -> Path:
        """The folder of a stage, made where it is not there yet."""
        folder = self.path / name
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def finished(self, name: str) -> bool:
        """Whether a stage is finished."""
        return (self.path / name / "done.json").exists()

    def result(self, kind: type[R]) -> R:
        """What a stage said of itself. Raises ``BrokenJobFolder`` where it is not finished, or its word is damaged."""
        if not self.finished(kind.STAGE):
            raise BrokenJobFolder(
                f"The stage “{kind.STAGE}” has not been run in this job folder; run it first."
            )
        said = read_json(self.path / kind.STAGE / "done.json")
        try:
            return from_json(kind, said)
        except ValueError as error:
            raise BrokenJobFolder(
                f"What the stage “{kind.STAGE}” said of itself cannot be understood. Start a new retrain."
            ) from error

    def times(self, name: str) -> Times:
        """What a finished stage took."""
        said = read_json(self.path / name / "done.json")
        return Times(said.get("seconds", 0.0), said.get("processor_seconds", 0.0))

    def finish(self, result: Result, times: Times = Times(0.0, 0.0)) -> None:
        """Mark a stage as finished."""
        write_json(self.path / result.STAGE / "done.json", {**as_json(result), **dataclasses.asdict(times)})

    def forget(self, name: str) -> None:
        """Remove a stage that is finished, and all that later stages have made of it; one that is not stays.

        Its checkpoints and parts would otherwise be taken up again as if nothing had changed.
        """
        if not self.finished(name):
            return
        stages = self.config().stages
        later = stages[stages.index(name) + 1 :] if name in stages else ()
        for stage in (name, *later):
            shutil.rmtree(self.path / stage, ignore_errors=True)

    def write_config(self, config: TrainingConfig) -> None:
        write_json(self.path / "config.json", config.model_dump(mode="json"))

    def config(self) -> TrainingConfig:
        """The job's configuration; the defaults where none was written."""
        path = self.path / "config.json"
        return configuration.read(read_json(path)) if path.exists() else TrainingConfig()


@dataclass(frozen=True, slots=True)
class Job:
    """All that a stage works with.

    Attributes:
        number: id of the job's row; None for a folder that a user drives stage by stage.
    """

    folder: JobFolder
    config: TrainingConfig
    events: Events
    settings: Settings
    database: Database
    number: int | None = None

    def model_before(self, stage: str) -> Path:
        """The folder of the model that the stages before ``stage`` have made, else of the version that was live.

        Raises:
            BrokenJobFolder: one of them has not been run.
        """
        stages = self.config.stages
        for name in reversed(stages[: stages.index(stage)]):
            kind = RESULTS[name]
            if issubclass(kind, FineTuned | Preferring | Reinforced):
                return self.folder.path / self.folder.result(kind).model
        return folder_of(self.folder.result(Taken).model, self.settings.data_folder)
