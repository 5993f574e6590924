"""The audit's hash chain: what people do is written, and a row changed by hand is found."""

import threading

import pytest
from sqlalchemy import text

from feedback_db.people import audit, audit_check, sessions
from feedback_db.reading import readings


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
        return audit_check.verify(session)


def tamper(database, statement):
    with database.session() as session:
        session.execute(text(statement))


def test_an_empty_and_a_growing_chain_hold(database):
    assert verify(database) == audit_check.Verification(holds=True, checked=0)
    append(database, 5)
    assert verify(database) == audit_check.Verification(holds=True, checked=5)


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
    assert verify(database) == audit_check.Verification(holds=True, checked=30)


def test_what_is_rolled_back_leaves_no_trace_in_the_chain(database):
    append(database, 2)
    with pytest.raises(ZeroDivisionError), database.session() as session:  # noqa: PT012
        audit.append(session, reader_id=None, action="test", subject="thing:2")
        _ = 1 / 0
    append(database, 1)
    assert verify(database) == audit_check.Verification(holds=True, checked=3)


def sign_and_amend(database, clinic):
    numbers = {"reading_id": clinic.reading_id, "reader_id": clinic.reader_id}
    with database.session() as session:
        readings.sign(
            session,
            readings.Step(**numbers, expected_revision=0),
            text="Signed.",
            sentences=[{"text": "Signed."}],
        )
    with database.session() as session:
        readings.amend(
            session,
            readings.Step(**numbers, expected_revision=1),
            text="Amended.",
            sentences=[{"text": "Amended."}],
        )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE reading_revision SET text = 'Other.' WHERE revision = 1",
        "UPDATE reading_revision SET text = 'Other.' WHERE revision = 2",
        "UPDATE reading_revision SET sentences = '[]' WHERE revision = 2",
        "UPDATE reading_revision SET kind = 'save' WHERE revision = 2",
        "DELETE FROM reading_revision WHERE revision = 1",
        "UPDATE reading SET text = 'Other.'",
        "UPDATE reading SET sentences = '[]'",
        "UPDATE reading SET status = 'open'",
        "UPDATE reading SET text = 'Signed.'",  # what the amendment replaced
    ],
)
def test_a_signed_report_changed_by_hand_is_found(database, clinic, statement):
    sign_and_amend(database, clinic)
    assert verify(database) == audit_check.Verification(holds=True, checked=5)
    tamper(database, statement)
    found = verify(database)
    assert (found.holds, found.broken_at, found.readings) == (False, None, (clinic.reading_id,))


def test_an_amendment_being_written_or_given_up_is_no_change(database, clinic):
    sign_and_amend(database, clinic)
    numbers = {"reading_id": clinic.reading_id, "reader_id": clinic.reader_id}
    with database.session() as session:
        readings.keep_amendment(
            session, readings.Step(**numbers, expected_revision=2), text="Half", sentences=[]
        )
    assert verify(database).holds
    with database.session() as session:
        readings.discard_amendment(session, readings.Step(**numbers, expected_revision=3))
    assert verify(database).holds


def test_a_signature_of_before_there_were_fingerprints_is_passed_over(database, clinic):
    with database.session() as session:
        audit.append(
            session,
            reader_id=clinic.reader_id,
            action="sign",
            subject=f"reading:{clinic.reading_id}",
            data={"study": 1, "revision": 1, "draft": 1},
        )
    assert verify(database).holds


def test_a_day_of_work_is_written_with_who_did_it(database, clinic):
    with database.session() as session:
        sessions.start(session, reader_id=clinic.reader_id)
        readings.sign(
            session,
            readings.Step(reading_id=clinic.reading_id, reader_id=clinic.reader_id, expected_revision=0),
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
