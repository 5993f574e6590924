"""The values that the metrics' own projects published."""

import json
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(scope="session")
def published(shared: Path) -> dict[str, Any]:
    path = shared / "reference/metric_reference_values.json"
    return dict(json.loads(path.read_text("utf-8")))
