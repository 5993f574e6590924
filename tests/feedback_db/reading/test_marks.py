"""What readers say of sentences and regions."""

import pytest

from feedback_db.errors import AlreadySigned, NotAllowed
from feedback_db.people import audit
from feedback_db.reading import marks, readings
from feedback_db.reading.marks import ErrorMark


def test_a_sentence_has_one_row_for_each_error(database, clinic):
    with database.session() as session:
        marks.mark_sentence(
            session,
            reading_id=clinic.reading_id,
            reader_id=clinic.reader_id,
            sentence_index=0,
            text="The heart is large.",
            verdict="edited",
            errors=[ErrorMark("false finding", significant=True), ErrorMark("wrong severity")],
        )
        rows = marks.sentences_of(session, reading_id=clinic.reading_id)
    assert [(r.error_category, r.significant) for r in rows] == [
        ("false finding", True),
        ("wrong severity", False),
    ]


def test_marking_a_sentence_again_replaces_the_mark(database, clinic):
    with database.session() as session:
        for verdict in ("deleted", "accepted"):
            marks.mark_sentence(
                session,
                reading_id=clinic.reading_id,
                reader_id=clinic.reader_id,
                sentence_index=1,
                text="No effusion.",
                verdict=verdict,
            )
        (row,) = marks.sentences_of(session, reading_id=clinic.reading_id)
    assert (row.sentence_index, row.verdict, row.error_category) == (1, "accepted", None)


def test_a_box_moved_again_replaces_the_first(database, clinic):
    with database.session() as session:
        for x in (1.0, 2.5):
            marks.mark_region(
                session,
                reading_id=clinic.reading_id,
                reader_id=clinic.reader_id,
                region="right lung",
                action="moved",
                box_xywh=(x, 1.0, 2.0, 3.0),
            )
        (row,) = marks.regions_of(session, reading_id=clinic.reading_id)
    assert row.box == [2.5, 1.0, 2.0, 3.0]


def test_nobody_marks_anothers_reading(database, clinic):
    with database.session() as session, pytest.raises(NotAllowed):
        marks.mark_region(
            session, reading_id=clinic.reading_id, reader_id=99, region="right lung", action="removed"
        )


def test_an_inserted_sentence_is_counted_apart_from_the_draft_s(database, clinic):
    who = {"reading_id": clinic.reading_id, "reader_id": clinic.reader_id, "sentence_index": 0}
    with database.session() as session:
        marks.mark_sentence(session, **who, text="The heart is large.", verdict="deleted")
        marks.mark_sentence(
            session, **who, text="Small effusion.", verdict="inserted", errors=[ErrorMark("missed finding")]
        )
        assert [r.verdict for r in marks.sentences_of(session, reading_id=clinic.reading_id)] == [
            "deleted",
            "inserted",
        ]
        marks.unmark_sentence(session, **who, inserted=True)
        (row,) = marks.sentences_of(session, reading_id=clinic.reading_id)
    assert row.verdict == "deleted"


def test_a_mark_is_taken_back(database, clinic):
    who = {"reading_id": clinic.reading_id, "reader_id": clinic.reader_id}
    with database.session() as session:
        marks.mark_region(session, **who, region="trachea", action="drawn", box_xywh=(1, 2, 3, 4))
        marks.unmark_region(session, **who, region="trachea")
        assert marks.regions_of(session, reading_id=clinic.reading_id) == []


@pytest.mark.parametrize(("action", "box"), [("drawn", None), ("moved", None), ("removed", (1, 2, 3, 4))])
def test_a_box_belongs_to_what_was_done_with_it(database, clinic, action, box):
    with database.session() as session, pytest.raises(NotAllowed, match="needs a box"):
        marks.mark_region(
            session,
            reading_id=clinic.reading_id,
            reader_id=clinic.reader_id,
            region="trachea",
            action=action,
            box_xywh=box,
        )


HEART = {"sentence_index": 0, "text": "The heart is large.", "verdict": "deleted"}
CHANGES = [
    (marks.mark_sentence, HEART | {"errors": [ErrorMark("false finding", significant=True)]}),
    (marks.unmark_sentence, {"sentence_index": 0}),
    (marks.mark_region, {"region": "trachea", "action": "drawn", "box_xywh": (1, 2, 3, 4)}),
    (marks.unmark_region, {"region": "trachea"}),
]


@pytest.mark.parametrize(("change", "what"), CHANGES)
def test_the_marks_of_a_signed_report_stay_as_they_are(database, clinic, change, what):
    who = {"reading_id": clinic.reading_id, "reader_id": clinic.reader_id}
    with database.session() as session:
        marks.mark_sentence(session, **who, **HEART)
        marks.mark_region(session, **who, region="trachea", action="removed")
        readings.sign(session, readings.Step(**who, expected_revision=0))
    with database.session() as session, pytest.raises(AlreadySigned, match="amend it first"):
        change(session, **who, **what)
    with database.reading_session() as session:
        assert [row.error_category for row in marks.sentences_of(session, reading_id=who["reading_id"])] == [
            None
        ]
        assert [row.action for row in marks.regions_of(session, reading_id=who["reading_id"])] == ["removed"]


def test_marks_change_under_an_amendment_and_the_audit_says_how(database, clinic):
    who = {"reading_id": clinic.reading_id, "reader_id": clinic.reader_id}
    with database.session() as session:
        marks.mark_sentence(session, **who, **HEART)  # not signed yet: the audit has no row of it
        readings.sign(session, readings.Step(**who, expected_revision=0))
        readings.keep_amendment(session, readings.Step(**who, expected_revision=1), text="Half", sentences=[])
        for change, what in CHANGES:
            change(session, **who, **what)
        rows = audit.recent(session, limit=5)[::-1]
    assert [row.action for row in rows] == [
        "sign",
        "mark sentence",
        "unmark sentence",
        "mark region",
        "unmark region",
    ]
    error = {"category": "false finding", "significant": True}
    where = {"study": clinic.study_id, "revision": 2}
    assert rows[1].data == where | {"sentence": 0, "verdict": "deleted", "errors": [error]}
    assert rows[3].data == where | {
        "image": clinic.study_id,
        "region": "trachea",
        "action": "drawn",
        "box": [1, 2, 3, 4],
    }
