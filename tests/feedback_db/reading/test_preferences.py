"""Choices between two drafts, and what verdicts on sentences prefer."""

import pytest

from feedback_db.errors import AlreadyChosen, NotAllowed, NotFound
from feedback_db.people import accounts
from feedback_db.reading import marks, preferences, readings
from feedback_db.reading.marks import ErrorMark
from feedback_db.studies import drafts, studies


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
            **(
                {
                    "study_id": clinic.study_id,
                    "reader_id": clinic.reader_id,
                    "left_draft_id": left,
                    "right_draft_id": right,
                    "outcome": outcome,
                }
                | more
            ),
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
    for number, outcome in enumerate(("left", "tie", "right", "both_bad")):
        with database.session() as session:
            other = accounts.create_reader(session, name=f"Reader {number}", password="a long password")
        choose(database, clinic, *two, outcome, reader_id=other.id)
    with database.reading_session() as session:
        split = studies.get(session, study_id=clinic.study_id).split
        other_split = "held_out" if split == "training" else "training"
        assert [pair.outcome for pair in preferences.all_for(session, split=split)] == ["left", "right"]
        assert len(preferences.all_for(session, decided_only=False)) == 4
        assert preferences.all_for(session, split=other_split, decided_only=False) == []
        assert preferences.count(session, split=split) == {"choice": 2, "edit": 0}
        assert preferences.count(session, split=other_split) == {"choice": 0, "edit": 0}


def test_a_reader_judges_a_pair_once_however_the_two_stand(database, clinic, two):
    choose(database, clinic, *two, "left", strength=3, reasons=["findings"])
    for pair in (two, two[::-1]):
        with pytest.raises(AlreadyChosen) as again:
            choose(database, clinic, *pair, "right")
        assert again.value.outcome == "left"
    with database.reading_session() as session:
        kept = preferences.choice_of(session, reader_id=clinic.reader_id, draft_ids=(two[1], two[0]))
        assert (kept.outcome, kept.strength, kept.reasons) == ("left", 3, ["findings"])
        assert len(preferences.all_for(session)) == 1


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


@pytest.mark.parametrize(
    ("index", "sentence", "verdict", "errors", "chosen"),
    [
        (0, "The heart is large.", "deleted", [], ["No effusion."]),
        (1, "No effusion.", "deleted", [], ["The heart is large."]),
        (1, "No effusion.", "edited", ["missed finding", "wrong location"], ["The heart is large."]),  # once
        (0, "The heart is large.", "edited", [], []),  # reworded, not wrong
        (0, "Normal heart.", "deleted", [], []),  # of another draft
        (2, "Old fracture.", "inserted", ["missed finding"], []),  # the reader's own
    ],
)
def test_a_draft_is_better_without_its_wrong_sentence(
    database, clinic, index, sentence, verdict, errors, chosen
):
    who = {"reading_id": clinic.reading_id, "reader_id": clinic.reader_id}
    with database.session() as session:
        marks.mark_sentence(
            session,
            **who,
            sentence_index=index,
            text=sentence,
            verdict=verdict,
            errors=[ErrorMark(category) for category in errors],
        )
        assert preferences.from_verdicts(session) == []  # nobody has signed yet
        readings.sign(
            session,
            readings.Step(**who, expected_revision=0),
            text="Signed.",
            sentences=[{"text": "Signed."}],
        )
    with database.reading_session() as session:
        split = studies.get(session, study_id=clinic.study_id).split
        other_split = "held_out" if split == "training" else "training"
        pairs = preferences.from_verdicts(session, split=split)
        assert preferences.from_verdicts(session, split=other_split) == []
    assert [pair.chosen for pair in pairs] == chosen
    for pair in pairs:
        assert (pair.rejected, pair.strength) == ("The heart is large. No effusion.", 0.5)
        assert (pair.source, pair.draft_ids) == ("verdict", (None, clinic.draft_id))
