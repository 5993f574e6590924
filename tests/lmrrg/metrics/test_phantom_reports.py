"""The labeler and the error counter read our phantoms' reports as their writer meant them."""

import numpy as np
import pytest

from lmrrg.metrics.lite.counting.stated import statements
from lmrrg.metrics.lite.error_counts import count_errors
from lmrrg.metrics.lite.labels import label_report
from lmrrg.profiles.chest.phantom import (
    STYLES,
    Abnormality,
    PhantomSentence,
    Style,
    Truth,
    labels,
    random_style,
    write_report,
)
from lmrrg.profiles.chest.phantom.case_mix import CaseMix, sample_truth

SICK = CaseMix(normal=0.2, portable=0.5, followed=0.5, emphysema=0.2, collapse=1.0)
ANY = "random"


def written(style: str, seed: int) -> tuple[Truth, tuple[PhantomSentence, ...]]:
    rng = np.random.default_rng(seed)
    truth = sample_truth(rng, SICK)
    return truth, write_report(truth, random_style(rng) if style == ANY else STYLES[style], rng)


@pytest.mark.parametrize("style", [*STYLES, ANY])
def test_every_sentence_is_labelled_as_it_was_meant(style: str) -> None:
    wrong = []
    for seed in range(500):
        for sentence in written(style, seed)[1]:
            read = label_report(sentence.text)
            for finding, label in sentence.findings:
                # CheXpert leaves Lung Opacity blank where a text names a more special opacity.
                blank_allowed = finding == "Lung Opacity" and read[finding] is None
                if read[finding] != label and not blank_allowed:
                    wrong.append((sentence.text, finding, label, read[finding]))
            stated = dict(sentence.findings)
            extra = {name for name, label in read.items() if label == "positive"} - set(stated)
            if extra - {"No Finding", "Lung Opacity"}:
                wrong.append((sentence.text, "extra", sorted(extra)))
    assert wrong == []


@pytest.mark.parametrize("style", [*STYLES, ANY])
def test_the_report_has_the_labels_of_its_truth(style: str) -> None:
    wrong = []
    for seed in range(500):
        truth, sentences = written(style, seed)
        text = " ".join(sentence.text for sentence in sentences)
        read, known = label_report(text), labels(truth)
        # A dictated "consolidation" is an opacity that CheXpert leaves blank.
        names = set(known) - {"Lung Opacity"}
        different = {name for name in names if (read[name] == "positive") != (known[name] == "positive")}
        if different or "uncertain" in read.values():
            wrong.append((text, sorted(different)))
    assert wrong == []


CHANGE = {"new": "new", "larger": "worse", "smaller": "better", "unchanged": "stable"}
CONCEPT = {
    "Cardiomegaly": "cardiomegaly",
    "Pleural Effusion": "effusion",
    "Pneumothorax": "pneumothorax",
    "Edema": "edema",
    "Atelectasis": "atelectasis",
    "Lung Lesion": "lesion",
    "Fracture": "fracture",
    "Pleural Other": "pleural_thickening",
}


@pytest.mark.parametrize("style", [*STYLES, ANY])
def test_side_grade_and_change_are_read_as_they_are(style: str) -> None:
    grades = {None: None, "small": 2, "mild": 2, "moderate": 3, "large": 4, "severe": 4}
    wrong = []
    for seed in range(500):
        truth, sentences = written(style, seed)
        text = " ".join(sentence.text for sentence in sentences)
        present = statements(text).present
        for one in truth.abnormalities:
            if one.finding not in CONCEPT:
                continue
            change = truth.change(one)
            sides = () if one.finding == "Edema" else one.sides
            for side in sides or (None,):
                meant = (side, grades[one.severity], CHANGE[change] if change else None)
                read = {
                    (it.side, it.severity, it.change) for it in present if it.concept == CONCEPT[one.finding]
                }
                if one.finding == "Lung Lesion":  # a mass may be called large, a nodule solitary
                    read = {(it[0], None, it[2]) for it in read}
                if meant not in read:
                    wrong.append((text, meant, read))
    assert wrong == []


@pytest.mark.parametrize("style", [*STYLES, ANY])
def test_without_a_prior_nothing_is_compared(style: str) -> None:
    for seed in range(200):
        truth, sentences = written(style, seed)
        text = " ".join(sentence.text for sentence in sentences)
        if truth.prior is None:
            assert not any(one.change for one in statements(text).present), text
            for word in ("prior", "previous", "unchanged", "since", "interval", "before", "stable", "resol"):
                assert word not in text.lower(), text


@pytest.mark.parametrize("style", [*STYLES, ANY])
@pytest.mark.parametrize(
    ("then", "now", "wrong"),
    [
        ("small", "large", "There is a large right pleural effusion, decreased since the prior examination."),
        ("large", "small", "There is a small right pleural effusion, new since the prior examination."),
        ("small", "small", "There is a small right pleural effusion, increased since the prior examination."),
    ],
)
def test_a_false_comparison_is_counted(style: str, then: str, now: str, wrong: str) -> None:
    def effusion(size: str) -> Abnormality:
        return Abnormality("Pleural Effusion", "right", "lower", size)  # type: ignore[arg-type]

    truth = Truth((effusion(now),), prior=Truth((effusion(then),)))
    rng = np.random.default_rng(0)
    chosen: Style = random_style(rng) if style == ANY else STYLES[style]
    text = " ".join(sentence.text for sentence in write_report(truth, chosen, rng))
    assert count_errors(wrong, text).significant["false comparison"] == 1
    assert count_errors(text, text).total == 0
