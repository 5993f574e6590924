"""Leaves out what a job cannot learn from, since the stored image is lost. Does not know what a snapshot holds."""

from collections.abc import Sequence, Set
from typing import TypeVar

from feedback_db.reading.preferences import PreferencePair
from feedback_db.reading.readings import SignedReading
from feedback_db.training.unread import UnreadStudy
from lmrrg.errors import UnreadableFile
from lmrrg.imaging.door import archive
from train.work.job import Job

Row = TypeVar("Row", SignedReading, PreferencePair, UnreadStudy)


def with_images(rows: Sequence[Row], job: Job, missed: set[int]) -> list[Row]:
    """Those whose image is there and whole; the studies of the others come into ``missed``."""
    whole = []
    for row in rows:
        try:
            archive.load(job.settings.data_folder / row.image_folder)
        except UnreadableFile:
            missed.add(row.study_id)
        else:
            whole.append(row)
    return whole


def tell_missed(job: Job, stage: str, missed: Set[int]) -> None:
    """A study whose image is lost costs its own reading, and says so; never the job."""
    if missed:
        named = ", ".join(str(study_id) for study_id in sorted(missed))
        message = f"Left out, since the stored image is missing or damaged: study {named}. Add them again."
        job.events.record("log", stage, data={"message": message})
