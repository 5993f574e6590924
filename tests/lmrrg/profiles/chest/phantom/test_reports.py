"""A phantom's report says what its truth says, no more and no less, and points at the right places."""

from collections import Counter

import numpy as np
import pytest

from lmrrg.profiles.chest.findings import FINDINGS
from lmrrg.profiles.chest.phantom import (
    STYLES,
    Abnormality,
    Device,
    PhantomSentence,
    Truth,
    draw,
    labels,
    write_report,
)
from lmrrg.profiles.chest.phantom.case_mix import CaseMix, sample_truth
from lmrrg.profiles.chest.regions import REGION_INDEX

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


@pytest.mark.parametrize("style", list(STYLES))
def test_sentences_are_well_formed(style: str) -> None:
    for seed in range(200):
        for sentence in written(seed, style)[1]:
            assert sentence.text[0].isupper()
            assert sentence.text.endswith(".")
            assert not set("{}") & set(sentence.text)
            for wrong in ("  ", " ,", ",,", " .", "..", "None"):
                assert wrong not in sentence.text


def test_a_third_or_more_of_the_studies_is_normal() -> None:
    rng = np.random.default_rng(0)
    truths = [sample_truth(rng, CaseMix()) for _ in range(1000)]
    assert 0.33 < np.mean([not truth.abnormalities for truth in truths]) < 0.43
    counts = Counter(one.finding for truth in truths for one in truth.abnormalities)
    assert min(counts.values()) > 15
    assert len(counts) == 11


def text_of(truth: Truth, style: str, seed: int = 1) -> str:
    written = write_report(truth, STYLES[style], np.random.default_rng(seed))
    return " ".join(one.text for one in written)


def test_styles_differ() -> None:
    truth = Truth((Abnormality("Cardiomegaly", severity="mild"),))
    texts = {name: text_of(truth, name) for name in STYLES}
    assert len(set(texts.values())) == len(STYLES)
    assert "Heart: " in texts["structured"]
    assert len(texts["telegraphic"]) < len(texts["prose"])
    assert "Impression: " in texts["prose"]
    assert "Impression: " not in texts["telegraphic"]


@pytest.mark.parametrize("style", list(STYLES))
def test_what_has_resolved_is_told_and_not_denied_again(style: str) -> None:
    gone = Truth((Abnormality("Pleural Effusion", "right", "lower", "small"),))
    for seed in range(10):
        sentences = write_report(Truth(prior=gone), STYLES[style], np.random.default_rng(seed))
        told = [one for one in sentences if ("Pleural Effusion", "negative") in one.findings]
        assert len(told) == 1
        assert "right pleural effusion" in told[0].text.lower()
        assert told[0].regions[0] == "right costophrenic angle"


@pytest.mark.parametrize("style", list(STYLES))
def test_a_finding_gone_on_one_side_is_not_denied_where_it_remains_on_the_other(style: str) -> None:
    left = Abnormality("Pneumothorax", "left", None, "small")
    truth = Truth((left,), prior=Truth((left, Abnormality("Pneumothorax", "right", None, "small"))))
    for sentence in write_report(truth, STYLES[style], np.random.default_rng(0)):
        assert ("Pneumothorax", "negative") not in sentence.findings


def test_a_normal_study_after_a_normal_one_is_now_and_then_called_unchanged() -> None:
    said = sum(
        "change since the prior" in text_of(Truth(prior=Truth()), "prose", seed) for seed in range(100)
    )
    assert 30 < said < 70


def test_zones_alike_are_told_in_one_breath() -> None:
    truth = Truth(
        (Abnormality("Consolidation", "bilateral", "lower"), Abnormality("Consolidation", "bilateral", "mid"))
    )
    (told,) = [
        one
        for one in write_report(truth, STYLES["prose"], np.random.default_rng(0))
        if ("Consolidation", "positive") in one.findings and "Impression" not in one.text
    ]
    assert "both mid and lower lung zones" in told.text
    assert set(told.regions) == {
        "right lower lung zone", "left lower lung zone", "right mid lung zone", "left mid lung zone",
    }  # fmt: skip


@pytest.mark.parametrize("style", list(STYLES))
def test_fluid_layers_only_under_who_lies(style: str) -> None:
    fluid = (Abnormality("Pleural Effusion", "left", "lower", "moderate"),)
    for seed in range(10):
        lying = text_of(Truth(fluid, view="AP", posture="supine"), style, seed).lower()
        sitting = text_of(Truth(fluid, view="AP"), style, seed).lower()
        assert "layer" in lying
        assert "layer" not in sitting
        assert "supine" not in sitting


@pytest.mark.parametrize(
    ("device", "astray"),
    [
        ("endotracheal tube", "right main"),
        ("central line", "neck"),
        ("nasogastric tube", "esophagus"),
    ],
)
@pytest.mark.parametrize("style", list(STYLES))
def test_a_misplaced_device_is_told_and_one_in_place_is_not_moved(
    style: str, device: str, astray: str
) -> None:
    side = "left" if device == "central line" else None
    wrong = text_of(Truth(devices=(Device(device, side, misplaced=True),)), style)  # type: ignore[arg-type]
    right = text_of(Truth(devices=(Device(device, side),)), style)  # type: ignore[arg-type]
    assert astray in wrong.replace("mainstem", "main")
    assert astray not in right
    assert "should be" not in right


@pytest.mark.parametrize("style", list(STYLES))
def test_a_collapsed_lobe_and_emphysema_are_named(style: str) -> None:
    lobe = text_of(Truth((Abnormality("Atelectasis", "left", "upper", None, "lobar"),)), style).lower()
    assert "left upper lobe" in lobe
    assert "volume" in lobe or "collapse" in lobe
    blown = text_of(Truth((Abnormality("Emphysema", "bilateral"),)), style).lower()
    assert "emphysem" in blown
    assert "clear" not in blown
