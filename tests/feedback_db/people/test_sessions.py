"""The two kinds of session, and how SQLite is set up so that no acknowledged edit is lost."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from feedback_db.models import Reading
from feedback_db.reading import readings
from feedback_db.studies import studies


@pytest.fixture
def sqlite_only(database):
    if database.engine.dialect.name != "sqlite":
        pytest.skip("about SQLite's own settings")


@pytest.mark.usefixtures("sqlite_only")
@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("synchronous", 1), ("foreign_keys", 1), ("busy_timeout", 30000)],
)
def test_sqlite_is_set_up_to_keep_what_it_acknowledged(database, pragma, value):
    for open_session in (database.session, database.reading_session):
        with open_session() as session:
            assert session.scalar(text(f"PRAGMA {pragma}")) == value


def test_a_reading_session_refuses_to_write(database, clinic):
    with database.reading_session() as session, pytest.raises(DBAPIError):
        session.execute(text("UPDATE reading SET text = 'x'"))
    with database.session() as session:
        assert session.get_one(Reading, clinic.reading_id).text != "x"


def test_reading_goes_on_while_another_writes(database, clinic):
    with database.session() as writer:
        writer.execute(text("UPDATE reading SET text = 'not committed'"))
        with database.reading_session() as session:
            assert readings.get(session, reading_id=clinic.reading_id).text.startswith("The heart")


def test_a_reading_session_sees_one_state_from_beginning_to_end(database, clinic):
    with database.reading_session() as session:
        before = session.scalar(text("SELECT text FROM reading"))
        with database.session() as writer:
            writer.execute(text("UPDATE reading SET text = 'newer'"))
        assert session.scalar(text("SELECT text FROM reading")) == before
    with database.reading_session() as session:
        assert session.scalar(text("SELECT text FROM reading")) == "newer"


def test_rows_can_be_read_after_their_session_closed(database, clinic):
    with database.session() as session:
        written = readings.save(
            session,
            readings.Step(reading_id=clinic.reading_id, reader_id=clinic.reader_id, expected_revision=0),
            text="Kept.",
            sentences=[],
        )
    with database.reading_session() as session:
        read = studies.get(session, study_id=clinic.study_id)
    assert (written.text, written.revision, read.patient_key) == ("Kept.", 1, "p1")
    assert written.opened_at.utcoffset().total_seconds() == 0


def test_foreign_keys_hold(database, clinic):
    with database.session() as session, pytest.raises(IntegrityError):
        session.execute(text("UPDATE reading SET study_id = 99"))


def test_a_word_outside_the_list_is_refused_by_the_database(database, clinic):
    with database.session() as session, pytest.raises(IntegrityError):
        session.execute(text("UPDATE reading SET status = 'finished'"))
