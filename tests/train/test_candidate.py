"""What a new version takes over from the one it was made from."""

from pathlib import Path

from lmrrg.explain.confidence import Calibration, load_calibration
from train import candidate


def test_a_version_keeps_its_parents_calibration(tmp_path: Path) -> None:
    parent, child = tmp_path / "1.0", tmp_path / "1.1"
    parent.mkdir()
    child.mkdir()
    fitted = Calibration((1.0, 0.0), (1.0, 0.0, 0.0, 0.5), (0.0, 0.0, 0.0, -1.0), "3 phantoms")
    fitted.save(parent)
    candidate.carry_over(parent, child)
    assert load_calibration(child) == fitted
    assert [path.name for path in child.iterdir()] == ["calibration.json"]  # the parent had no image check
