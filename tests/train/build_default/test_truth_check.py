"""Sentences against the truth of a phantom."""

import numpy as np
import pytest

from lmrrg.profiles.chest.phantom import STYLES, Abnormality, Phantom, Truth, draw, write_report
from train.build_default.truth_check import report_errs, sentence_is_right

RIGHT_EFFUSION = Truth((Abnormality("Pleural Effusion", "right", "lower", "small"),))


@pytest.fixture(scope="module")
def effusion() -> Phantom:
    return draw(0, size=64, truth=RIGHT_EFFUSION)


@pytest.mark.parametrize(
    ("sentence", "right"),
    [
        ("There is a small right pleural effusion.", True),
        ("There is a pleural effusion.", True),
        ("There is a small left pleural effusion.", False),
        ("There are bilateral pleural effusions.", False),
        ("There is no pleural effusion or pneumothorax.", False),
        ("There is no left pleural effusion.", True),
        ("There is no pneumothorax.", True),
        ("The lungs are clear.", True),
        ("No acute cardiopulmonary abnormality.", False),
        ("Possible pneumonia.", None),
        ("Frontal view of the chest.", None),
    ],
)
def test_sentences_of_a_right_effusion(effusion: Phantom, sentence: str, right: bool | None) -> None:
    assert sentence_is_right(sentence, effusion) is right


def test_a_report_errs_by_what_it_says_and_by_what_it_leaves_out(effusion: Phantom) -> None:
    right = "There is a small right pleural effusion."
    assert not report_errs([right, "Heart size is normal."], effusion)
    assert report_errs(["Heart size is normal."], effusion)
    assert report_errs([right, "The heart is enlarged."], effusion)


def test_what_is_written_from_the_truth_is_right_in_every_style() -> None:
    for seed in range(7_900_000, 7_900_012):
        phantom = draw(seed, size=64, site="AB"[seed % 2], randomise_look=True)
        for style in STYLES.values():
            texts = [s.text for s in write_report(phantom.truth, style, np.random.default_rng(seed))]
            wrong = [text for text in texts if sentence_is_right(text, phantom) is False]
            assert not wrong, phantom.truth
