"""Readers, their passwords, sign-in sessions, and the one-time link that the server prints when it starts.

Passwords are stored as argon2id hashes; of session tokens and links only the SHA-256 is stored (they are 32
random bytes, which need no salt). Knows no cookie and no page.
"""

import hashlib
import secrets
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from feedback_db import audit
from feedback_db.errors import FirstAdminNeeded, LinkInvalid, NameTaken, NotAllowed, NotFound, WeakPassword
from feedback_db.models import OneTimeLink, Reader, Role, SignInSession, now

LEAST_PASSWORD_LENGTH = 8
_hasher = PasswordHasher()
# Verified in place of the hash of a name that does not exist, so that both answers take equally long.
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


def create_reader(
    session: Session, *, name: str, password: str, role: Role = "reader", by: int | None = None
) -> Reader:
    """Make an account.

    Raises:
        NameTaken: another account has this name, in whatever case.
        WeakPassword: fewer than 8 characters.
        NotAllowed: the name is blank.
    """
    name = name.strip()
    if not name:
        raise NotAllowed("Choose a name for the account.")
    if len(password) < LEAST_PASSWORD_LENGTH:
        raise WeakPassword(LEAST_PASSWORD_LENGTH)
    # Hashed before the first statement, which on SQLite would make every other writer wait.
    password_hash = _hasher.hash(password)
    if _by_name(session, name) is not None:
        raise NameTaken(name)
    reader = Reader(name=name, role=role, password_hash=password_hash)
    session.add(reader)
    session.flush()
    audit.append(
        session, reader_id=by, action="create account", subject=f"reader:{reader.id}", data={"role": role}
    )
    return reader


def authenticate(session: Session, *, name: str, password: str) -> Reader | None:
    """The reader with this name and password, or None. Counts failures in a row on the account.

    Commits what the session did so far: hashing is slow by design, and nobody else should wait for it.
    """
    reader = _by_name(session, name.strip())
    session.commit()
    try:
        _hasher.verify(reader.password_hash if reader else _NOBODY, password)
    except VerifyMismatchError:
        if reader is not None:
            # Added by the database, so that failures at the same time all count.
            reader.failed_sign_ins = Reader.failed_sign_ins + 1
            reader.last_failed_at = now()
            session.flush()
        return None
    if reader is None or reader.disabled_at is not None:
        return None
    reader.failed_sign_ins = 0
    if _hasher.check_needs_rehash(reader.password_hash):
        reader.password_hash = _hasher.hash(password)
    session.flush()
    return reader


def start_session(session: Session, *, reader_id: int, hours: float = 12.0, means: str = "password") -> str:
    """Sign a reader in; returns the token for the cookie. ``means`` goes to the audit."""
    token = secrets.token_urlsafe(32)
    at = now()
    session.add(
        SignInSession(
            reader_id=reader_id,
            token_hash=_token_hash(token),
            created_at=at,
            expires_at=at + timedelta(hours=hours),
        )
    )
    session.flush()
    audit.append(
        session, reader_id=reader_id, action="sign in", subject=f"reader:{reader_id}", data={"means": means}
    )
    return token


def reader_of_token(session: Session, *, token: str) -> Reader | None:
    """Who holds this token; None where it is unknown, ended or expired, or the account disabled."""
    return session.scalar(
        select(Reader)
        .join(SignInSession, SignInSession.reader_id == Reader.id)
        .where(
            SignInSession.token_hash == _token_hash(token),
            SignInSession.ended_at.is_(None),
            SignInSession.expires_at > now(),
            Reader.disabled_at.is_(None),
        )
    )


def end_session(session: Session, *, token: str) -> None:
    """Sign out. A token that is unknown or ended already changes nothing."""
    reader_id = session.scalar(
        update(SignInSession)
        .where(SignInSession.token_hash == _token_hash(token), SignInSession.ended_at.is_(None))
        .values(ended_at=now())
        .returning(SignInSession.reader_id)
    )
    if reader_id is not None:
        audit.append(session, reader_id=reader_id, action="sign out", subject=f"reader:{reader_id}")


def issue_one_time_link(session: Session, *, hours: float = 24.0) -> str:
    """A token for the link that the server prints at its start; good once, for ``hours``."""
    token = secrets.token_urlsafe(32)
    at = now()
    session.add(
        OneTimeLink(token_hash=_token_hash(token), created_at=at, expires_at=at + timedelta(hours=hours))
    )
    session.flush()
    return token


def one_time_link_is_good(session: Session, *, token: str) -> bool:
    """Whether the link could be redeemed now; does not use it up."""
    return (
        session.scalar(
            select(OneTimeLink.token_hash).where(
                OneTimeLink.token_hash == _token_hash(token),
                OneTimeLink.used_at.is_(None),
                OneTimeLink.expires_at > now(),
            )
        )
        is not None
    )


def redeem_one_time_link(
    session: Session, *, token: str, name: str | None = None, password: str | None = None
) -> Reader:
    """Use a link up and return the administrator whom it signs in (call ``start_session`` next).

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
            OneTimeLink.token_hash == _token_hash(token),
            OneTimeLink.used_at.is_(None),
            OneTimeLink.expires_at > now(),
        )
        .values(used_at=now())
        .returning(OneTimeLink.token_hash)
    )
    if used is None:
        raise LinkInvalid
    return admin or create_reader(session, name=name or "", password=password or "", role="admin")


def first_admin(session: Session) -> Reader | None:
    """The enabled administrator who has been here longest; None before the first one is made."""
    return session.scalar(
        select(Reader)
        .where(Reader.role == "admin", Reader.disabled_at.is_(None))
        .order_by(Reader.id)
        .limit(1)
    )


def get(session: Session, *, reader_id: int) -> Reader:
    """The reader; raises NotFound."""
    reader = session.get(Reader, reader_id)
    if reader is None:
        raise NotFound("reader", reader_id)
    return reader


def everyone(session: Session) -> list[Reader]:
    """All accounts by name, the disabled ones too."""
    return list(session.scalars(select(Reader).order_by(func.lower(Reader.name))))


def _by_name(session: Session, name: str) -> Reader | None:
    return session.scalar(select(Reader).where(func.lower(Reader.name) == name.lower()))


def _token_hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
