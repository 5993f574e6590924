"""Who writes reports. ``load_reporter`` is the only door.

Importing this room is cheap; torch and transformers are loaded when a reporter is.
"""

from pathlib import Path

from lmrrg.reporters.base import MAX_NEW_TOKENS, DraftRequest, ExplainsByGradient, Reporter, WritesCandidates

DEFAULT_FOLDER = Path(__file__).resolve().parent.parent / "weights" / "default"


def load_reporter(model: str | Path = "default", *, device: str = "cpu") -> Reporter:
    """The reporter in folder ``model``, or the one shipped with the program for ``"default"``.

    Raises:
        ModelError: the folder holds no model that can be loaded.
    """
    from lmrrg.reporters.native import NativeReporter

    return NativeReporter(DEFAULT_FOLDER if str(model) == "default" else Path(model), device=device)


__all__ = [
    "DEFAULT_FOLDER",
    "MAX_NEW_TOKENS",
    "DraftRequest",
    "ExplainsByGradient",
    "Reporter",
    "WritesCandidates",
    "load_reporter",
]
