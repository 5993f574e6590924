"""A signed report that the rules could largely not read teaches by its words, and neither rewards nor judges."""

import sqlite3
from dataclasses import replace

from feedback_db.training.configuration import GateSettings
from lmrrg.metrics.lite.coverage import read_enough
from tests.train.judge.test_gate import results
from train.data import snapshot
from train.judge.gate import decide
from train.work import pipeline
from train.work.job import Job
from train.work.results import Taken

GERMAN = "Kein Nachweis eines Pneumothorax. Das Herz ist normal groß."


def sign_in_german(job: Job, split: str, studies: int) -> set[str]:
    """Have the first studies of a split signed in a language that is not read; their keys."""
    with sqlite3.connect(job.settings.data_folder / "feedback.sqlite3") as connection:
        found = connection.execute(
            "select reading.id, study.id from reading join study on study.id = reading.study_id "
            "where study.split = ? and reading.status = 'signed' order by study.id limit ?",
            (split, studies),
        ).fetchall()
        for reading, _ in found:
            connection.execute("update reading set text = ? where id = ?", (GERMAN, reading))
    connection.close()
    return {f"study {study}" for _, study in found}


def test_half_of_the_sentences_make_a_report_a_reference() -> None:
    assert read_enough("No effusion. Kein Pneumothorax.")
    assert not read_enough("No effusion. Kein Pneumothorax. Das Herz ist normal.")
    assert not read_enough("")


def test_it_is_learned_from_and_rewards_nothing(job: Job) -> None:
    dark = sign_in_german(job, "training", 2)
    taken = pipeline.run_stage(job, "snapshot")
    assert isinstance(taken, Taken)
    assert (taken.readings, taken.not_read) == (8, 2)
    frozen = snapshot.load(job)
    signed = frozen.examples(64)
    assert {one.key for one in signed if one.reference == GERMAN} == dark
    assert {one.key for one in frozen.to_reward(signed) if one.reference is None} == dark


def test_it_judges_nothing_and_is_counted(job: Job) -> None:
    dark = sign_in_german(job, "held_out", 2)
    judging, not_read = snapshot.held_out_examples(job, 64)
    assert not_read == 2
    assert not dark & {one.key for one in judging}


def test_the_gate_says_how_many_judged_nothing() -> None:
    verdict = decide(replace(results(), not_read=3), GateSettings())
    assert verdict.decision == "promote"
    assert verdict.reasons[-1] == (
        "3 signed held-out reports judged nothing: the rules could largely not read the wording."
    )
