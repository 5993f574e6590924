"""What lies in a version's folder, and what a new version takes over from the one it was made from."""

import os
from hashlib import sha256
from pathlib import Path

import pytest

from lmrrg.errors import ModelError
from lmrrg.grounding.confidence import Calibration
from lmrrg.report import ModelName
from lmrrg.reporters import VersionFolder

FITTED = Calibration((1.0, 0.0), (1.0, 0.0, 0.0, 0.5), (0.0, 0.0, 0.0, -1.0), "3 phantoms")


def test_a_folder_is_a_version_once_it_has_its_name(tmp_path: Path) -> None:
    version = VersionFolder(tmp_path)
    assert not version.is_version
    version.finish(ModelName("ours", "1.2", demonstration=False))
    assert version.is_version
    assert version.name == ModelName("ours", "1.2", demonstration=False)


@pytest.mark.parametrize("text", [None, "", "{}", "[]", '{"name": "ours", "version": "1.0"}'])
def test_a_folder_without_a_name_is_refused_with_advice(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        VersionFolder(tmp_path).last_written.write_text(text)
    with pytest.raises(ModelError, match="Choose a folder"):
        _ = VersionFolder(tmp_path).name


def test_how_it_was_made_is_kept_and_nothing_else_was(tmp_path: Path) -> None:
    version = VersionFolder(tmp_path)
    assert version.made_by == {}
    version.keep_made_by({"parent": "1.0"})
    assert version.made_by == {"parent": "1.0"}
    (tmp_path / "made_by.json").write_text("{")
    with pytest.raises(ModelError, match="Restore it"):
        _ = version.made_by


def test_a_version_keeps_its_parent_s_calibration(tmp_path: Path) -> None:
    parent, child = VersionFolder(tmp_path / "1.0"), VersionFolder(tmp_path / "1.1")
    parent.path.mkdir()
    child.path.mkdir()
    FITTED.save(parent.path / "calibration.json")
    (parent.path / "calibration.json").chmod(0o644)  # as in the package
    before = os.umask(0o077)
    child.take_over(parent)
    os.umask(before)
    assert child.calibration() == FITTED
    assert child.path.joinpath("calibration.json").stat().st_mode & 0o077 == 0
    assert [path.name for path in child.path.iterdir()] == [
        "calibration.json"
    ]  # the parent had no image check


def test_what_was_fitted_to_other_weights_is_forgotten(tmp_path: Path) -> None:
    FITTED.save(tmp_path / "calibration.json")
    VersionFolder(tmp_path).forget_fitted()
    assert VersionFolder(tmp_path).calibration() is None


def test_weights_are_told_apart_whatever_was_fitted_beside_them(tmp_path: Path) -> None:
    version = VersionFolder(tmp_path)
    with pytest.raises(ModelError, match="no weights"):
        version.weights_sha256()
    (tmp_path / "model.safetensors").write_bytes(b"weights")
    (tmp_path / "image_check.safetensors").write_bytes(b"fitted")
    assert version.weights_sha256() == sha256(b"weights").hexdigest()
