"""Why a training job could not go on, in sentences a lead can act on.

TrainingError
├── NotEnoughReadings   fewer signed readings than a retrain needs
├── HeldOutLeak         a held-out patient was about to enter a training snapshot
├── BrokenJobFolder     a job's files are missing or were changed
└── BrokenSettings      a file of settings cannot be used
"""

# What libraries and the system say, in lower case, when a disk or the memory is full.
# torch's own writer only notices that a file is shorter than what it wrote: "unexpected pos".
_DISK_FULL = ("no space left on device", "disk is full", "disk quota exceeded", "unexpected pos")
_OUT_OF_MEMORY = (
    "out of memory",
    "can't allocate memory",
    "cannot allocate memory",
    "failed to map segment",
    "resource temporarily unavailable",
    "bad_alloc",
    "could not create a primitive",  # oneDNN, which has no memory for its code
    "can't start new thread",
    "memoryerror",
)
DISK_FULL = "The disk is full. Free space in the data folder, then retrain. The live model is unchanged."
OUT_OF_MEMORY = (
    "The machine ran out of memory. Free memory or train with smaller batches. The live model is unchanged."
)


def exhausted(said: str) -> str | None:
    """The sentence for a lead where ``said`` tells of a full disk or of memory at its end; else None."""
    said = said.lower()
    if any(words in said for words in _DISK_FULL):
        return DISK_FULL
    return OUT_OF_MEMORY if any(words in said for words in _OUT_OF_MEMORY) else None


class TrainingError(Exception):
    """Base of every reason for which a job ends early. ``str(error)`` is shown on the training page."""


class NotEnoughReadings(TrainingError):
    """Fewer signed readings than a retrain needs."""


class HeldOutLeak(TrainingError):
    """A held-out patient was about to enter a training snapshot."""


class BrokenSettings(TrainingError):
    """A file of settings is missing, or says what cannot be."""


class BrokenJobFolder(TrainingError):
    """A job's files are missing or were changed since they were written."""
