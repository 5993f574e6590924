"""One folder with the tiny weights of every published scorer."""

from pathlib import Path

import pytest

from tests.published_weights import save_all


@pytest.fixture(scope="session")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_all(tmp_path_factory.mktemp("published"))
