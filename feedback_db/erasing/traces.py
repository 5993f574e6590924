"""What lies of a patient outside of the database: pixels, originals, and what training jobs kept of their readings.

A job's folder is known by the lines of its snapshot and of its held-out studies, each with a ``study_id``. Knows
nothing about how a job works.
"""

import json
import shutil
from collections.abc import Collection, Iterator
from pathlib import Path

from feedback_db.erasing.rows import Belongings

# Of a job that knew the patient these stay: they hold figures and settings, no text and no study.
_KEPT_OF_A_JOB = ("config.json", "outcome.json")
_LEARNED_FROM = ("readings.jsonl", "preferences.jsonl", "unread.jsonl")
_JUDGED_BY = "held_out.json"


def jobs_that_learned(data_folder: Path, studies: Collection[int]) -> list[int]:
    """The numbers of the jobs whose snapshot holds one of these studies."""
    return [
        int(folder.name)
        for folder in _jobs(data_folder)
        if any(_names_one(folder / "snapshot" / name, studies) for name in _LEARNED_FROM)
    ]


def jobs_that_know(data_folder: Path, studies: Collection[int]) -> list[int]:
    """Those, and the jobs that were judged by one of these studies."""
    judged = [
        int(folder.name)
        for folder in _jobs(data_folder)
        if _names_one(folder / "evaluate" / _JUDGED_BY, studies)
    ]
    return sorted({*jobs_that_learned(data_folder, studies), *judged})


def jobs_with_a_snapshot(data_folder: Path) -> set[int]:
    """The numbers of the jobs of which it is known what they learned from."""
    return {
        int(folder.name) for folder in _jobs(data_folder) if (folder / "snapshot" / _LEARNED_FROM[0]).exists()
    }


def remove(data_folder: Path, what: Belongings) -> None:
    """Remove the pixels and originals, and all of the jobs that knew them but their figures and settings.

    Where it is interrupted it can be called again.
    """
    for folder in what.folders:
        _remove(data_folder / folder)
    for content in what.contents:
        _remove(data_folder / "originals" / content)
    for number in jobs_that_know(data_folder, what.studies):
        job = data_folder / "jobs" / str(number)
        # The snapshot last: as long as it is there the job is known by it.
        for path in sorted(job.iterdir(), key=lambda path: path.name in ("snapshot", "evaluate")):
            if path.name not in _KEPT_OF_A_JOB:
                _remove(path)


def _jobs(data_folder: Path) -> Iterator[Path]:
    folder = data_folder / "jobs"
    if folder.is_dir():
        yield from sorted(path for path in folder.iterdir() if path.name.isdecimal())


def _names_one(path: Path, studies: Collection[int]) -> bool:
    """Whether a file of one row a line, or of a list of rows, is of one of these studies.

    One that cannot be read counts as if: what was not understood is not taken for harmless.
    """
    if not path.exists():
        return False
    try:
        content = path.read_text("utf-8")
        rows = json.loads(content) if path.suffix == ".json" else map(json.loads, content.split("\n"))
        return any(row["study_id"] in studies for row in rows) if content.strip() else False
    except (OSError, ValueError, KeyError, TypeError):
        return True


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
