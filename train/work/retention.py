"""Keeps the disk from filling up: weights that nobody can go back to are cleared away, their rows never.

A version's row, its configuration, its evaluation and its audit stay for ever; only the folder with its weights goes.
What is live, and what a roll back could reach, is never touched. Knows nothing about training.
"""

import shutil

from feedback_db.settings import Settings
from feedback_db.store.database import Database
from feedback_db.training import versions
from train.work.job import STAGES, JobFolder

# Inside a stage's folder: what can be made again from the snapshot, and is large.
_HEAVY = ("model", "checkpoints", "phase-*")


def clear_old_versions(database: Database, settings: Settings, keep: int) -> list[str]:
    """Remove the weights of versions that were never live, or were rolled back, beyond the newest ``keep``.

    Returns the numbers of the versions whose folders went.
    """
    with database.reading_session() as session:
        reachable = set(versions.stack(session))
        spare = [
            version
            for version in versions.history(session)
            if version.parent_id is not None and version.id not in reachable
        ]
    cleared = []
    for version in spare[keep:]:
        folder = settings.data_folder / version.folder
        if folder.is_dir() and folder.is_relative_to(settings.data_folder / "versions"):
            shutil.rmtree(folder)
            cleared.append(version.number)
    return cleared


def clear_weights(folder: JobFolder) -> None:
    """Remove models and checkpoints from a job's folder; what it used, did and said stays."""
    for stage in STAGES:
        for pattern in _HEAVY:
            for path in (folder.path / stage).glob(pattern):
                shutil.rmtree(path, ignore_errors=True)
