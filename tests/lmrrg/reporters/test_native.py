"""The native reporter: sentences as they come, then the whole report with its evidence."""

from pathlib import Path

import numpy as np
import pytest

from lmrrg.errors import ModelError
from lmrrg.profiles.chest.findings import FINDINGS
from lmrrg.profiles.chest.regions import REGIONS
from lmrrg.report import Report, Sentence
from lmrrg.reporters import DraftRequest, Reporter, load_reporter
from lmrrg.reporters.serialise import map_as_json, report_as_json
from lmrrg.study import RadiographImage


@pytest.fixture(scope="module")
def reporter(tiny_folder: Path) -> Reporter:
    return load_reporter(tiny_folder)


def radiograph(rows: int = 90, columns: int = 60, seed: int = 0) -> RadiographImage:
    pixels = np.random.default_rng(seed).integers(0, 4096, (rows, columns)).astype(np.uint16)
    return RadiographImage(pixels, 12, (2048.0, 4096.0), "PNG", "MONOCHROME2")


def test_streams_the_same_sentences_that_the_report_holds(reporter: Reporter) -> None:
    *streamed, report = reporter.stream(radiograph())
    assert isinstance(report, Report)
    assert [part.text for part in streamed if isinstance(part, Sentence)] == [
        s.text for s in report.sentences
    ]


def test_all_regions_and_findings_are_told(reporter: Reporter) -> None:
    report = reporter.draft(radiograph())
    assert tuple(r.name for r in report.regions) == REGIONS
    assert tuple(report.findings) == FINDINGS
    assert all(0 <= p <= 1 for p in report.findings.values())


def test_boxes_and_maps_lie_over_the_padded_square(reporter: Reporter) -> None:
    report = reporter.draft(radiograph(rows=90, columns=60))
    assert report.extent_xywh == (-15.0, 0.0, 90.0, 90.0)
    for region in report.regions:
        x, y, w, h = region.box_xywh
        assert x >= -15
        assert x + w <= 75 + 1e-6
        assert y >= 0
        assert y + h <= 90 + 1e-6


def test_maps_are_neither_absent_nor_flat(reporter: Reporter) -> None:
    report = reporter.draft(radiograph())
    for carrier in (*report.regions, *report.sentences):
        assert carrier.map is not None
        assert carrier.map.max() == pytest.approx(1.0)
        assert np.ptp(carrier.map) > 0


def test_every_sentence_names_its_regions_and_a_confidence(reporter: Reporter) -> None:
    for sentence in reporter.draft(radiograph()).sentences:
        assert sentence.regions
        assert sum(r.weight for r in sentence.regions) <= 1 + 1e-6
        assert sentence.confidence is not None
        assert 0 < sentence.confidence <= 1


def test_greedy_drafts_repeat_and_sampled_ones_follow_their_seed(reporter: Reporter) -> None:
    def text(**request: float) -> str:
        return reporter.draft(radiograph(), DraftRequest(**request)).text  # type: ignore[arg-type]

    assert text() == text()
    assert text(temperature=1.5, seed=1) == text(temperature=1.5, seed=1)
    assert text(temperature=1.5, seed=1) != text(temperature=1.5, seed=2)


def test_json_has_every_part(reporter: Reporter) -> None:
    told = report_as_json(reporter.draft(radiograph()))
    assert told["model"] == {"name": "tiny", "version": "1.0", "demonstration": True}
    assert len(told["regions"]) == 29
    assert len(told["findings"]) == 14
    assert set(told["timing_ms"]) == {"encode", "first_sentence", "total"}
    assert "map" not in told["regions"][0]


def test_a_map_becomes_bytes_row_by_row() -> None:
    assert map_as_json(np.array([[0.0, 1.0]], np.float32)) == {"rows": 1, "columns": 2, "values": "AP8="}


def test_a_folder_without_a_model_is_refused_with_advice(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="Choose a folder"):
        load_reporter(tmp_path)
