"""What a job reports while it runs: stages, progress, samples of text, results.

The web page draws its curves from these. Every event goes into the job folder; if the job is a row of the database,
into that too. Does not know what the numbers mean.
"""

import json
import math
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, Protocol

from feedback_db.store.database import Database
from feedback_db.training import jobs

Kind = Literal["stage", "progress", "log", "sample", "result"]


class Events(Protocol):
    """Where a job's events go."""

    def record(
        self,
        kind: Kind,
        stage: str,
        *,
        step: int = 0,
        total: int = 0,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        """Keep one event; ``step`` of ``total`` counts within the stage."""


def finite(data: Any) -> Any:
    """``data`` with every number that JSON cannot carry (NaN, infinity) turned to None."""
    if isinstance(data, float):
        return data if math.isfinite(data) else None
    if isinstance(data, Mapping):
        return {str(key): finite(value) for key, value in data.items()}
    if isinstance(data, list | tuple):
        return [finite(value) for value in data]
    return data


class NoEvents:
    """Of several processes at one job, all but the first say nothing."""

    def record(
        self,
        kind: Kind,
        stage: str,
        *,
        step: int = 0,
        total: int = 0,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        pass


class FileEvents:
    """Appends each event as a line of JSON to a file."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path

    def record(
        self,
        kind: Kind,
        stage: str,
        *,
        step: int = 0,
        total: int = 0,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        event = {
            "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "kind": kind,
            "stage": stage,
            "step": step,
            "total": total,
            "data": finite(data or {}),
        }
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(event, ensure_ascii=False) + "\n")


class DatabaseEvents:
    """Writes each event to the job's row in the database, and to a file as well."""

    def __init__(self, database: Database, job_id: int, file: FileEvents) -> None:
        self.database, self.job_id, self.file = database, job_id, file

    def record(
        self,
        kind: Kind,
        stage: str,
        *,
        step: int = 0,
        total: int = 0,
        data: Mapping[str, Any] | None = None,
    ) -> None:
        self.file.record(kind, stage, step=step, total=total, data=data)
        with self.database.session() as session:
            jobs.add_event(
                session,
                job_id=self.job_id,
                kind=kind,
                stage=stage,
                step=step,
                total=total,
                data=finite(data or {}),
            )
