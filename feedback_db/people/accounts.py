"""Readers: accounts, passwords, roles, and the lock after too many wrong passwords.

Passwords are stored as argon2id hashes. An account is locked for a while after some failures in a row; whoever
tries a name hears the same, whether there is such an account, whether it is locked, and whether the password was
wrong. Ends an account's sessions where they must not go on; knows
nothing else of them (``feedback_db.people.sessions``), nor of cookies or pages.
"""

import secrets
import threading
from collections.abc import Sequence
from datetime import timedelta

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import exists, or_, select, update
from sqlalchemy.orm import Session

from feedback_db.errors import NameTaken, NotAllowed, NotFound, WeakPassword, WrongPassword
from feedback_db.models import Reader, Role, now
from feedback_db.people import audit
from feedback_db.people.session_tokens import end_all_of

LEAST_PASSWORD_LENGTH = 8
MOST_FAILURES = 5
LOCKED_FOR = timedelta(minutes=15)
_hasher = PasswordHasher()
# A hash takes 64 MB and a core for a while: strangers must not make the server compute forty at once.
_at_once = threading.BoundedSemaphore(2)
# Verified in place of the hash of a name that does not exist, so that both answers take equally long.
_NOBODY = _hasher.hash(secrets.token_urlsafe(16))


def create_reader(
    session: Session,
    *,
    name: str,
    password: str,
    role: Role = "reader",
    sites: Sequence[str] | None = None,
    by: int | None = None,
) -> Reader:
    """Make an account; ``sites``: whose studies it sees, None for everyone's.

    Raises:
        NameTaken: another account has this name, in whatever case.
        WeakPassword: fewer than 8 characters.
        NotAllowed: the name is blank.
    """
    name = name.strip()
    if not name:
        raise NotAllowed("Choose a name for the account.")
    # Hashed before the first statement, which on SQLite would make every other writer wait.
    password_hash = _hashed(password)
    if _by_name(session, name) is not None:
        raise NameTaken(name)
    reader = Reader(
        name=name,
        name_key=_key(name),
        role=role,
        password_hash=password_hash,
        sites=None if sites is None else sorted(set(sites)),
    )
    session.add(reader)
    session.flush()
    audit.append(
        session, reader_id=by, action="create account", subject=f"reader:{reader.id}", data={"role": role}
    )
    return reader


def authenticate(session: Session, *, name: str, password: str) -> Reader | None:
    """The reader with this name and password; None where they do not match, or the account is locked or disabled.

    Five failures in a row lock an account for a quarter of an hour, after which every further one locks it again;
    success, or an administrator who enables the account, starts the count anew. Attempts while it is locked are
    refused whatever the password and do not prolong the lock.

    Commits what the session did so far: hashing is slow by design, and nobody else should wait for it.
    """
    reader = _attempt(session, name=name.strip())
    session.commit()
    if not _matches(reader.password_hash if reader else _NOBODY, password):
        # Not the name that was typed: it may be the password.
        whose = f"reader:{reader.id}" if reader is not None else "reader"
        audit.append(session, reader_id=None, action="failed sign-in", subject=whose)
        if reader is not None and reader.failed_sign_ins == MOST_FAILURES:
            audit.append(session, reader_id=None, action="lock account", subject=f"reader:{reader.id}")
        return None
    if reader is None or reader.disabled_at is not None:
        return None
    reader.failed_sign_ins = 0
    if _hasher.check_needs_rehash(reader.password_hash):
        reader.password_hash = _hasher.hash(password)
    session.flush()
    return reader


def is_locked(reader: Reader) -> bool:
    """Whether too many wrong passwords locked the account just now."""
    return (
        reader.failed_sign_ins >= MOST_FAILURES
        and reader.last_failed_at is not None
        and reader.last_failed_at > now() - LOCKED_FOR
    )


def change_password(
    session: Session, *, reader_id: int, old: str, new: str, token: str | None = None
) -> None:
    """Give one's own account another password; one's sessions end, but for the one with this ``token``.

    Raises:
        WrongPassword: ``old`` is not the present one.
        WeakPassword: ``new`` is too short.
    """
    reader = get(session, reader_id=reader_id)
    session.commit()  # as in authenticate: nobody waits while this is hashed
    if not _matches(reader.password_hash, old):
        raise WrongPassword
    _set_password(session, reader, new, by=reader_id)
    end_all_of(session, reader_id=reader_id, but=token)


def reset_password(session: Session, *, reader_id: int, new: str, by: int) -> None:
    """Give another's account a new password, as an administrator; unlocks it and ends its sessions.

    Raises NotFound, WeakPassword.
    """
    reader = get(session, reader_id=reader_id)
    session.commit()
    reader.failed_sign_ins = 0
    _set_password(session, reader, new, by=by)
    end_all_of(session, reader_id=reader_id)


def assign(session: Session, *, reader_id: int, role: Role, sites: Sequence[str] | None, by: int) -> Reader:
    """Say what an account may do and whose studies it sees (``sites`` None: everyone's); a change ends its sessions.

    Raises:
        NotFound: no such account.
        NotAllowed: an administrator would take away their own role, or the last administrator's.
    """
    reader = _to_change(session, reader_id)
    if reader_id == by and role != reader.role:
        raise NotAllowed("You cannot change your own role. Ask another administrator.")
    if role != "admin":
        _leave_an_administrator(session, reader)
    before = reader.role, reader.sites
    reader.role, reader.sites = role, None if sites is None else sorted(set(sites))
    session.flush()
    if (reader.role, reader.sites) != before:
        end_all_of(session, reader_id=reader_id)
    data = {"role": role, "sites": reader.sites}
    audit.append(session, reader_id=by, action="assign account", subject=f"reader:{reader_id}", data=data)
    return reader


def set_enabled(session: Session, *, reader_id: int, enabled: bool, by: int) -> Reader:
    """Take an account out of use (its sessions end with that) or back into use, unlocking it.

    Raises:
        NotFound: no such account.
        NotAllowed: one's own account, or the last administrator's.
    """
    if reader_id == by and not enabled:
        raise NotAllowed("You cannot disable the account that you are signed in with.")
    reader = _to_change(session, reader_id)
    if enabled:
        reader.failed_sign_ins = 0
    else:
        _leave_an_administrator(session, reader)
        end_all_of(session, reader_id=reader_id)
    if (reader.disabled_at is None) != enabled:
        reader.disabled_at = None if enabled else now()
        session.flush()
        action = "enable account" if enabled else "disable account"
        audit.append(session, reader_id=by, action=action, subject=f"reader:{reader_id}")
    return reader


def _to_change(session: Session, reader_id: int) -> Reader:
    """The account as it is now, until this transaction ends: of two who change accounts at once one waits."""
    audit.hold(session)
    reader = session.get(Reader, reader_id, populate_existing=True)
    if reader is None:
        raise NotFound("reader", reader_id)
    return reader


def _leave_an_administrator(session: Session, reader: Reader) -> None:
    """Raise NotAllowed where no other administrator would be left to keep the accounts."""
    others = exists().where(Reader.role == "admin", Reader.disabled_at.is_(None), Reader.id != reader.id)
    if reader.role == "admin" and reader.disabled_at is None and not session.scalar(select(others)):
        raise NotAllowed(f"{reader.name} is the last administrator. Make another one first.")


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
    return list(session.scalars(select(Reader).order_by(Reader.name_key)))


def _attempt(session: Session, *, name: str) -> Reader | None:
    """The account of this name with one more failure counted, which success takes back; None where it is locked.

    Counted before the password is looked at, so that of many attempts at once no more than are allowed get through.
    """
    at = now()
    number = session.scalar(
        update(Reader)
        .where(
            Reader.name_key == _key(name),
            or_(
                Reader.failed_sign_ins < MOST_FAILURES,
                Reader.last_failed_at.is_(None),
                Reader.last_failed_at <= at - LOCKED_FOR,
            ),
        )
        .values(failed_sign_ins=Reader.failed_sign_ins + 1, last_failed_at=at)
        .returning(Reader.id),
        execution_options={"synchronize_session": False},
    )
    return None if number is None else session.get_one(Reader, number, populate_existing=True)


def _matches(password_hash: str, password: str) -> bool:
    with _at_once:
        try:
            return _hasher.verify(password_hash, password)
        except VerifyMismatchError:
            return False


def _hashed(password: str) -> str:
    if len(password) < LEAST_PASSWORD_LENGTH:
        raise WeakPassword(LEAST_PASSWORD_LENGTH)
    with _at_once:
        return _hasher.hash(password)


def _set_password(session: Session, reader: Reader, new: str, *, by: int) -> None:
    reader.password_hash = _hashed(new)
    session.flush()
    audit.append(session, reader_id=by, action="change password", subject=f"reader:{reader.id}")


def _by_name(session: Session, name: str) -> Reader | None:
    return session.scalar(select(Reader).where(Reader.name_key == _key(name)))


def _key(name: str) -> str:
    # Not the database's own lower(): SQLite's knows no letter beyond z.
    return name.casefold()
