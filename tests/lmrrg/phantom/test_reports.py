"""A phantom's report says what its truth says, no more and no less, and points at the right places."""

from collections import Counter

import numpy as np
import pytest

from lmrrg.anatomy import REGION_INDEX
from lmrrg.findings import FINDINGS
from lmrrg.phantom import STYLES, Abnormality, Device, PhantomSentence, Truth, draw, labels, write_report
from lmrrg.phantom.case_mix import CaseMix, sample_truth

SITES = ("A", "B", "C")


def written(seed: int, style: str) -> tuple[Truth, tuple[PhantomSentence, ...]]:
    rng = np.random.default_rng(seed)
    truth = sample_truth(rng, CaseMix(normal=0.2))
    return truth, write_report(truth, STYLES[style], rng)


@pytest.mark.parametrize("style", list(STYLES))
@pytest.mark.parametrize("seed", range(40))
def test_positives_of_the_sentences_are_those_of_the_truth(style: str, seed: int) -> None:
    truth, sentences = written(seed, style)
    stated = {finding for one in sentences for finding, label in one.findings if label == "positive"}
    true = {finding for finding, label in labels(truth).items() if label == "positive"}
    assert stated - {"No Finding"} == true - {"No Finding"}


@pytest.mark.parametrize("style", list(STYLES))
@pytest.mark.parametrize("seed", range(40))
def test_nothing_is_both_stated_and_denied(style: str, seed: int) -> None:
    truth, sentences = written(seed, style)
    known = labels(truth)
    for one in sentences:
        for finding, label in one.findings:
            assert known[finding] == label, one.text


@pytest.mark.parametrize("style", list(STYLES))
@pytest.mark.parametrize("side", ["right", "left"])
@pytest.mark.parametrize(
    "one",
    [
        ("Pleural Effusion", "lower", "small", None),
        ("Pneumothorax", None, "large", None),
        ("Consolidation", "upper", None, "pneumonia"),
        ("Atelectasis", "lower", None, "linear"),
        ("Lung Lesion", "mid", None, "nodule"),
        ("Fracture", "mid", None, "rib"),
        ("Pleural Other", "apical", None, "thickening"),
    ],
)
def test_the_side_said_is_the_side_meant(style: str, side: str, one: tuple[str, ...]) -> None:
    finding, zone, severity, detail = one
    truth = Truth((Abnormality(finding, side, zone, severity, detail),))  # type: ignore[arg-type]
    other = {"right": "left", "left": "right"}[side]
    for seed in range(6):
        for sentence in write_report(truth, STYLES[style], np.random.default_rng(seed)):
            if (finding, "positive") in sentence.findings:
                assert side in sentence.text.lower()
                assert other not in sentence.text.lower()
                assert all(name.startswith(side) for name in sentence.regions)


@pytest.mark.parametrize("site", SITES)
def test_sentences_point_at_regions_that_carry_their_finding(site: str) -> None:
    for seed in range(40):
        phantom = draw(seed, size=64, site=site)
        for sentence in phantom.sentences:
            assert sentence.regions
            rows = [REGION_INDEX[name] for name in sentence.regions]
            for finding, label in sentence.findings:
                if label == "positive":
                    assert phantom.region_findings[rows, FINDINGS.index(finding)].any(), sentence.text


def test_region_findings_sum_up_to_the_labels() -> None:
    for seed in range(40):
        phantom = draw(seed, size=64)
        found = {FINDINGS[k] for k in phantom.region_findings.any(0).nonzero()[0]}
        assert found == {finding for finding, label in labels(phantom.truth).items() if label == "positive"}


def test_devices_alone_are_no_finding() -> None:
    known = labels(Truth(devices=(Device("pacemaker", "left"),)))
    assert (known["No Finding"], known["Support Devices"]) == ("positive", "positive")


def test_a_consolidation_is_an_opacity_and_only_a_pneumonia_when_called_one() -> None:
    plain = labels(Truth((Abnormality("Consolidation", "left", "lower"),)))
    called = labels(Truth((Abnormality("Consolidation", "left", "lower", None, "pneumonia"),)))
    assert (plain["Lung Opacity"], plain["Pneumonia"], plain["No Finding"]) == (
        "positive",
        "negative",
        "negative",
    )
    assert called["Pneumonia"] == "positive"


def test_sentences_are_well_formed() -> None:
    for site in SITES:
        for seed in range(60):
            for sentence in draw(seed, size=64, site=site).sentences:
                assert sentence.text[0].isupper()
                assert sentence.text.endswith(".")
                assert "  " not in sentence.text
                assert "{" not in sentence.text


def test_a_third_or_more_of_the_studies_is_normal() -> None:
    rng = np.random.default_rng(0)
    truths = [sample_truth(rng, CaseMix()) for _ in range(1000)]
    assert 0.33 < np.mean([not truth.abnormalities for truth in truths]) < 0.43
    counts = Counter(one.finding for truth in truths for one in truth.abnormalities)
    assert min(counts.values()) > 15
    assert len(counts) == 10


def test_styles_differ() -> None:
    truth = Truth((Abnormality("Cardiomegaly", severity="mild"),))
    texts = {
        name: " ".join(one.text for one in write_report(truth, style, np.random.default_rng(1)))
        for name, style in STYLES.items()
    }
    assert len(set(texts.values())) == 3
    assert "Heart: " in texts["structured"]
    assert len(texts["telegraphic"]) < len(texts["prose"])
