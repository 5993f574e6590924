"""Bring a database to a schema revision by Alembic, without a configuration file.

Two processes may start at once: the second waits for the first, then finds nothing to do. Knows no table.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, text

from feedback_db.errors import DatabaseTooNew, UnknownRevision
from feedback_db.store.engine import READ_ONLY, make_engine

# Any number will do, as long as nothing else in the same PostgreSQL database uses it.
_LOCK_NUMBER = 7239041
_SCRIPTS = str(Path(__file__).parent.parent / "migrations")


def upgrade(url: str) -> None:
    """Bring the database to the newest schema; does nothing where it is there already.

    Raises:
        DatabaseTooNew: the database is at a revision that this release does not know.
    """
    migrate(url, "head")


def migrate(url: str, to: str) -> None:
    """Go to revision ``to`` (``"head"``, ``"base"`` or a revision), up or down, whichever way it lies.

    All or nothing: a migration that fails leaves the schema as it was. ``"base"`` drops every table.

    Raises:
        DatabaseTooNew: the database is at a revision that this release does not know.
        UnknownRevision: this release does not know ``to``.
    """
    # Foreign keys are off while tables are rebuilt; the pragma cannot change within a transaction.
    engine = make_engine(url, foreign_keys=False)
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK_NUMBER})
            _go(connection, to)
    finally:
        engine.dispose()


def current(url: str) -> str | None:
    """The revision that the database is at; None where it is empty."""
    engine = make_engine(url)
    try:
        # Without the write lock: this must not wait for whoever writes.
        with engine.execution_options(**{READ_ONLY: True}).connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def knows(revision: str | None) -> bool:
    """Whether this release knows a schema revision; None is the empty database's."""
    config = Config()
    config.set_main_option("script_location", _SCRIPTS)
    try:
        ScriptDirectory.from_config(config).get_revision(revision or "base")
    except CommandError:
        return False
    return True


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration with our folder and this connection, for its own commands (``revision``, ``check``)."""
    config = Config()
    config.set_main_option("script_location", _SCRIPTS)
    config.attributes["connection"] = connection
    return config


def _go(connection: Connection, to: str) -> None:
    config = alembic_config(connection)
    script = ScriptDirectory.from_config(config)
    here = MigrationContext.configure(connection).get_current_revision()
    try:
        script.get_revision(here or "base")
    except CommandError as error:
        raise DatabaseTooNew from error
    try:
        there = None if to == "base" else script.get_revision(to)
    except CommandError as error:
        raise UnknownRevision(to) from error
    older = {revision.revision for revision in script.iterate_revisions(here, "base")} if here else set()
    if there is None:
        command.downgrade(config, "base")
    elif there.revision in older:
        command.downgrade(config, there.revision)
    else:
        command.upgrade(config, there.revision)
