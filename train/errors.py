"""Why a training job could not go on, in sentences a lead can act on.

TrainingError
├── NotEnoughReadings   fewer signed readings than a retrain needs
├── HeldOutLeak         a held-out patient was about to enter a training snapshot
└── BrokenJobFolder     a job's files are missing or were changed
"""


class TrainingError(Exception):
    """Base of every reason for which a job ends early. ``str(error)`` is shown on the training page."""


class NotEnoughReadings(TrainingError):
    """Fewer signed readings than a retrain needs."""


class HeldOutLeak(TrainingError):
    """A held-out patient was about to enter a training snapshot."""


class BrokenJobFolder(TrainingError):
    """A job's files are missing or were changed since they were written."""
