"""Who works here, how they are signed in, and the record of what they did.

Holds no password and no token: of both only a hash.
"""

from datetime import datetime
from typing import Literal

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from feedback_db.models.base import AppendOnly, Base, JsonObject, now, one_of

Role = Literal["reader", "lead", "admin"]


class Reader(Base):
    """A person with an account. Never deleted, only disabled: signed texts keep their author.

    ``name_key`` is the name in small letters of every alphabet, by which nobody is called but everyone is found.
    ``sites``: the sites whose studies a reader sees; None for all of them. Leads and administrators see all.
    """

    __tablename__ = "reader"
    __table_args__ = (one_of("role", Role),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    name_key: Mapped[str] = mapped_column(unique=True)
    role: Mapped[Role] = mapped_column(String)
    password_hash: Mapped[str]
    sites: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[datetime] = mapped_column(default=now)
    disabled_at: Mapped[datetime | None]
    failed_sign_ins: Mapped[int] = mapped_column(default=0)
    last_failed_at: Mapped[datetime | None]


class SignInSession(Base):
    """One browser that is signed in. ``token_hash`` is the SHA-256 of the cookie's token, in hex."""

    __tablename__ = "sign_in_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    reader_id: Mapped[int] = mapped_column(ForeignKey("reader.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    last_seen_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class Macro(Base):
    """A reader's own shorthand: ``.name`` in the report becomes ``text``."""

    __tablename__ = "macro"

    reader_id: Mapped[int] = mapped_column(ForeignKey("reader.id"), primary_key=True)
    name: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]


class OneTimeLink(Base):
    """A link printed at the server's start: makes the first admin, later signs in as the admin."""

    __tablename__ = "one_time_link"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class AuditEvent(AppendOnly, Base):
    """Who did what to what. ``hash`` covers the row and ``previous_hash``: see ``feedback_db.people.audit_seal``.

    ``seal`` is the keyed hash of ``hash``; None in rows of before revision 0006.
    """

    __tablename__ = "audit_event"

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str] = mapped_column(index=True)
    action: Mapped[str]
    subject: Mapped[str] = mapped_column(index=True)
    data: Mapped[JsonObject] = mapped_column(JSON)
    previous_hash: Mapped[str] = mapped_column(unique=True)
    hash: Mapped[str] = mapped_column(unique=True)
    seal: Mapped[str | None]


class AuditHead(Base):
    """One row: the chain's last hash, its length, and the seal of both; None before the first sealed row.

    Locked while appending, so that the chain cannot fork.
    """

    __tablename__ = "audit_head"

    id: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str]
    length: Mapped[int]
    seal: Mapped[str | None]
