"""The audit's hash chain: what people do is written, and a row changed by hand is found."""

import threading

import pytest
from sqlalchemy import text

from feedback_db import audit, readings, sessions


def append(database, count):
    for number in range(count):
        with database.session() as session:
            audit.append(
                session,
                reader_id=None,
                action="test",
                subject=f"thing:{number}",
                data={"share": 0.1 * number, "word": "Größe"},
            )


def verify(database):
    with database.reading_session() as session:
        return audit.verify(session)


def tamper(database, statement):
    with database.session() as session:
        session.execute(text(statement))


def test_an_empty_and_a_growing_chain_hold(database):
    assert verify(database) == audit.Verification(holds=True, checked=0)
    append(database, 5)
    assert verify(database) == audit.Verification(holds=True, checked=5)


@pytest.mark.parametrize(
    ("statement", "broken_at"),
    [
        ("UPDATE audit_event SET action = 'other' WHERE id = 3", 3),
        ("UPDATE audit_event SET actor = 'someone' WHERE id = 1", 1),
        ("UPDATE audit_event SET subject = 'thing:9' WHERE id = 5", 5),
        ("UPDATE audit_event SET data = '{}' WHERE id = 2", 2),
        ("UPDATE audit_event SET at = '2020-01-01 00:00:00.000000' WHERE id = 4", 4),
        ("UPDATE audit_event SET hash = 'x' WHERE id = 2", 2),
        ("DELETE FROM audit_event WHERE id = 2", 3),  # the row after it no longer follows
        ("DELETE FROM audit_event WHERE id = 5", None),  # the head remembers the last row
        ("DELETE FROM audit_event", None),
    ],
)
def test_a_row_changed_by_hand_is_found(database, statement, broken_at):
    append(database, 5)
    tamper(database, statement)
    found = verify(database)
    assert not found.holds
    assert found.broken_at == broken_at
    assert found.problem


def test_many_writers_make_one_chain(database):
    threads = [threading.Thread(target=append, args=(database, 5)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert verify(database) == audit.Verification(holds=True, checked=30)


def test_what_is_rolled_back_leaves_no_trace_in_the_chain(database):
    append(database, 2)
    with pytest.raises(ZeroDivisionError), database.session() as session:  # noqa: PT012
        audit.append(session, reader_id=None, action="test", subject="thing:2")
        _ = 1 / 0
    append(database, 1)
    assert verify(database) == audit.Verification(holds=True, checked=3)


def test_a_day_of_work_is_written_with_who_did_it(database, clinic):
    with database.session() as session:
        sessions.start(session, reader_id=clinic.reader_id)
        readings.sign(
            session,
            reading_id=clinic.reading_id,
            reader_id=clinic.reader_id,
            expected_revision=0,
            text="Secret words.",
        )
    with database.reading_session() as session:
        rows = audit.recent(session)[::-1]
    told = [(row.actor, row.action, row.subject) for row in rows]
    assert told == [
        ("system", "add study", "study:1"),
        ("system", "create account", "reader:1"),
        ("system", "promote", "version:1"),
        ("Anna (reader 1)", "sign in", "reader:1"),
        ("Anna (reader 1)", "sign", "reading:1"),
    ]
    assert not any("Secret words" in str(row.data) for row in rows)
    assert verify(database).holds
