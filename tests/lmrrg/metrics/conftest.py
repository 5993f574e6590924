"""Where the outside data lies: the published reference values, and the Indiana reports."""

import json
import os
from pathlib import Path
from typing import Any

import pytest

SHARED = Path(os.environ.get("LMRRG_SHARED", Path(__file__).resolve().parents[3].parent / "shared"))


@pytest.fixture(scope="session")
def published() -> dict[str, Any]:
    path = SHARED / "reference/metric_reference_values.json"
    if not path.exists():
        pytest.skip(f"{path} is absent: set LMRRG_SHARED to the folder with the reference values")
    return dict(json.loads(path.read_text("utf-8")))
