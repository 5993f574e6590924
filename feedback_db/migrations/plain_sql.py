"""What revisions that move rows work with: statements in many parts, sentences on what was changed, rows of the audit.

Speaks SQL of the revision's own time, never through the models, which are of today.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import context, op

from feedback_db.migrations import plain_chain

AT_ONCE = 500
LISTED = 20
Row = dict[str, Any]

DRAFT = sa.table(
    "draft",
    sa.column("id", sa.Integer),
    sa.column("study_id", sa.Integer),
    sa.column("report", sa.JSON),
    sa.column("request", sa.JSON),
    sa.column("sampled", sa.Boolean),
    sa.column("needs_eye", sa.Double),
    sa.column("model_version_id", sa.Integer),
)


def tell(sentence: str) -> None:
    """Say what was changed; ``migration.migrate`` hands it on."""
    context.config.attributes["told"].append(sentence)


def rows(statement: str, **values: Any) -> list[Row]:
    """What a statement selects, each row by its columns' names."""
    return [dict(row) for row in op.get_bind().execute(sa.text(statement), values).mappings()]


def rows_of(statement: str, numbers: Sequence[int]) -> Iterator[Row]:
    """The same for ``… IN :numbers``, in parts that every database takes."""
    bound = sa.text(statement).bindparams(sa.bindparam("numbers", expanding=True))
    for start in range(0, len(numbers), AT_ONCE):
        some = list(numbers[start : start + AT_ONCE])
        for row in op.get_bind().execute(bound, {"numbers": some}).mappings():
            yield dict(row)


def run(statement: str, values: Sequence[Mapping[str, Any]] | None = None) -> None:
    """Execute once, or once for each of ``values``; for none of them not at all."""
    if values is None:
        op.get_bind().execute(sa.text(statement))
    elif values:
        op.get_bind().execute(sa.text(statement), list(values))


def set_requests(requests: Mapping[int, Row]) -> None:
    """Replace what drafts, by their numbers, say of how they were asked for."""
    changed = (
        sa.update(DRAFT).where(DRAFT.c.id == sa.bindparam("number")).values(request=sa.bindparam("asked"))
    )
    values = [{"number": number, "asked": request} for number, request in requests.items()]
    if values:
        op.get_bind().execute(changed, values)


def number_after(table: str) -> None:
    """Let a table's own numbers go on after those that were given by hand. SQLite does so by itself."""
    if op.get_bind().dialect.name == "postgresql":
        sequence = f"pg_get_serial_sequence('{table}', 'id')"
        run(f"SELECT setval({sequence}, (SELECT max(id) FROM {table})) WHERE EXISTS (SELECT 1 FROM {table})")


def record(action: str, changes: Iterable[tuple[str, Row]]) -> None:
    """Rows in the audit, of ``(subject, data)``."""
    plain_chain.append(op.get_bind(), context.config.attributes["seal"], action, changes)


def listed(things: Iterable[object]) -> str:
    """The first of them, and how many more there are."""
    all_of_them = [str(thing) for thing in things]
    more = len(all_of_them) - LISTED
    return ", ".join(all_of_them[:LISTED]) + (f" and {more} more" if more > 0 else "")
