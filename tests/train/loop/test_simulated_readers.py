"""Simulated readers edit as people do: what is right may stay, what is wrong goes, what is missing comes."""

import pytest

from benchmarks.loop.simulated_readers import SimulatedReader, seed_database
from feedback_db.reading import preferences, readings
from feedback_db.settings import Settings
from feedback_db.store.database import Database
from lmrrg.metrics.lite.error_counts import count_errors
from lmrrg.profiles.chest import phantom
from lmrrg.profiles.chest.phantom import STYLES, Phantom


@pytest.fixture(scope="module")
def study() -> Phantom:
    """A phantom with disease."""
    return next(
        drawn for drawn in (phantom.draw(seed, size=64) for seed in range(50)) if drawn.truth.abnormalities
    )


def reader(**more: float) -> SimulatedReader:
    return SimulatedReader(STYLES["structured"], seed=3, **more)  # type: ignore[arg-type]


def test_the_signed_report_is_right_whatever_the_draft(study: Phantom) -> None:
    for draft in ("", "The lungs are clear.", "Large left pneumothorax."):
        signed = reader().read(study, draft)
        assert count_errors(signed, study.report).total_significant == 0


def test_a_draft_in_the_readers_own_words_is_signed_unchanged(study: Phantom) -> None:
    own = " ".join(reader().own_words(study))
    assert reader().read(study, own) == own


def test_a_tolerant_reader_keeps_right_sentences_and_a_strict_one_rewords_them(study: Phantom) -> None:
    draft = study.report
    kept = reader(tolerance=1.0).read(study, draft)
    reworded = reader(tolerance=0.0).read(study, draft)
    assert any(sentence.text in kept for sentence in study.sentences)
    assert reworded == " ".join(reader().own_words(study))


@pytest.mark.parametrize(
    ("draft", "kept"),
    [
        ("The tip of the endotracheal tube lies above the carina.", True),
        ("A nasogastric tube ends in the stomach.", False),
        ("The endotracheal tube ends in the right main bronchus and should be withdrawn.", False),
        ("An ETT terminates above the carina, new since the prior examination.", False),
    ],
)
def test_only_a_sentence_about_the_same_device_in_the_same_place_is_kept(draft: str, kept: bool) -> None:
    tube = phantom.Truth(devices=(phantom.Device("endotracheal tube"),))
    drawn = phantom.draw(1, size=64, truth=tube)
    assert (draft in reader(tolerance=1.0).read(drawn, draft)) is kept


def test_nothing_of_the_draft_is_kept_twice() -> None:
    truth = phantom.Truth((phantom.Abnormality("Pneumothorax", "left", None, "small"),))
    drawn = phantom.draw(1, size=64, truth=truth)
    draft = "A small left pneumothorax is seen."
    assert reader(tolerance=1.0).read(drawn, draft).count(draft) == 1


def test_the_same_reader_signs_the_same(study: Phantom) -> None:
    assert reader().read(study, study.report) == reader().read(study, study.report)


def test_the_right_text_is_preferred_whatever_its_place(study: Phantom) -> None:
    right, wrong = " ".join(reader().own_words(study)), "Large left pneumothorax."
    assert reader().prefer(study, right, wrong) == "a"
    assert reader().prefer(study, wrong, right) == "b"
    assert reader().prefer(study, right, right) == "tie"


def test_readings_come_in_by_the_doors_that_people_use(settings: Settings, database: Database) -> None:
    before = seeded_counts(database)
    added = seed_database(database, settings, readings_wanted=2, held_out_wanted=1, choices=2, seed=9)
    assert [len(added.training), len(added.held_out)] == [2, 1]
    after = seeded_counts(database)
    assert (after[0] - before[0], after[1] - before[1]) == (2, 1)
    with database.reading_session() as session:
        (signed,) = [r for r in readings.signed_readings(session) if r.study_id == added.held_out[0]]
        chosen = preferences.all_for(session, split="training", decided_only=False)
    assert signed.draft_text
    assert signed.text != signed.draft_text
    assert {pair.study_id for pair in chosen if pair.source == "choice"} >= set(added.training)


def seeded_counts(database: Database) -> tuple[int, int]:
    with database.reading_session() as session:
        return (
            readings.count_signed(session, split="training"),
            readings.count_signed(session, split="held_out"),
        )
