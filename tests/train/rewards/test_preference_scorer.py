"""The preference scorer learns a reader's taste, and is silent when it does not know it."""

import sqlite3
from pathlib import Path

import pytest

from feedback_db.training.configuration import PreferenceSettings
from lmrrg.profiles.chest.findings import FINDINGS
from train.rewards.preference_scorer import Choice, PreferenceScorer, fit_scorer, text_features
from train.work import pipeline
from train.work.job import Job

SETTINGS = PreferenceSettings()
SHORT, LONG = "Lungs clear. Heart normal.", "The lungs are well aerated. The heart is of normal size."


def by_habit(count: int) -> list[Choice]:
    """A reader who always likes the telegraph style better."""
    zones = ["upper", "mid", "lower", "apical"]
    return [
        Choice(f"study {i}", f"{SHORT} Opacity {zones[i % 4]}.", f"{LONG} There is a {zones[i % 4]} opacity.")
        for i in range(count)
    ]


def test_a_clear_taste_is_learned() -> None:
    scorer = fit_scorer(by_habit(12), {}, SETTINGS)
    assert (scorer.heard, scorer.comparisons, scorer.accuracy) == (True, 12, 1.0)
    liked, disliked = scorer.score("Lungs clear."), scorer.score("The lungs are well aerated.")
    assert liked is not None
    assert disliked is not None
    assert liked > disliked


def test_too_few_comparisons_are_no_evidence() -> None:
    scorer = fit_scorer(by_habit(7), {}, SETTINGS)
    assert (scorer.heard, scorer.comparisons) == (False, 7)
    assert scorer.score(SHORT) is None


def test_a_reader_without_a_taste_is_no_evidence() -> None:
    fickle = [c if i % 2 else Choice(c.study, c.rejected, c.chosen) for i, c in enumerate(by_habit(16))]
    assert fit_scorer(fickle, {}, SETTINGS).score(SHORT) is None


def test_ties_pull_both_ways_alike() -> None:
    ties = [Choice(f"tie {i}", LONG, SHORT, tie=True) for i in range(200)]
    firm, torn = fit_scorer(by_habit(12), {}, SETTINGS), fit_scorer(by_habit(12) + ties, {}, SETTINGS)
    margin = [(s.score(SHORT) or 0) - (s.score(LONG) or 0) for s in (firm, torn)]
    assert torn.comparisons == 12
    assert 0 < margin[1] < margin[0] / 2


def test_the_image_decides_between_two_claims() -> None:
    seen, unseen = [0.0] * 14, [0.0] * 14
    seen[FINDINGS.index("Pleural Effusion")] = 1.0
    choices, probabilities = [], {}
    for i in range(16):
        present, absent = "Right pleural effusion.", "No pleural effusion."
        probabilities[f"study {i}"] = seen if i % 2 else unseen
        choices.append(Choice(f"study {i}", *((present, absent) if i % 2 else (absent, present))))
    scorer = fit_scorer(choices, probabilities, SETTINGS)
    right, wrong = (scorer.score("Right pleural effusion.", p) for p in (seen, unseen))
    assert right is not None
    assert wrong is not None
    assert right > wrong


def test_length_alone_earns_nothing() -> None:
    for text in ("Clear.", LONG * 5):
        assert float((text_features(text, None)[70:] ** 2).sum()) == pytest.approx(1.0)


def test_it_reads_back_as_it_was_written(tmp_path: Path) -> None:
    scorer = fit_scorer(by_habit(12), {}, SETTINGS)
    scorer.save(tmp_path / "scorer.json")
    again = PreferenceScorer.load(tmp_path / "scorer.json")
    assert again.score(LONG) == pytest.approx(scorer.score(LONG))
    assert again.accuracy == scorer.accuracy


def test_where_nobody_has_compared_anything_the_stage_says_that_it_stays_silent(job: Job) -> None:
    with sqlite3.connect(job.settings.data_folder / "feedback.sqlite3") as connection:
        connection.execute("delete from preference")
    connection.close()
    pipeline.run_stage(job, "snapshot")
    done = pipeline.run_stage(job, "preference")
    assert (done.comparisons, done.heard) == (0, False)
