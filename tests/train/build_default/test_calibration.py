"""Fitting what a model says of itself."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from lmrrg.profiles.chest.phantom import draw
from lmrrg.reporters import VersionFolder, load_reporter
from lmrrg.study import Study
from train.build_default.calibration import expected_calibration_error, fit_and_save


def test_calibration_error_by_hand() -> None:
    # two bins: confidence .2 with none right, confidence .9 with half right
    confidences, right = np.array([0.9, 0.2, 0.9, 0.2]), np.array([1.0, 0.0, 0.0, 0.0])
    assert expected_calibration_error(confidences, right, bins=2) == pytest.approx((0.2 + 0.4) / 2)


def test_who_is_as_sure_as_right_has_no_calibration_error() -> None:
    assert expected_calibration_error(np.ones(7), np.ones(7)) == 0


def test_a_folder_gets_both_files_and_its_reporter_uses_them(tiny_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(tiny_folder, folder)
    (folder / "calibration.json").write_text("of other weights")
    figures = fit_and_save(folder, phantoms=10)
    assert 0 <= figures["mirrored_noticed"] <= 1
    assert VersionFolder(folder).calibration() is not None
    assert (folder / "image_check.safetensors").stat().st_size <= 300_000

    phantom = Study((draw(7_900_100, size=64).as_radiograph(),))
    plain, fitted = (load_reporter(model).draft(phantom) for model in (tiny_folder, folder))
    assert plain.novelty is None
    assert fitted.novelty is not None
    assert [s.confidence for s in fitted.sentences] != [s.confidence for s in plain.sentences]
    assert fitted.text == plain.text


def test_the_same_phantoms_give_the_same_files(tiny_folder: Path, tmp_path: Path) -> None:
    written = []
    for name in ("one", "two"):
        folder = tmp_path / name
        shutil.copytree(tiny_folder, folder)
        fit_and_save(folder, phantoms=6)
        written.append((folder / "calibration.json").read_text())
    assert written[0] == written[1]
