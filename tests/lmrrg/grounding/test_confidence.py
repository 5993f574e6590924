"""From token probabilities to the probability of being right."""

from pathlib import Path

import numpy as np
import pytest

from lmrrg.errors import ModelError
from lmrrg.grounding.confidence import (
    Calibration,
    agreement,
    load_calibration,
    needs_eye,
    report_features,
    sentence_features,
)
from lmrrg.profiles.chest.findings import FINDINGS

IMAGE = {"Pleural Effusion": 0.8, "Pneumothorax": 0.1}
# Leaves findings as they are, takes the mean token probability for the confidence, and the differences for the error.
PLAIN = Calibration((1.0, 0.0), (1.0, 0.0, 0.0, 0.0), (0.0, 1.0, 0.0, 0.0), "nothing")


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("There is a pleural effusion.", 0.8),
        ("No pleural effusion or pneumothorax.", 0.2),  # the less likely of the two claims counts
        ("No pneumothorax.", 0.9),
        ("No left pleural effusion.", None),
        ("Frontal view of the chest.", None),
    ],
)
def test_agreement_with_the_image(sentence: str, expected: float | None) -> None:
    assert agreement(sentence, IMAGE) == (None if expected is None else pytest.approx(expected))


def test_features_of_a_sentence_are_logits() -> None:
    features = sentence_features(0.5, 0.5, "There is a pleural effusion.", IMAGE)
    assert features == pytest.approx([0.0, 0.0, np.log(0.8 / 0.2)])
    assert sentence_features(0.5, 0.5, "Frontal view of the chest.", IMAGE)[2] == 0


def test_features_of_a_report() -> None:
    surprise, differing, left_out = report_features([0.5, 0.5], ["There is a pleural effusion."], IMAGE, 3)
    assert surprise == pytest.approx(2 * np.log(2))
    assert differing == 3
    assert left_out == pytest.approx(np.log(0.1 / 0.9))  # the pneumothorax; the effusion is stated


def test_maps_are_logistic() -> None:
    assert PLAIN.sentence_confidence(np.array([0.0, 5.0, 5.0])) == pytest.approx(0.5)
    assert PLAIN.report_error(np.array([9.0, 0.0, 9.0])) == pytest.approx(0.5)


def test_findings_keep_their_order_and_no_finding_follows_from_the_rest() -> None:
    told = PLAIN.findings({name: 0.3 if name == "Edema" else 0.1 for name in FINDINGS})
    assert tuple(told) == FINDINGS
    assert told["Edema"] == pytest.approx(0.3)
    assert told["No Finding"] == pytest.approx(0.7)


def test_what_was_saved_is_read_again(tmp_path: Path) -> None:
    PLAIN.save(tmp_path / "fitted.json")
    assert load_calibration(tmp_path / "fitted.json") == PLAIN


def test_a_folder_without_one_has_none(tmp_path: Path) -> None:
    assert load_calibration(tmp_path / "fitted.json") is None


@pytest.mark.parametrize("text", ["", "{}", '{"finding": [1], "sentence": [1], "report": [1]}', "[]"])
def test_a_damaged_file_is_refused_with_advice(tmp_path: Path, text: str) -> None:
    (tmp_path / "fitted.json").write_text(text)
    with pytest.raises(ModelError, match="remove the file"):
        load_calibration(tmp_path / "fitted.json")


@pytest.mark.parametrize(
    ("error", "novelty", "expected"),
    [
        (0.3, None, 0.3),
        (0.3, 0.9, 0.3),  # an image that the model knows
        (0.0, 2.0, 0.5),
        (0.5, 2.0, 0.75),
        (1.0, 1.0, 1.0),
    ],
)
def test_how_much_a_study_needs_a_human_eye(error: float, novelty: float | None, expected: float) -> None:
    assert needs_eye(error, novelty) == pytest.approx(expected)
