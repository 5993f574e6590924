"""Several drafts of one image, which is encoded once."""

from pathlib import Path

import numpy as np
import pytest

from lmrrg.reporters import DraftRequest
from lmrrg.reporters.base import ExplainsByGradient, WritesCandidates
from lmrrg.reporters.native import NativeReporter
from lmrrg.study import RadiographImage, Study

PIXELS = np.random.default_rng(0).integers(0, 4096, (60, 60)).astype(np.uint16)
RADIOGRAPH = RadiographImage(PIXELS, 12, (2048.0, 4096.0), "PNG", "MONOCHROME2")
STUDY = Study((RADIOGRAPH,))
SAMPLED = DraftRequest(temperature=1.5, seed=4)


@pytest.fixture(scope="module")
def reporter(tiny_folder: Path) -> NativeReporter:
    return NativeReporter(tiny_folder)


def test_the_image_is_encoded_once_for_all(reporter: NativeReporter) -> None:
    passes = []
    hook = reporter.model.model.vision_tower.register_forward_hook(lambda *_: passes.append(1))
    try:
        reports = reporter.candidates(STUDY, SAMPLED, 3)
    finally:
        hook.remove()
    assert len(passes) == 1
    assert len({report.text for report in reports}) == 3


def test_the_only_candidate_is_the_draft(reporter: NativeReporter) -> None:
    for request in (SAMPLED, DraftRequest()):
        [only] = reporter.candidates(STUDY, request, 1)
        assert only.text == reporter.draft(STUDY, request).text


def test_candidates_follow_their_seed(reporter: NativeReporter) -> None:
    first, again = ([report.text for report in reporter.candidates(STUDY, SAMPLED, 2)] for _ in range(2))
    other = [r.text for r in reporter.candidates(STUDY, DraftRequest(temperature=1.5, seed=5), 2)]
    assert first == again
    assert first != other


def test_every_candidate_has_its_evidence(reporter: NativeReporter) -> None:
    for report in reporter.candidates(STUDY, SAMPLED, 2):
        assert len(report.regions) == 29
        assert all(sentence.map is not None and sentence.confidence for sentence in report.sentences)
        assert set(report.timing_ms) == {"encode", "first_sentence", "total"}


def test_none_is_refused(reporter: NativeReporter) -> None:
    with pytest.raises(ValueError, match="at least one"):
        reporter.candidates(STUDY, SAMPLED, 0)


def test_the_native_reporter_offers_both_extras(reporter: NativeReporter) -> None:
    assert isinstance(reporter, WritesCandidates)
    assert isinstance(reporter, ExplainsByGradient)


def test_images_with_prompts_of_differing_length_write_as_they_would_alone(reporter: NativeReporter) -> None:
    writer = reporter.writer
    told = ("", "The lungs are clear. Heart size is normal.")
    images = [writer.encode(RADIOGRAPH, prior_report=prior) for prior in told]
    alone = [writer.write([image], DraftRequest())[0] for image in images]
    assert writer.write(images, DraftRequest()) == alone
