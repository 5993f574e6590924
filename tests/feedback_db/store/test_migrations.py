"""The schema's way up and down."""

import threading

import pytest
from alembic import command
from sqlalchemy import inspect, text

from feedback_db.errors import DatabaseTooNew, UnknownRevision
from feedback_db.models import Base
from feedback_db.store import migration
from feedback_db.store.database import Database
from feedback_db.store.engine import make_engine


def tables(url):
    engine = make_engine(url)
    names = set(inspect(engine).get_table_names())
    engine.dispose()
    return names


def test_up_makes_every_table_and_down_drops_them(database_url):
    migration.upgrade(database_url)
    assert tables(database_url) == set(Base.metadata.tables) | {"alembic_version"}
    assert migration.current(database_url) == "0006"
    migration.migrate(database_url, "base")
    assert tables(database_url) == {"alembic_version"}
    assert migration.current(database_url) is None
    migration.migrate(database_url, "0006")
    assert migration.current(database_url) == "0006"


def test_the_migrations_make_what_the_models_say(database_url):
    migration.upgrade(database_url)
    engine = make_engine(database_url)
    with engine.begin() as connection:
        command.check(migration.alembic_config(connection))  # raises where they differ
    engine.dispose()


def test_opening_twice_and_at_once_migrates_once(database_url):
    opened, barrier = [], threading.Barrier(4)

    def go():
        barrier.wait()
        opened.append(Database.open(database_url))

    threads = [threading.Thread(target=go) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for database in opened:
        database.close()
    assert len(opened) == 4
    assert migration.current(database_url) == "0006"


def test_a_database_of_a_newer_release_is_left_alone(database_url):
    migration.upgrade(database_url)
    engine = make_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'from the future'"))
    engine.dispose()
    with pytest.raises(DatabaseTooNew):
        Database.open(database_url)
    engine = make_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    engine.dispose()


def test_an_unknown_revision_is_refused(database_url):
    with pytest.raises(UnknownRevision):
        migration.migrate(database_url, "no such thing")
