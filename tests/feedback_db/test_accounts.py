"""Accounts, passwords and sign-in sessions."""

import pytest
from sqlalchemy import text

from feedback_db import accounts
from feedback_db.errors import NameTaken, NotAllowed, WeakPassword
from feedback_db.models import Reader, now

PASSWORD = "a long password"


@pytest.fixture
def anna(database):
    with database.session() as session:
        return accounts.create_reader(session, name="Anna", password=PASSWORD, role="lead")


def test_the_right_password_finds_the_reader(database, anna):
    with database.session() as session:
        found = accounts.authenticate(session, name="Anna", password=PASSWORD)
    assert found is not None
    assert (found.id, found.role) == (anna.id, "lead")


def test_names_are_the_same_in_any_case(database, anna):
    with database.session() as session:
        assert accounts.authenticate(session, name=" anna ", password=PASSWORD) is not None
        with pytest.raises(NameTaken):
            accounts.create_reader(session, name="ANNA", password=PASSWORD)


@pytest.mark.parametrize(("name", "password"), [("Anna", "wrong password"), ("Bert", PASSWORD), ("", "")])
def test_a_wrong_name_or_password_finds_nobody(database, anna, name, password):
    with database.session() as session:
        assert accounts.authenticate(session, name=name, password=password) is None


def test_failures_in_a_row_are_counted_until_one_succeeds(database, anna):
    def failures():
        with database.reading_session() as session:
            return accounts.get(session, reader_id=anna.id).failed_sign_ins

    for _ in range(2):
        with database.session() as session:
            accounts.authenticate(session, name="Anna", password="wrong")
    assert failures() == 2
    with database.session() as session:
        accounts.authenticate(session, name="Anna", password=PASSWORD)
    assert failures() == 0


def test_the_database_holds_neither_password_nor_token(database, anna):
    with database.session() as session:
        token = accounts.start_session(session, reader_id=anna.id)
    with database.reading_session() as session:
        stored = str(session.execute(text("SELECT * FROM reader")).all())
        stored += str(session.execute(text("SELECT * FROM sign_in_session")).all())
        stored += str(session.execute(text("SELECT * FROM audit_event")).all())
    assert "$argon2id$" in stored
    assert PASSWORD not in stored
    assert token not in stored


def test_a_session_lasts_until_it_is_ended(database, anna):
    with database.session() as session:
        token = accounts.start_session(session, reader_id=anna.id)
    with database.session() as session:
        holder = accounts.reader_of_token(session, token=token)
        assert holder is not None
        assert holder.id == anna.id
        accounts.end_session(session, token=token)
        assert accounts.reader_of_token(session, token=token) is None


def test_a_session_expires(database, anna):
    with database.session() as session:
        token = accounts.start_session(session, reader_id=anna.id, hours=-0.001)
        assert accounts.reader_of_token(session, token=token) is None


def test_a_made_up_token_is_nobodys(database, anna):
    with database.session() as session:
        assert accounts.reader_of_token(session, token="x" * 43) is None
        accounts.end_session(session, token="x" * 43)


def test_a_disabled_account_is_signed_out_and_stays_out(database, anna):
    with database.session() as session:
        token = accounts.start_session(session, reader_id=anna.id)
        session.get_one(Reader, anna.id).disabled_at = now()
    with database.session() as session:
        assert accounts.reader_of_token(session, token=token) is None
        assert accounts.authenticate(session, name="Anna", password=PASSWORD) is None


def test_a_short_password_and_a_blank_name_are_refused(database):
    with database.session() as session:
        with pytest.raises(WeakPassword, match="at least 8"):
            accounts.create_reader(session, name="Anna", password="seven77")
        with pytest.raises(NotAllowed):
            accounts.create_reader(session, name="  ", password=PASSWORD)
        assert accounts.everyone(session) == []
