"""Sign-in sessions, and the one-time link that the server prints when it starts.

A session ends by signing out, after some hours whatever happens, after some time without use, and when its account is
disabled or its role, sites or password change (``feedback_db.people.accounts``). Of tokens and links only the SHA-256
is stored. Knows nothing about cookies or pages, so whoever keeps one says what is use (``note``).
"""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select, update
from sqlalchemy.orm import Session

from feedback_db.errors import FirstAdminNeeded, LinkInvalid
from feedback_db.models import OneTimeLink, Reader, SignInSession, now
from feedback_db.people import audit
from feedback_db.people.accounts import create_reader, first_admin
from feedback_db.people.session_tokens import hash_of

IDLE_MINUTES = 60.0
# How stale the note of the last request may get, so that not every request is a write.
NOTED_EVERY = timedelta(minutes=1)

# Asked with every request, so it is built once.
_HOLDER = (
    select(Reader, SignInSession.last_seen_at)
    .join(SignInSession, SignInSession.reader_id == Reader.id)
    .where(
        SignInSession.token_hash == bindparam("token_hash"),
        SignInSession.ended_at.is_(None),
        SignInSession.expires_at > bindparam("at"),
        SignInSession.last_seen_at > bindparam("seen_after"),
        Reader.disabled_at.is_(None),
    )
)


def start(session: Session, *, reader_id: int, hours: float = 12.0, means: str = "password") -> str:
    """Sign a reader in; returns the token for the cookie. ``means`` goes to the audit."""
    token = secrets.token_urlsafe(32)
    at = now()
    session.add(
        SignInSession(
            reader_id=reader_id,
            token_hash=hash_of(token),
            created_at=at,
            expires_at=at + timedelta(hours=hours),
        )
    )
    session.flush()
    audit.append(
        session, reader_id=reader_id, action="sign in", subject=f"reader:{reader_id}", data={"means": means}
    )
    return token


def holder(
    session: Session, *, token: str, idle_minutes: float = IDLE_MINUTES
) -> tuple[Reader, datetime] | None:
    """Who holds this token and when they were last noted (``note`` keeps that up).

    None where the token is unknown, ended, expired or idle for too long, or the account disabled.
    """
    at = now()
    given = {"token_hash": hash_of(token), "at": at, "seen_after": at - timedelta(minutes=idle_minutes)}
    row = session.execute(_HOLDER, given).one_or_none()
    return (row[0], row[1]) if row else None


def note(session: Session, *, token: str) -> None:
    """Note that this session was used now."""
    session.execute(
        update(SignInSession).where(SignInSession.token_hash == hash_of(token)).values(last_seen_at=now())
    )


def end(session: Session, *, token: str) -> None:
    """Sign out. A token that is unknown or ended already changes nothing."""
    reader_id = session.scalar(
        update(SignInSession)
        .where(SignInSession.token_hash == hash_of(token), SignInSession.ended_at.is_(None))
        .values(ended_at=now())
        .returning(SignInSession.reader_id)
    )
    if reader_id is not None:
        audit.append(session, reader_id=reader_id, action="sign out", subject=f"reader:{reader_id}")


def issue_one_time_link(session: Session, *, hours: float = 24.0) -> str:
    """A token for the link that the server prints at its start; good once, for ``hours``, until the next start."""
    token = secrets.token_urlsafe(32)
    at = now()
    _use_up_links(session)
    session.add(OneTimeLink(token_hash=hash_of(token), created_at=at, expires_at=at + timedelta(hours=hours)))
    session.flush()
    return token


def one_time_link_is_good(session: Session, *, token: str) -> bool:
    """Whether the link could be redeemed now; does not use it up."""
    return (
        session.scalar(
            select(OneTimeLink.token_hash).where(
                OneTimeLink.token_hash == hash_of(token),
                OneTimeLink.used_at.is_(None),
                OneTimeLink.expires_at > now(),
            )
        )
        is not None
    )


def redeem_one_time_link(
    session: Session, *, token: str, name: str | None = None, password: str | None = None
) -> Reader:
    """Use a link up and return the administrator whom it signs in (call ``start`` next).

    While no administrator exists, the link makes one from ``name`` and ``password``. Later it signs in as the
    administrator who has been here longest, and ``name`` and ``password`` are not looked at.

    Raises:
        LinkInvalid: unknown, used or expired.
        FirstAdminNeeded: there is no administrator and name or password is missing; the link stays good.
        NameTaken, WeakPassword: as ``create_reader``; the link stays good once the session is rolled back.
    """
    admin = first_admin(session)
    if admin is None and not (name and password) and one_time_link_is_good(session, token=token):
        raise FirstAdminNeeded
    used = session.scalar(
        update(OneTimeLink)
        .where(
            OneTimeLink.token_hash == hash_of(token),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > now(),
        )
        .values(used_at=now())
        .returning(OneTimeLink.token_hash)
    )
    if used is None:
        raise LinkInvalid
    _use_up_links(session)
    return admin or create_reader(session, name=name or "", password=password or "", role="admin")


def _use_up_links(session: Session) -> None:
    """Whatever link lies about in an old log or a chat opens nothing any more."""
    session.execute(
        update(OneTimeLink).where(OneTimeLink.used_at.is_(None)).values(used_at=now()),
        execution_options={"synchronize_session": False},
    )
