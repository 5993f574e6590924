"""The native reporter: sentences as they come, then the whole report with its evidence."""

from pathlib import Path

import numpy as np
import pytest

from lmrrg.errors import ModelError, NoDraftPossible
from lmrrg.notices import Notice
from lmrrg.profiles.chest.findings import FINDINGS
from lmrrg.profiles.chest.regions import REGIONS
from lmrrg.report import EvidenceMap, Report, Sentence
from lmrrg.reporters import DraftRequest, Reporter, load_reporter
from lmrrg.reporters.serialise import map_as_json, report_as_json, up_to_date
from lmrrg.study import RadiographImage, Study, View


@pytest.fixture(scope="module")
def reporter(tiny_folder: Path) -> Reporter:
    return load_reporter(tiny_folder)


def radiograph(view: View | None = None, seed: int = 0, rows: int = 90, columns: int = 60) -> RadiographImage:
    pixels = np.random.default_rng(seed).integers(0, 4096, (rows, columns)).astype(np.uint16)
    return RadiographImage(pixels, 12, (2048.0, 4096.0), "PNG", "MONOCHROME2", view)


def study() -> Study:
    return Study((radiograph(),))


def test_streams_the_same_sentences_that_the_report_holds(reporter: Reporter) -> None:
    *streamed, report = reporter.stream(study())
    assert isinstance(report, Report)
    assert [part.text for part in streamed if isinstance(part, Sentence)] == [
        s.text for s in report.sentences
    ]


def test_all_regions_and_findings_are_told(reporter: Reporter) -> None:
    report = reporter.draft(study())
    assert tuple(r.name for r in report.regions) == REGIONS
    assert tuple(report.findings) == FINDINGS
    assert all(0 <= p <= 1 for p in report.findings.values())


def test_boxes_and_maps_lie_over_the_padded_square(reporter: Reporter) -> None:
    report = reporter.draft(Study((radiograph(rows=90, columns=60),)))
    for carrier in (*report.regions, *report.sentences):
        assert carrier.map is not None
        assert carrier.map.extent_xywh == (-15.0, 0.0, 90.0, 90.0)
        assert (carrier.map.image, carrier.map.kind) == (0, "attended")
    for region in report.regions:
        x, y, w, h = region.box_xywh
        assert x >= -15
        assert x + w <= 75 + 1e-6
        assert y >= 0
        assert y + h <= 90 + 1e-6


def test_maps_are_neither_absent_nor_flat(reporter: Reporter) -> None:
    report = reporter.draft(study())
    for carrier in (*report.regions, *report.sentences):
        assert carrier.map is not None
        assert carrier.map.grid.max() == pytest.approx(1.0)
        assert np.ptp(carrier.map.grid) > 0


def test_every_sentence_names_its_regions_and_a_confidence(reporter: Reporter) -> None:
    for sentence in reporter.draft(study()).sentences:
        assert sentence.regions
        assert sum(r.weight for r in sentence.regions) <= 1 + 1e-6
        assert sentence.confidence is not None
        assert 0 < sentence.confidence <= 1


def test_greedy_drafts_repeat_and_sampled_ones_follow_their_seed(reporter: Reporter) -> None:
    def text(**request: float) -> str:
        return reporter.draft(study(), DraftRequest(**request)).text  # type: ignore[arg-type]

    assert text() == text()
    assert text(temperature=1.5, seed=1) == text(temperature=1.5, seed=1)
    assert text(temperature=1.5, seed=1) != text(temperature=1.5, seed=2)


def test_json_has_every_part(reporter: Reporter) -> None:
    told = report_as_json(reporter.draft(study()))
    assert told["model"] == {"name": "tiny", "version": "1.0", "demonstration": True}
    assert len(told["regions"]) == 29
    assert len(told["findings"]) == 14
    assert set(told["timing_ms"]) == {"encode", "first_sentence", "total"}
    assert "map" not in told["regions"][0]


def test_a_map_becomes_bytes_row_by_row() -> None:
    shown = EvidenceMap(np.array([[0.0, 1.0]], np.float32), (-15.0, 0.0, 90.0, 90.0), 1, "gradient")
    assert map_as_json(shown) == {
        "image": 1, "kind": "gradient", "extent_xywh": [-15.0, 0.0, 90.0, 90.0],
        "rows": 1, "columns": 2, "values": "AP8=",
    }  # fmt: skip


def test_a_folder_without_a_model_is_refused_with_advice(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="Choose a folder"):
        load_reporter(tmp_path)


def test_it_writes_from_the_frontal_image_and_says_which(reporter: Reporter) -> None:
    frontal, lateral = radiograph("PA"), radiograph("LATERAL", seed=1)
    alone, paired = reporter.draft(Study((frontal,))), reporter.draft(Study((lateral, frontal)))
    assert paired.text == alone.text
    assert (alone.looked_at, paired.looked_at) == ((0,), (1,))
    assert {r.image for r in paired.regions} == {s.map.image for s in paired.sentences if s.map} == {1}
    assert paired.notices == (Notice("one_of_several", {"number": 2, "count": 2, "view": "PA"}),)
    assert alone.notices == ()


@pytest.mark.parametrize(
    ("views", "chosen"),
    [
        (("AP", "PA"), 1),
        ((None, "AP"), 1),
        (("LATERAL", None), 1),
        (("PA", "PA"), 0),
    ],
)
def test_the_view_that_a_file_names_is_preferred(
    reporter: Reporter, views: tuple[View | None, ...], chosen: int
) -> None:
    images = tuple(radiograph(view, seed) for seed, view in enumerate(views))
    assert reporter.draft(Study(images)).looked_at == (chosen,)


def test_a_study_of_lateral_views_gets_no_draft_and_why(reporter: Reporter) -> None:
    with pytest.raises(NoDraftPossible, match="no frontal radiograph"):
        reporter.draft(Study((radiograph("LATERAL"),)))


def test_a_draft_of_the_release_before_is_told_in_the_new_shape() -> None:
    grid = {"rows": 1, "columns": 1, "values": "/w=="}
    kept = {
        "sentences": [{"text": "Clear.", "map": grid}, {"text": "Normal heart."}],
        "regions": [{"name": "spine", "map": grid}],
        "extent_xywh": [0, -5, 90, 90],
    }
    shown = {**grid, "image": 0, "kind": "attended", "extent_xywh": [0, -5, 90, 90]}
    assert up_to_date(kept) == {
        "sentences": [{"text": "Clear.", "map": shown}, {"text": "Normal heart."}],
        "regions": [{"name": "spine", "image": 0, "map": shown}],
        "looked_at": [0],
        "abilities": ["gradient"],
    }


def test_a_draft_of_this_release_is_told_as_it_was_kept(reporter: Reporter) -> None:
    told = report_as_json(reporter.draft(study()), maps=True)
    assert up_to_date(told) == told
