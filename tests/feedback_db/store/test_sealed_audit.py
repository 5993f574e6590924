"""Revision 0006 with people's work in the database: down to the schema of before, and up again."""

from sqlalchemy import select, text

from feedback_db.models import AuditEvent
from feedback_db.people import audit, audit_check
from feedback_db.people.audit_seal import GENESIS, hash_of_row
from feedback_db.reading import readings
from feedback_db.store import migration
from feedback_db.store.database import Database


def sign(database, clinic):
    numbers = {"reading_id": clinic.reading_id, "reader_id": clinic.reader_id}
    with database.session() as session:
        readings.save(session, readings.Step(**numbers, expected_revision=0), text="Begun.", sentences=[])
        readings.sign(session, readings.Step(**numbers, expected_revision=1), text="Signed.", sentences=[])


def verify(database):
    with database.reading_session() as session:
        return audit_check.verify(session)


def chain_of_before_holds(database):
    """The chain as the release of revision 0005 walks it: without seals."""
    previous, length = GENESIS, 0
    with database.reading_session() as session:
        rows = session.execute(
            select(
                *(getattr(AuditEvent, name) for name in ("at", "actor", "action", "subject", "data", "hash"))
            ).order_by(AuditEvent.id)
        )
        for row in rows:
            told = {name: getattr(row, name) for name in ("at", "actor", "action", "subject", "data")}
            if row.hash != hash_of_row(previous, **told):
                return False
            previous, length = row.hash, length + 1
        head = session.execute(text("SELECT hash, length FROM audit_head")).one()
    return tuple(head) == (previous, length)


def test_down_and_up_with_data_all_holds(database, database_url, clinic, installation):
    sign(database, clinic)
    database.engine.dispose()
    migration.migrate(database_url, "0005", installation)
    assert chain_of_before_holds(database)
    migration.upgrade(database_url, installation)
    again = Database.open(database_url, installation)
    found = verify(again)
    assert (found.holds, found.old_signatures) == (True, 0)  # the signature's own row still tells all
    with again.reading_session() as session:
        moves = [(row.data["from"], row.data["to"]) for row in audit.recent(session, limit=2)][::-1]
    assert moves == [("0006", "0005"), ("0005", "0006")]
    again.close()


def test_after_the_way_up_new_saves_must_bear_seals(database, database_url, clinic, installation):
    sign(database, clinic)
    database.engine.dispose()
    migration.migrate(database_url, "0005", installation)
    migration.upgrade(database_url, installation)
    with database.session() as session:
        step = readings.Step(reading_id=clinic.reading_id, reader_id=clinic.reader_id, expected_revision=2)
        readings.keep_amendment(session, step, text="Amending.", sentences=[])
    assert verify(database).holds
    with database.session() as session:
        session.execute(text("UPDATE reading_revision SET text = 'x', seal = NULL WHERE revision = 3"))
    assert verify(database).readings == (clinic.reading_id,)
