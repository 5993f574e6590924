"""Which setting means which model."""

from pathlib import Path

import pytest

from lmrrg.chat_server import ChatServer
from lmrrg.errors import ModelError
from lmrrg.reporters.registry import DEFAULT_FOLDER, as_kept, describe, folder_of, load_reporter, resolve


def test_default_is_the_model_that_ships(tmp_path: Path) -> None:
    (tmp_path / "default").mkdir()  # a folder that happens to be called so is not meant
    assert resolve("default", tmp_path) == DEFAULT_FOLDER


def test_a_version_s_folder_is_found_in_the_data_folder(tmp_path: Path) -> None:
    (tmp_path / "versions/1.1").mkdir(parents=True)
    assert folder_of("versions/1.1", tmp_path) == tmp_path / "versions/1.1"
    assert folder_of(str(tmp_path), tmp_path / "elsewhere") == tmp_path


def test_a_folder_is_kept_so_that_it_means_the_same_from_everywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mine").mkdir()
    monkeypatch.chdir(tmp_path)
    assert as_kept("mine") == str(tmp_path / "mine")
    assert as_kept("default") == "default"
    assert as_kept("server:http://there/v1#a") == "server:http://there/v1#a"


def test_a_server_is_known_and_refused_until_there_is_a_reporter_for_it() -> None:
    assert resolve("server:http://there:8000/v1#a/b") == ChatServer("http://there:8000/v1", "a/b")
    for ask in (load_reporter, describe):
        with pytest.raises(ModelError, match="cannot write with such a model yet"):
            ask("server:http://there:8000/v1#a/b")


def test_a_model_is_described_without_being_loaded(tmp_path: Path) -> None:
    shipped = describe("default")
    assert (shipped.name.name, shipped.name.demonstration, shipped.profile.name) == ("default", True, "chest")
    assert (shipped.is_version, dict(shipped.made_by)) == (True, {})
    gone = describe("versions/1.1", tmp_path)
    assert not gone.is_version
    with pytest.raises(ModelError, match="There is no model in"):
        _ = gone.name


@pytest.mark.parametrize(
    "name", ["server:", "server:http://there/v1", "server:#a", "server:there#a", "server:ftp://there#a"]
)
def test_a_server_without_address_or_model_is_refused_with_the_form(name: str) -> None:
    with pytest.raises(ModelError, match="write server:URL#NAME"):
        resolve(name)
