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

from feedback_db.engine import make_engine
from feedback_db.errors import DatabaseTooNew

# Any number will do, as long as nothing else in the same PostgreSQL database uses it.
_LOCK_NUMBER = 7239041


def upgrade(url: str, to: str = "head") -> None:
    """Migrate up to revision ``to``; does nothing where the database is there already.

    Raises:
        DatabaseTooNew: the database is at a revision that this release does not know.
    """
    _migrate(url, to, up=True)


def downgrade(url: str, to: str) -> None:
    """Migrate down to revision ``to``; ``"base"`` drops every table."""
    _migrate(url, to, up=False)


def current(url: str) -> str | None:
    """The revision that the database is at; None where it is empty."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision()
    finally:
        engine.dispose()


def newest() -> str | None:
    """The newest revision that this release knows."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def migrate(url: str, to: str = "head") -> None:
    """Go to revision ``to``, up or down, whichever way it lies."""
    script = ScriptDirectory.from_config(_config())
    there = "base" if to == "base" else script.get_revision(to).revision
    here = current(url)
    older = {revision.revision for revision in script.iterate_revisions(here, "base")} if here else set()
    if there == "base" or (there in older and there != here):
        downgrade(url, there)
    else:
        upgrade(url, there)


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.attributes["connection"] = connection
    return config


def _migrate(url: str, to: str, *, up: bool) -> None:
    # Foreign keys are off while tables are rebuilt; the pragma cannot change within a transaction.
    engine = make_engine(url, foreign_keys=False)
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK_NUMBER})
            config = _config(connection)
            here = MigrationContext.configure(connection).get_current_revision()
            if here is not None:
                try:
                    ScriptDirectory.from_config(config).get_revision(here)
                except CommandError as error:
                    raise DatabaseTooNew from error
            (command.upgrade if up else command.downgrade)(config, to)
    finally:
        engine.dispose()
