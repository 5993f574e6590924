"""Where the data for measuring lies that is not part of the project."""

import os
from pathlib import Path


def shared_folder() -> Path | None:
    """``LMRRG_SHARED``, by default ``shared`` beside the checkout; None where there is no data in it."""
    folder = Path(os.environ.get("LMRRG_SHARED", Path(__file__).resolve().parent.parent.parent / "shared"))
    return folder if (folder / "data").is_dir() else None
