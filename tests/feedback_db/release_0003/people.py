"""The people of the installation that ``make.py`` makes: accounts of every role, sessions, links and macros."""

from feedback_db.people import accounts, macros, sessions
from feedback_db.store.database import Database

PASSWORD = "correct horse battery"


def people(database: Database) -> dict[str, int]:
    """An administrator by the first link, a lead, and readers of one site, of two, of all, and a disabled one."""
    with database.session() as session:
        link = sessions.issue_one_time_link(session)
    with database.session() as session:
        admin = sessions.redeem_one_time_link(session, token=link, name="Ada Admin", password=PASSWORD)
        sessions.start(session, reader_id=admin.id, means="link")
    found = {"admin": admin.id}
    for key, name, role, sites in (
        ("lead", "Lena Lead", "lead", None),
        ("anna", "Anna Ärztin", "reader", ["A", "B"]),
        ("ben", "Ben", "reader", ["B"]),
        ("carl", "Carl", "reader", None),
        ("gone", "Greta", "reader", ["A"]),
    ):
        with database.session() as session:
            made = accounts.create_reader(
                session, name=name, password=PASSWORD, role=role, sites=sites, by=admin.id
            )
            found[key] = made.id
    with database.session() as session:
        accounts.assign(session, reader_id=found["carl"], role="reader", sites=["A"], by=admin.id)
        accounts.set_enabled(session, reader_id=found["gone"], enabled=False, by=admin.id)
        token = sessions.start(session, reader_id=found["anna"])
        sessions.start(session, reader_id=found["ben"])
    with database.session() as session:
        sessions.end(session, token=token)
        sessions.issue_one_time_link(session)
    with database.session() as session:
        accounts.authenticate(session, name="Carl", password="a wrong password")
    with database.session() as session:
        macros.keep(session, reader_id=found["anna"], name="nl", text="The lungs are clear.")
        macros.keep(session, reader_id=found["anna"], name="gr", text="Größe regelrecht – kein Erguss.")
        macros.keep(session, reader_id=found["ben"], name="nl", text="No acute abnormality.")
    return found
