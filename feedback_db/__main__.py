"""``python -m feedback_db migrate [--to REVISION] | verify-audit``: look after the database by hand.

Reads the address from ``LMRRG_DATABASE_URL`` or ``.env`` like every other process, unless told another.
"""

import argparse
import sys

from feedback_db import audit, migration
from feedback_db.database import Database
from feedback_db.errors import FeedbackError
from feedback_db.settings import Settings


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit status: 0 well, 1 not."""
    parser = argparse.ArgumentParser(
        prog="python -m feedback_db", description="Look after the feedback database."
    )
    parser.add_argument("--database-url", help="another database than the one of the settings")
    commands = parser.add_subparsers(dest="command", required=True)
    migrate = commands.add_parser("migrate", help="bring the schema to a revision")
    migrate.add_argument("--to", default="head", help="a revision, up or down; 'base' drops every table")
    commands.add_parser("verify-audit", help="check the audit's hash chain for rows changed by hand")
    given = parser.parse_args(arguments)
    url: str = given.database_url or Settings().database_url
    try:
        return _migrate(url, given.to) if given.command == "migrate" else _verify_audit(url)
    except FeedbackError as error:
        print(error, file=sys.stderr)
        return 1


def _migrate(url: str, to: str) -> int:
    migration.migrate(url, to)
    print(f"The database is at revision {migration.current(url) or 'base'}.")
    return 0


def _verify_audit(url: str) -> int:
    database = Database.open(url)
    try:
        with database.reading_session() as session:
            found = audit.verify(session)
    finally:
        database.close()
    if found.holds:
        print(f"The audit holds: {found.checked} rows.")
        return 0
    where = "at the end" if found.broken_at is None else f"at row {found.broken_at}"
    print(
        f"The audit is broken {where}: {found.problem}. {found.checked} rows before it hold.", file=sys.stderr
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
