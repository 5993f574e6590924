"""The link that the server prints when it starts."""

import threading

import pytest
from sqlalchemy import text

from feedback_db.errors import FirstAdminNeeded, LinkInvalid, WeakPassword
from feedback_db.people import accounts, sessions


def issue(database, hours=24.0):
    with database.session() as session:
        return sessions.issue_one_time_link(session, hours=hours)


def redeem(database, token, **given):
    with database.session() as session:
        return sessions.redeem_one_time_link(session, token=token, **given)


def test_the_first_link_makes_the_administrator(database):
    admin = redeem(database, issue(database), name="Ada", password="a long password")
    assert (admin.name, admin.role) == ("Ada", "admin")
    with database.session() as session:
        assert accounts.authenticate(session, name="Ada", password="a long password") is not None


def test_without_a_name_the_first_link_asks_for_one_and_stays_good(database):
    token = issue(database)
    with pytest.raises(FirstAdminNeeded):
        redeem(database, token)
    assert redeem(database, token, name="Ada", password="a long password").role == "admin"


def test_a_weak_password_does_not_use_the_link_up(database):
    token = issue(database)
    with pytest.raises(WeakPassword):
        redeem(database, token, name="Ada", password="short")
    assert redeem(database, token, name="Ada", password="a long password").role == "admin"


def test_a_later_link_signs_in_as_the_administrator(database):
    admin = redeem(database, issue(database), name="Ada", password="a long password")
    with database.session() as session:
        accounts.create_reader(session, name="Bert", password="a long password")
    assert redeem(database, issue(database)).id == admin.id


def test_a_link_works_once(database):
    token = issue(database)
    redeem(database, token, name="Ada", password="a long password")
    with pytest.raises(LinkInvalid):
        redeem(database, token)


def test_of_two_who_redeem_a_link_at_once_one_does(database):
    redeem(database, issue(database), name="Ada", password="a long password")
    token, barrier, answers = issue(database), threading.Barrier(2), []

    def go():
        barrier.wait()
        try:
            answers.append(redeem(database, token).name)
        except LinkInvalid:
            answers.append("refused")

    threads = [threading.Thread(target=go) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["Ada", "refused"]


@pytest.mark.parametrize("given", [{}, {"name": "Ada", "password": "a long password"}])
def test_an_expired_or_made_up_link_is_refused(database, given):
    with pytest.raises(LinkInvalid):
        redeem(database, issue(database, hours=-1), **given)
    with pytest.raises(LinkInvalid):
        redeem(database, "made up", **given)
    with database.reading_session() as session:
        assert accounts.everyone(session) == []


def test_looking_at_a_link_does_not_use_it_up(database):
    token = issue(database)
    with database.reading_session() as session:
        assert sessions.one_time_link_is_good(session, token=token)
        assert sessions.one_time_link_is_good(session, token=token)
        assert not sessions.one_time_link_is_good(session, token="made up")
        assert token not in str(session.execute(text("SELECT * FROM one_time_link")).all())
