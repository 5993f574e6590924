"""Bring a database to a schema revision by Alembic, without a configuration file.

Two processes may start at once: the second waits for the first, then finds nothing to do. Knows nothing about tables.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, text

from feedback_db.errors import DatabaseTooNew, UnknownRevision
from feedback_db.migrations import plain_chain
from feedback_db.people.audit_seal import Seal
from feedback_db.settings import audit_key
from feedback_db.store.engine import READ_ONLY, make_engine

# Any number will do, as long as nothing else in the same PostgreSQL database uses it.
_LOCK_NUMBER = 7239041
_SCRIPTS = str(Path(__file__).parent.parent / "migrations")


def upgrade(url: str, data_folder: Path | None = None) -> tuple[str, ...]:
    """Bring the database to the newest schema; does nothing where it is there already. See ``migrate``.

    Raises:
        DatabaseTooNew: the database is at a revision that this release does not know.
    """
    return migrate(url, "head", data_folder)


def migrate(url: str, to: str, data_folder: Path | None = None) -> tuple[str, ...]:
    """Go to revision ``to`` (``"head"``, ``"base"`` or a revision), up or down, whichever way it lies.

    All or nothing: a migration that fails leaves the schema as it was. ``"base"`` drops every table.

    Returns what was changed of the rows, in sentences, one for each kind of change. ``data_folder`` is where images
    lie: revision 0004 reads from their headers which of them belong together, and says so where it cannot. A move
    between two schemas is a row of the audit, sealed with that folder's key.

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
            seal = Seal(audit_key(data_folder)) if data_folder is not None else Seal()
            return _go(connection, to, data_folder, seal)
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


def is_newest(url: str) -> bool:
    """Whether the database is at the newest schema of this release."""
    config = Config()
    config.set_main_option("script_location", _SCRIPTS)
    return current(url) == ScriptDirectory.from_config(config).get_current_head()


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


def _go(connection: Connection, to: str, data_folder: Path | None, seal: Seal) -> tuple[str, ...]:
    config = alembic_config(connection)
    told: list[str] = []
    config.attributes |= {"data_folder": data_folder, "told": told, "seal": seal}
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
    if here is not None and there is not None and here != there.revision:
        _record(connection, seal, here, there.revision)
    return tuple(told)


def _record(connection: Connection, seal: Seal, here: str, there: str) -> None:
    """That the schema moved, and how many saved texts there are that may have no seal."""
    newest = connection.execute(text("SELECT max(id) FROM reading_revision")).scalar()
    data = {"from": here, "to": there, "revisions": newest or 0}
    plain_chain.append(connection, seal, "migrate", [("schema", data)])
