"""Choices between two drafts."""

import pytest

from feedback_db import drafts, preferences, studies
from feedback_db.errors import NotAllowed, NotFound


@pytest.fixture
def two(database, clinic):
    """The numbers of two drafts of the clinic's study, with the texts "Left." and "Right."."""
    with database.session() as session:
        return [
            drafts.add(
                session, study_id=clinic.study_id, model_version_id=clinic.version_id, text=text, report={}
            ).id
            for text in ("Left.", "Right.")
        ]


def choose(database, clinic, left, right, outcome, **more):
    with database.session() as session:
        return preferences.record_choice(
            session,
            study_id=clinic.study_id,
            reader_id=clinic.reader_id,
            left_draft_id=left,
            right_draft_id=right,
            outcome=outcome,
            **more,
        )


@pytest.mark.parametrize(
    ("outcome", "chosen", "rejected"),
    [
        ("left", "Left.", "Right."),
        ("right", "Right.", "Left."),
        ("tie", "Left.", "Right."),  # neither was chosen: left stands first
        ("both_bad", "Left.", "Right."),
    ],
)
def test_the_outcome_decides_which_text_was_chosen(database, clinic, two, outcome, chosen, rejected):
    kept = choose(database, clinic, *two, outcome, strength=2)
    assert (kept.chosen_text, kept.rejected_text, kept.outcome, kept.strength) == (
        chosen,
        rejected,
        outcome,
        2,
    )
    assert kept.source == "choice"


def test_training_gets_decided_choices_of_its_split_only(database, clinic, two):
    for outcome in ("left", "tie", "right", "both_bad"):
        choose(database, clinic, *two, outcome)
    with database.reading_session() as session:
        split = studies.get(session, study_id=clinic.study_id).split
        other = "held_out" if split == "training" else "training"
        assert [pair.outcome for pair in preferences.all_for(session, split=split)] == ["left", "right"]
        assert len(preferences.all_for(session, decided_only=False)) == 4
        assert preferences.all_for(session, split=other, decided_only=False) == []


def test_a_draft_is_not_compared_with_itself_nor_across_studies(database, clinic, two, add_study):
    with pytest.raises(NotAllowed):
        choose(database, clinic, two[0], two[0], "left")
    study = add_study()
    with database.session() as session:
        elsewhere = drafts.add(
            session, study_id=study.id, model_version_id=clinic.version_id, text="x", report={}
        )
    with pytest.raises(NotAllowed):
        choose(database, clinic, two[0], elsewhere.id, "left")


def test_an_unknown_draft_and_an_unknown_strength_are_refused(database, clinic, two):
    with pytest.raises(NotFound, match="draft 99"):
        choose(database, clinic, two[0], 99, "left")
    with pytest.raises(NotAllowed, match="1, 2 or 3"):
        choose(database, clinic, *two, "left", strength=4)
