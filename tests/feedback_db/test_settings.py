"""Settings and the installation's secret."""

import stat
import threading
from pathlib import Path

import pytest

from feedback_db.settings import Settings, secret


@pytest.fixture(autouse=True)
def elsewhere(tmp_path, monkeypatch):
    """No setting of the machine and no .env file that lies about."""
    monkeypatch.chdir(tmp_path)
    for name in ("DATA_FOLDER", "DATABASE_URL", "MODEL", "DEVICE"):
        monkeypatch.delenv(f"LMRRG_{name}", raising=False)


def test_the_defaults_need_nothing(tmp_path):
    settings = Settings()
    assert settings.data_folder == tmp_path / "data"
    assert settings.database_url == f"sqlite:///{tmp_path}/data/feedback.sqlite3"
    assert (settings.model, settings.device) == ("default", "cpu")


def test_the_environment_goes_before_the_file(tmp_path, monkeypatch):
    Path(".env").write_text("LMRRG_DEVICE=cuda\nLMRRG_DATA_FOLDER=/from/file\n")
    monkeypatch.setenv("LMRRG_DATA_FOLDER", "/from/environment")
    settings = Settings()
    assert (settings.device, settings.data_folder) == ("cuda", Path("/from/environment"))
    assert settings.database_url == "sqlite:////from/environment/feedback.sqlite3"


def test_the_secret_is_made_once_and_is_for_its_owner_only(tmp_path):
    first = secret(tmp_path / "data")
    assert len(first) == 32
    assert secret(tmp_path / "data") == first
    assert secret(tmp_path / "other") != first
    assert stat.S_IMODE((tmp_path / "data/secret.key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "data").iterdir()] == ["secret.key"]


def test_processes_that_start_together_agree_on_the_secret(tmp_path):
    barrier, got = threading.Barrier(8), []

    def go():
        barrier.wait()
        got.append(secret(tmp_path))

    threads = [threading.Thread(target=go) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 8
    assert len(set(got)) == 1


def test_a_damaged_secret_is_not_replaced(tmp_path):
    (tmp_path / "secret.key").write_bytes(b"short")
    with pytest.raises(ValueError, match="restore it from a backup"):
        secret(tmp_path)
