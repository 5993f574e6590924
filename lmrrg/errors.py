"""Every error a user can cause, as one tree; each message says what is wrong and what to do next.

    LmrrgError
    ├── IntakeError            a file that cannot become a radiograph
    │   ├── UnreadableFile     damaged, truncated, or no image format that we know
    │   ├── UnsupportedFile    understood, but not a single frontal or lateral radiograph
    │   └── FileTooLarge       over the bounds on bytes or pixels
    ├── ModelError             a model that cannot be loaded or used
    │   └── ServerError        a server that cannot be reached, refuses the key or has no such model
    │       └── NoAnswer       one question to it that had no answer
    ├── NoDraftPossible        a study that the model cannot write about
    ├── ProfileError           a kind of examination that the program does not know
    ├── ScoringError           candidate and reference reports that cannot be scored
    └── MapsNotWritten         the folder for maps cannot be written to

Nothing here knows a web page: whoever catches one decides how to show ``str(error)``.
"""


class LmrrgError(Exception):
    """Base of every error that a user can cause. ``str(error)`` is fit to be shown to a clinician."""


class IntakeError(LmrrgError):
    """A file that cannot become a radiograph."""


class UnreadableFile(IntakeError):
    """The file is damaged, truncated, or in no format that we know."""


class UnsupportedFile(IntakeError):
    """The file is understood, and is not a single radiograph."""


class FileTooLarge(IntakeError):
    """The file is over the bounds on bytes or pixels."""


class ModelError(LmrrgError):
    """A model that cannot be loaded or used."""


class ServerError(ModelError):
    """A model's server that cannot be reached, refuses the key or has no such model."""


class NoAnswer(ServerError):
    """One question to a model's server that had no answer; another may have one."""


class NoDraftPossible(LmrrgError):
    """The model cannot write about this study: it has no image of the kind that the model reads, say."""


class ProfileError(LmrrgError):
    """A kind of examination that the program does not know."""


class ScoringError(LmrrgError):
    """Candidate and reference reports that cannot be scored."""


class MapsNotWritten(LmrrgError):
    """The folder for maps cannot be written to."""
