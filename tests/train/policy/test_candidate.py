"""What a new version takes over from the one it was made from."""

import os
from pathlib import Path

from lmrrg.grounding.confidence import Calibration, load_calibration
from train.policy import candidate


def test_a_version_keeps_its_parents_calibration(tmp_path: Path) -> None:
    parent, child = tmp_path / "1.0", tmp_path / "1.1"
    parent.mkdir()
    child.mkdir()
    fitted = Calibration((1.0, 0.0), (1.0, 0.0, 0.0, 0.5), (0.0, 0.0, 0.0, -1.0), "3 phantoms")
    fitted.save(parent)
    (parent / "calibration.json").chmod(0o644)  # as in the package
    before = os.umask(0o077)
    candidate.carry_over(parent, child)
    os.umask(before)
    assert load_calibration(child) == fitted
    assert child.joinpath("calibration.json").stat().st_mode & 0o077 == 0
    assert [path.name for path in child.iterdir()] == ["calibration.json"]  # the parent had no image check
