"""A reporter that only writes, with the grounding service beside it."""

from pathlib import Path

import numpy as np
import pytest

from lmrrg.report import Report, Sentence
from lmrrg.reporters import load_reporter
from lmrrg.reporters.base import ExplainsByGradient, WritesCandidates
from lmrrg.reporters.given_text import GivenText
from lmrrg.reporters.grounded import Grounded
from lmrrg.reporters.native import NativeReporter
from lmrrg.study import RadiographImage, Study, View
from tests.lmrrg.reporters.ten_lines import TenLines


@pytest.fixture(scope="module")
def extractor(tiny_folder: Path) -> NativeReporter:
    return NativeReporter(tiny_folder)


def study(view: View = "PA") -> Study:
    pixels = np.random.default_rng(0).integers(0, 4096, (60, 60)).astype(np.uint16)
    return Study((RadiographImage(pixels, 12, (2048.0, 4096.0), "PNG", "MONOCHROME2", view),))


def test_the_words_stay_and_regions_findings_and_kinds_of_maps_come(extractor: NativeReporter) -> None:
    report = Grounded(TenLines(), extractor).draft(study())
    assert report.text == TenLines().draft(study()).text
    assert report.model == TenLines.name
    assert len(report.regions) == 29
    assert len(report.findings) == 14
    assert {sentence.map.kind for sentence in report.sentences if sentence.map} <= {"named"}
    assert report.sentences[2].map is None  # "no acute change" names no place
    assert [sentence.confidence for sentence in report.sentences] == [None] * 3


def test_sentences_are_streamed_as_they_come(extractor: NativeReporter) -> None:
    *streamed, report = Grounded(TenLines(), extractor).stream(study())
    assert isinstance(report, Report)
    assert [one.text for one in streamed if isinstance(one, Sentence)] == [s.text for s in report.sentences]


def test_without_an_image_that_the_extractor_knows_there_are_the_words_alone(
    extractor: NativeReporter,
) -> None:
    report = Grounded(TenLines(), extractor).draft(study("LATERAL"))
    assert report.text
    assert (report.regions, [sentence.map for sentence in report.sentences]) == ((), [None] * 3)


def test_what_the_writer_offers_is_offered(extractor: NativeReporter) -> None:
    plain, native = Grounded(TenLines(), extractor), Grounded(extractor, extractor)
    assert not isinstance(plain, WritesCandidates)
    assert not isinstance(plain, ExplainsByGradient)
    assert isinstance(native, WritesCandidates)
    assert isinstance(native, ExplainsByGradient)
    assert [report.text for report in native.candidates(study(), n=2)] == [extractor.draft(study()).text] * 2
    assert [one.kind for one in native.grad_cams(study(), ["The heart is normal."])] == ["gradient"]


def test_a_text_that_is_there_already_is_a_reporter_too() -> None:
    report = GivenText("The lungs are clear.\n\nNo effusion.", "hers").draft(study())
    assert [sentence.text for sentence in report.sentences] == ["The lungs are clear.", "No effusion."]
    assert report.model.name == "hers"


def test_the_default_model_grounds_a_report_of_its_own_image() -> None:
    extractor = load_reporter()
    assert isinstance(extractor, NativeReporter)
    from lmrrg.profiles.chest.phantom import draw

    image = draw(8_000_000, size=256).as_radiograph()
    text = GivenText("The heart is normal. The right lung is clear.", "mine")
    heart, lung = Grounded(text, extractor).draft(Study((image,))).sentences
    assert [region.name for region in heart.regions] == ["cardiac silhouette"]
    assert [region.name for region in lung.regions] == ["right lung"]
    assert heart.map
    assert lung.map
    assert (
        lung.map.grid.argmax() % 32 < heart.map.grid.argmax() % 32
    )  # the right lung lies on the image's left
