"""The shipped model: small, safe to load, and better than one normal report for everybody."""

import json
from pathlib import Path

import numpy as np
import pytest

from lmrrg.__main__ import main
from lmrrg.anatomy import REGION_INDEX
from lmrrg.metrics.radcliq import RadCliqLite
from lmrrg.phantom import draw
from lmrrg.reporters import DEFAULT_FOLDER, Reporter, load_reporter

ONE_NORMAL_REPORT = (
    "The lungs are clear. No pleural effusion or pneumothorax. The cardiac silhouette is normal in size. "
    "The mediastinal contours are normal. No acute osseous abnormality."
)
# Far from every seed of the training.
SEEDS = range(8_000_000, 8_000_016)


@pytest.fixture(scope="module")
def reporter() -> Reporter:
    return load_reporter()


def test_it_is_small_and_announced_as_a_demonstration() -> None:
    files = {path.name: path.stat().st_size for path in DEFAULT_FOLDER.iterdir()}
    assert sum(files.values()) <= 20_000_000
    assert not [name for name in files if name.endswith((".bin", ".pt", ".pkl", ".py"))]
    assert json.loads((DEFAULT_FOLDER / "lmrrg_version.json").read_text())["demonstration"] is True
    assert "Not for clinical use" in (DEFAULT_FOLDER / "MODEL_CARD.md").read_text("utf-8")


def test_it_beats_one_normal_report_for_all(reporter: Reporter) -> None:
    phantoms = [draw(seed, size=256) for seed in SEEDS]
    references = [phantom.report for phantom in phantoms]
    drafts = [reporter.draft(phantom.as_radiograph()).text for phantom in phantoms]
    metric = RadCliqLite()  # lower is better
    gain = np.subtract(
        metric.score([ONE_NORMAL_REPORT] * len(drafts), references), metric.score(drafts, references)
    )
    assert gain.mean() > 0.3


def test_its_lungs_lie_on_their_sides(reporter: Reporter) -> None:
    phantom = draw(8_000_000, size=256)
    regions = reporter.draft(phantom.as_radiograph()).regions
    for name in ("right lung", "left lung", "cardiac silhouette"):
        found, true = np.array(regions[REGION_INDEX[name]].box_xywh), phantom.boxes[REGION_INDEX[name]]
        assert np.abs(found - true).max() < 30  # pixels of 256


def test_chest_dicoms_get_a_report(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = shared / "data" / "dicom" / "txrv"
    paths = sorted(str(path) for path in folder.glob("*.dcm"))
    assert main(["report", "--json", *paths]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [line["image"] for line in lines] == paths
    assert all(line["sentences"] and len(line["regions"]) == 29 for line in lines)
