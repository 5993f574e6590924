"""On SQLite writers take turns, and a commit returns when the log was flushed after it."""

import os
import threading
import time

import pytest
from sqlalchemy import select

from feedback_db.models import Macro, Reader
from feedback_db.store.database import Database


@pytest.fixture
def database(tmp_path):
    opened = Database.open(f"sqlite:///{tmp_path / 'feedback.sqlite3'}")
    yield opened
    opened.close()


def add(database, name):
    with database.session() as session:
        session.add(Reader(name=name, name_key=name, role="reader", password_hash=""))


def test_every_commit_is_flushed_before_it_returns(database, monkeypatch):
    flushed = []
    monkeypatch.setattr(os, "fsync", flushed.append)
    add(database, "a")
    assert len(flushed) == 1
    with database.reading_session() as session:
        assert session.scalars(select(Reader.name)).all() == ["a"]
    assert len(flushed) == 1  # a session that only reads waits for no disk


def test_commits_that_wait_share_a_flush(database, monkeypatch):
    """The first is being flushed, slowly, while five more are written: one more flush does for them all."""
    flushed, begun, go = [], threading.Event(), threading.Event()

    def slow(descriptor):
        flushed.append(descriptor)
        begun.set()
        go.wait(30)

    monkeypatch.setattr(os, "fsync", slow)
    first = threading.Thread(target=add, args=(database, "first"))
    first.start()
    assert begun.wait(30)
    others = [threading.Thread(target=add, args=(database, str(number))) for number in range(5)]
    for one in others:
        one.start()
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with database.reading_session() as session:
            if len(session.scalars(select(Reader.name)).all()) == 6:
                break
    assert all(one.is_alive() for one in others)  # written, but not yet acknowledged
    go.set()
    for one in (first, *others):
        one.join()
    assert len(flushed) == 2


def test_a_turn_ends_with_an_error_too(database):
    def fail():
        with database.session() as session:
            session.add(Reader(name="a", name_key="a", role="reader", password_hash=""))
            session.flush()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    with pytest.raises(Exception, match="FOREIGN KEY"), database.session() as session:
        session.add(Macro(reader_id=7, name="nl", text=""))
    add(database, "b")
    with database.reading_session() as session:
        assert session.scalars(select(Reader.name)).all() == ["b"]
