"""Open the database, bring it up to date, hand out sessions.

Two kinds of session: ``session()`` may write, ``reading_session()`` never does and never waits for a writer.
Do no slow work (a model, a network) within a session that writes: on SQLite others wait for it.

Does not know any particular table.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self

from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError as Unavailable
from sqlalchemy.orm import Session, sessionmaker

from feedback_db.people import audit
from feedback_db.people.anchor import Anchor
from feedback_db.people.audit_seal import Seal, for_session
from feedback_db.settings import Settings, audit_key
from feedback_db.store import migration, restoring
from feedback_db.store.engine import READ_ONLY, make_engine

# ``Unavailable`` is what a session raises where the database cannot be reached, or its disk is full.
__all__ = ["Database", "Session", "Unavailable"]
log = logging.getLogger(__name__)


class Database:
    """An open database at the newest schema. ``Database.open(url)`` makes one; ``close()`` lets go of it."""

    def __init__(self, engine: Engine, seal: Seal, anchor: Anchor) -> None:
        self.engine, self.anchor = engine, anchor
        info = for_session(seal)
        self._writers = sessionmaker(engine, expire_on_commit=False, info=info)
        read_only: dict[str, Any] = {READ_ONLY: True}
        if engine.dialect.name == "postgresql":
            read_only |= {"postgresql_readonly": True, "isolation_level": "REPEATABLE READ"}
        self._readers = sessionmaker(engine.execution_options(**read_only), expire_on_commit=False, info=info)

    @classmethod
    def open(cls, url: str, data_folder: Path | None = None) -> Self:
        """Connect, migrating to the newest schema first. Makes the SQLite file and its folder if need be.

        What a migration changes of the rows is logged; ``data_folder`` is where it may look for images, and whose key
        seals the audit. Without one the seals are nobody's.

        Raises:
            DatabaseTooNew: the schema is one that this release does not know.
            BackupRefused: a restore was interrupted, and the database does not take its content.
        """
        if data_folder is not None and restoring.finish(url, data_folder):
            log.warning("A restore that was interrupted is finished now.")
        for changed in migration.upgrade(url, data_folder):
            log.warning("migration: %s", changed)
        seal = Seal(audit_key(data_folder)) if data_folder is not None else Seal()
        anchor = Anchor(Settings().audit_anchor if data_folder is not None else "")
        database = cls(make_engine(url), seal, anchor)
        if anchor.place is not None:
            with database.reading_session() as session:
                anchor.tell(audit.head(session))
        return database

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session that may write: committed at the end, rolled back on any error.

        On SQLite it takes the write lock with its first statement, so two writers wait for each other instead
        of failing halfway.
        """
        with self._writers() as session:
            yield session
            session.commit()
            head = audit.appended(session)
        if head is not None:
            self.anchor.tell(head)

    @contextmanager
    def reading_session(self) -> Iterator[Session]:
        """A session that sees one consistent state, refuses to write, and waits for nobody."""
        with self._readers() as session:
            yield session

    def close(self) -> None:
        self.anchor.close()
        self.engine.dispose()
