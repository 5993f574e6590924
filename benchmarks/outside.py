"""Where the data for measuring lies that is not part of the project."""

import os
from pathlib import Path

# By default the folder ``shared`` beside the checkout.
SHARED = Path(os.environ.get("LMRRG_SHARED", Path(__file__).resolve().parent.parent.parent / "shared"))


def shared_folder() -> Path | None:
    """``SHARED``; None where there is no data in it."""
    return SHARED if (SHARED / "data").is_dir() else None
