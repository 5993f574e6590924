"""What readers say of sentences and regions."""

import pytest

from feedback_db import marks
from feedback_db.errors import NotAllowed
from feedback_db.marks import ErrorMark


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
