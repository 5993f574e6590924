"""What all tables share: names of constraints, times in UTC, words from a closed list, rows that never change.

Knows nothing about tables.
"""

from datetime import UTC, datetime
from typing import Any, get_args

from sqlalchemy import CheckConstraint, DateTime, Dialect, MetaData, event
from sqlalchemy.orm import DeclarativeBase, Mapper
from sqlalchemy.types import TypeDecorator

from feedback_db.errors import AppendOnlyRow

JsonObject = dict[str, Any]


def now() -> datetime:
    """The present, aware, in UTC."""
    return datetime.now(UTC)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware time; UTC in the database and UTC when read. A naive time is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a time zone cannot be stored")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        # SQLite forgets the zone; what was stored is UTC.
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Base of all tables. Constraints have stable names, so that migrations can drop them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime}  # noqa: RUF012 (declared so by SQLAlchemy)


def one_of(column: str, words: Any) -> CheckConstraint:
    """A constraint that ``column`` is one of the words of a ``Literal``, or null."""
    listed = ", ".join(f"'{word}'" for word in get_args(words))
    return CheckConstraint(f'"{column}" IN ({listed})', name=column)


class AppendOnly:
    """A table whose rows are written once: changing or deleting one through the ORM raises."""


def _refuse(mapper: Mapper[Any], connection: object, row: object) -> None:
    raise AppendOnlyRow(type(row).__name__)


event.listen(AppendOnly, "before_update", _refuse, propagate=True)
event.listen(AppendOnly, "before_delete", _refuse, propagate=True)
