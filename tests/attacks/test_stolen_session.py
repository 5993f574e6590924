"""A cookie or a link in the wrong hands: it opens nothing once the account or the link was dealt with."""

import threading
from collections.abc import Callable

import pytest

from feedback_db.errors import LinkInvalid, NotAllowed
from feedback_db.people import accounts, sessions
from feedback_db.store.database import Database
from tests.feedback_db.conftest import cluster, database, database_url, installation, migrated_database

__all__ = ["cluster", "database", "database_url", "installation", "migrated_database"]
PASSWORD = "a long password"


@pytest.fixture
def boss(database: Database) -> int:
    with database.session() as session:
        return accounts.create_reader(session, name="Boss", password=PASSWORD, role="admin").id


@pytest.fixture
def anna(database: Database) -> int:
    with database.session() as session:
        return accounts.create_reader(session, name="Anna", password=PASSWORD, sites=["A"]).id


@pytest.mark.parametrize(
    "act",
    [
        lambda session, one, by: accounts.assign(session, reader_id=one, role="lead", sites=["A"], by=by),
        lambda session, one, by: accounts.assign(session, reader_id=one, role="reader", sites=["B"], by=by),
        lambda session, one, by: accounts.assign(session, reader_id=one, role="reader", sites=None, by=by),
        lambda session, one, by: accounts.reset_password(
            session, reader_id=one, new="another long one", by=by
        ),
        lambda session, one, by: accounts.change_password(
            session, reader_id=one, old=PASSWORD, new="another long one"
        ),
        lambda session, one, by: accounts.set_enabled(session, reader_id=one, enabled=False, by=by),
    ],
    ids=["another role", "another site", "every site", "given a password", "took a password", "disabled"],
)
def test_a_stolen_cookie_dies_with_what_the_account_was(
    database: Database, boss: int, anna: int, act: Callable[..., object]
) -> None:
    with database.session() as session:
        stolen = sessions.start(session, reader_id=anna)
        act(session, anna, boss)
    with database.session() as session:
        accounts.set_enabled(session, reader_id=anna, enabled=True, by=boss)
        assert sessions.holder(session, token=stolen) is None


def test_saving_an_account_as_it_was_signs_nobody_out(database: Database, boss: int, anna: int) -> None:
    with database.session() as session:
        token = sessions.start(session, reader_id=anna)
        accounts.assign(session, reader_id=anna, role="reader", sites=["A"], by=boss)
        assert sessions.holder(session, token=token) is not None


def issue(database: Database) -> str:
    with database.session() as session:
        return sessions.issue_one_time_link(session)


@pytest.mark.usefixtures("boss")
def test_a_link_of_an_earlier_start_opens_nothing(database: Database) -> None:
    old, new = issue(database), issue(database)
    with database.session() as session:
        assert not sessions.one_time_link_is_good(session, token=old)
        with pytest.raises(LinkInvalid):
            sessions.redeem_one_time_link(session, token=old)
        assert sessions.redeem_one_time_link(session, token=new).name == "Boss"
        assert not sessions.one_time_link_is_good(session, token=new)


def demote(one: int, by: int) -> Callable[[Database], object]:
    def act(database: Database) -> object:
        with database.session() as session:
            return accounts.assign(session, reader_id=one, role="reader", sites=None, by=by)

    return act


def disable(one: int, by: int) -> Callable[[Database], object]:
    def act(database: Database) -> object:
        with database.session() as session:
            return accounts.set_enabled(session, reader_id=one, enabled=False, by=by)

    return act


@pytest.mark.parametrize(("first", "second"), [(demote, demote), (demote, disable), (disable, disable)])
def test_two_who_take_each_other_out_at_once_leave_an_administrator(
    database: Database, boss: int, first: Callable[..., object], second: Callable[..., object]
) -> None:
    with database.session() as session:
        other = accounts.create_reader(session, name="Other", password=PASSWORD, role="admin").id
    barrier, refused = threading.Barrier(2), []

    def go(act: Callable[[Database], object]) -> None:
        barrier.wait()
        try:
            act(database)
        except NotAllowed as error:
            refused.append(str(error))

    acts = (first(other, boss), second(boss, other))
    threads = [threading.Thread(target=go, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(refused) == 1
    assert "is the last administrator" in refused[0]
    with database.reading_session() as session:
        assert accounts.first_admin(session) is not None
