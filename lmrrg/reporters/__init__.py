"""Who writes reports. ``load_reporter`` is the only door.

Importing this room is cheap; torch and transformers are loaded when a reporter is.
"""

from lmrrg.reporters.base import MAX_NEW_TOKENS, DraftRequest, ExplainsByGradient, Reporter, WritesCandidates
from lmrrg.reporters.folder import VersionFolder
from lmrrg.reporters.registry import DEFAULT_FOLDER, load_reporter

__all__ = [
    "DEFAULT_FOLDER",
    "MAX_NEW_TOKENS",
    "DraftRequest",
    "ExplainsByGradient",
    "Reporter",
    "VersionFolder",
    "WritesCandidates",
    "load_reporter",
]
