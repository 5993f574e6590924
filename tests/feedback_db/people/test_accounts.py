"""Accounts, passwords and sign-in sessions."""

import importlib.util
import threading
from datetime import timedelta

import argon2
import pytest
from sqlalchemy import select, text

from feedback_db.errors import NameTaken, NotAllowed, WeakPassword, WrongPassword
from feedback_db.models import Reader, SignInSession, now
from feedback_db.people import accounts, audit, sessions

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
        token = sessions.start(session, reader_id=anna.id)
    with database.reading_session() as session:
        stored = str(session.execute(text("SELECT * FROM reader")).all())
        stored += str(session.execute(text("SELECT * FROM sign_in_session")).all())
        stored += str(session.execute(text("SELECT * FROM audit_event")).all())
    assert "$argon2id$" in stored
    assert PASSWORD not in stored
    assert token not in stored


def test_a_hash_costs_what_the_standard_asks_for():
    """RFC 9106, the second recommended option: 64 MiB, three passes, four lanes."""
    spec = importlib.util.find_spec("feedback_db.people.accounts")
    untouched = importlib.util.module_from_spec(spec)  # the other tests' passwords are hashed for nothing
    spec.loader.exec_module(untouched)
    stored = untouched._hashed(PASSWORD)
    assert argon2.extract_parameters(stored) == argon2.profiles.RFC_9106_LOW_MEMORY


def test_a_session_lasts_until_it_is_ended(database, anna):
    with database.session() as session:
        token = sessions.start(session, reader_id=anna.id)
    with database.session() as session:
        held = sessions.holder(session, token=token)
        assert held is not None
        assert held[0].id == anna.id
        sessions.end(session, token=token)
        assert sessions.holder(session, token=token) is None


def test_a_session_expires(database, anna):
    with database.session() as session:
        token = sessions.start(session, reader_id=anna.id, hours=-0.001)
        assert sessions.holder(session, token=token) is None


def test_a_made_up_token_is_nobodys(database, anna):
    with database.session() as session:
        assert sessions.holder(session, token="x" * 43) is None
        sessions.end(session, token="x" * 43)


def test_a_disabled_account_is_signed_out_and_stays_out(database, anna):
    with database.session() as session:
        token = sessions.start(session, reader_id=anna.id)
        session.get_one(Reader, anna.id).disabled_at = now()
    with database.session() as session:
        assert sessions.holder(session, token=token) is None
        assert accounts.authenticate(session, name="Anna", password=PASSWORD) is None


def test_a_short_password_and_a_blank_name_are_refused(database):
    with database.session() as session:
        with pytest.raises(WeakPassword, match="at least 8"):
            accounts.create_reader(session, name="Anna", password="seven77")
        with pytest.raises(NotAllowed):
            accounts.create_reader(session, name="  ", password=PASSWORD)
        assert accounts.everyone(session) == []


def test_a_name_in_any_alphabet_is_found_in_any_case(database):
    with database.session() as session:
        accounts.create_reader(session, name="Änne Ørsted", password=PASSWORD)
    with database.session() as session:
        assert accounts.authenticate(session, name="Änne Ørsted", password=PASSWORD) is not None
        assert accounts.authenticate(session, name="äNNE øRSTED", password=PASSWORD) is not None


def try_in(database, password):
    with database.session() as session:
        return accounts.authenticate(session, name="Anna", password=password)


def test_five_failures_lock_the_account_and_the_right_password_too(database, anna):
    for _ in range(5):
        assert try_in(database, "wrong") is None
    assert try_in(database, PASSWORD) is None
    with database.reading_session() as session:
        assert accounts.is_locked(accounts.get(session, reader_id=anna.id))
        assert [row.action for row in audit.recent(session, limit=2)] == ["failed sign-in", "lock account"]


def test_the_lock_ends_by_itself_and_the_next_failure_locks_again(database, anna):
    for _ in range(5):
        try_in(database, "wrong")
    wait(database, anna, accounts.LOCKED_FOR)
    assert try_in(database, "wrong") is None
    assert try_in(database, PASSWORD) is None
    wait(database, anna, accounts.LOCKED_FOR)
    assert try_in(database, PASSWORD) is not None
    assert try_in(database, "wrong") is None
    assert try_in(database, PASSWORD) is not None


def wait(database, reader, time):
    """As if the last failure had been this long ago."""
    with database.session() as session:
        found = session.get_one(Reader, reader.id)
        found.last_failed_at -= time


def test_of_many_guesses_at_once_no_more_than_five_are_looked_at(database, anna):
    threads = [threading.Thread(target=try_in, args=(database, "wrong")) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with database.reading_session() as session:
        assert accounts.get(session, reader_id=anna.id).failed_sign_ins == 5


def test_an_administrator_unlocks_by_enabling_or_by_a_new_password(database, anna):
    with database.session() as session:
        boss = accounts.create_reader(session, name="Boss", password=PASSWORD, role="admin")
    for _ in range(5):
        try_in(database, "wrong")
    with database.session() as session:
        accounts.set_enabled(session, reader_id=anna.id, enabled=True, by=boss.id)
    assert try_in(database, PASSWORD) is not None
    for _ in range(5):
        try_in(database, "wrong")
    with database.session() as session:
        accounts.reset_password(session, reader_id=anna.id, new="another long one", by=boss.id)
    assert try_in(database, PASSWORD) is None
    assert try_in(database, "another long one") is not None


def test_a_password_is_changed_by_who_knows_it(database, anna):
    with database.session() as session:
        with pytest.raises(WrongPassword):
            accounts.change_password(session, reader_id=anna.id, old="wrong", new="another long one")
        with pytest.raises(WeakPassword):
            accounts.change_password(session, reader_id=anna.id, old=PASSWORD, new="short")
        accounts.change_password(session, reader_id=anna.id, old=PASSWORD, new="another long one")
    assert try_in(database, "another long one") is not None


def test_other_sessions_end_and_one_s_own_goes_on(database, anna):
    with database.session() as session:
        mine, other = (sessions.start(session, reader_id=anna.id) for _ in range(2))
        accounts.change_password(session, reader_id=anna.id, old=PASSWORD, new="another long one", token=mine)
        assert sessions.holder(session, token=other) is None
        assert sessions.holder(session, token=mine) is not None


def test_an_idle_session_ends_and_a_used_one_does_not(database, anna):
    with database.session() as session:
        token = sessions.start(session, reader_id=anna.id)
    with database.session() as session:
        (row,) = session.scalars(select(SignInSession))
        row.last_seen_at -= timedelta(minutes=61)
    with database.session() as session:
        assert sessions.holder(session, token=token, idle_minutes=60) is None
        sessions.note(session, token=token)
        assert sessions.holder(session, token=token, idle_minutes=60) is not None


def test_nobody_takes_their_own_role_or_account_away(database):
    with database.session() as session:
        boss = accounts.create_reader(session, name="Boss", password=PASSWORD, role="admin")
        with pytest.raises(NotAllowed):
            accounts.assign(session, reader_id=boss.id, role="reader", sites=None, by=boss.id)
        with pytest.raises(NotAllowed):
            accounts.set_enabled(session, reader_id=boss.id, enabled=False, by=boss.id)
