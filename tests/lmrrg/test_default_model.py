"""The shipped model: small, safe to load, and better than one normal report for everybody."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from lmrrg.__main__ import main
from lmrrg.imaging.appearance import negative
from lmrrg.metrics.lite.counting.stated import statements
from lmrrg.metrics.radcliq import RadCliqLite
from lmrrg.notices import Notice
from lmrrg.profiles import DEFAULT_PROFILE
from lmrrg.profiles.chest.phantom import STYLES, Abnormality, Truth, draw
from lmrrg.profiles.chest.regions import REGION_INDEX
from lmrrg.reporters import DEFAULT_FOLDER, DraftRequest, Reporter, load_reporter
from lmrrg.study import Prior, Study

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
    drafts = [reporter.draft(Study((phantom.as_radiograph(),))).text for phantom in phantoms]
    metric = RadCliqLite()  # lower is better
    gain = np.subtract(
        metric.score([DEFAULT_PROFILE.normal_report] * len(drafts), references),
        metric.score(drafts, references),
    )
    assert gain.mean() > 0.3


def test_its_lungs_lie_on_their_sides(reporter: Reporter) -> None:
    phantom = draw(8_000_000, size=256)
    regions = reporter.draft(Study((phantom.as_radiograph(),))).regions
    for name in ("right lung", "left lung", "cardiac silhouette"):
        found, true = np.array(regions[REGION_INDEX[name]].box_xywh), phantom.boxes[REGION_INDEX[name]]
        assert np.abs(found - true).max() < 30  # pixels of 256


def test_it_notices_a_mirrored_image_and_is_not_troubled_by_an_upright_one(reporter: Reporter) -> None:
    upright = draw(8_000_000, size=256).as_radiograph()
    mirrored = replace(upright, pixels=upright.pixels[:, ::-1].copy())
    assert Notice("seems_mirrored") not in reporter.draft(Study((upright,))).notices
    assert Notice("seems_mirrored") in reporter.draft(Study((mirrored,))).notices


def test_it_says_what_is_odd_about_greys_view_and_framing(reporter: Reporter) -> None:
    phantom = draw(8_000_002, size=256)
    upright = phantom.as_radiograph()
    lungs = phantom.boxes[[REGION_INDEX["right lung"], REGION_INDEX["left lung"]]]
    above_the_bases = round(float((lungs[:, 1] + lungs[:, 3] * 2 / 3).max()))
    odd = {
        Notice("seems_inverted"): negative(upright),
        Notice("not_frontal"): replace(upright, pixels=np.rot90(upright.pixels).copy()),
        Notice("cut_off", {"edges": ("lower",)}): replace(
            upright, pixels=upright.pixels[:above_the_bases].copy()
        ),
    }
    usual = reporter.draft(Study((upright,))).notices
    for notice, image in odd.items():
        assert notice not in usual
        assert notice in reporter.draft(Study((image,))).notices


def test_it_compares_only_with_a_prior_in_hand(reporter: Reporter) -> None:
    fluid = Abnormality("Pleural Effusion", "right", "lower", "large")
    image = draw(8_000_001, size=256, truth=Truth((fluid,), view="AP")).as_radiograph()
    prior = Prior("There is a small right pleural effusion.")
    studies = (Study((image,)), Study((image,), priors=(prior,)))
    alone, compared = (statements(reporter.draft(study).text) for study in studies)
    assert not any(one.change for one in alone.present)
    assert any(one.change for one in compared.present if one.concept == "effusion")


def test_it_writes_in_the_style_that_is_asked_for(reporter: Reporter) -> None:
    study = Study((draw(8_000_000, size=256).as_radiograph(),))
    asked = DraftRequest(style=STYLES["structured"].description)
    assert reporter.draft(study, asked).text.startswith("Lungs: ")
    assert not reporter.draft(study).text.startswith("Lungs: ")


def test_chest_dicoms_get_a_report(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = shared / "data" / "dicom" / "txrv"
    paths = sorted(str(path) for path in folder.glob("*.dcm"))
    assert main(["report", "--json", *paths]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    # Two of them name the same examination.
    assert sorted(path for line in lines for path in line["images"]) == paths
    assert len(lines) == len(paths) - 1
    assert all(line["sentences"] and len(line["regions"]) == 29 for line in lines)
