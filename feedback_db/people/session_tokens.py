"""What stands for a browser that is signed in: the token's hash, and the end of all sessions of an account.

Does not know why they end.
"""

import hashlib

from sqlalchemy import update
from sqlalchemy.orm import Session

from feedback_db.models import SignInSession, now


def hash_of(token: str) -> str:
    """The SHA-256 of a token, in hex; tokens are 32 random bytes, which need no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def end_all_of(session: Session, *, reader_id: int, but: str | None = None) -> None:
    """End a reader's sessions, all or all but the one with this token."""
    ours = [SignInSession.reader_id == reader_id, SignInSession.ended_at.is_(None)]
    if but is not None:
        ours.append(SignInSession.token_hash != hash_of(but))
    session.execute(
        update(SignInSession).where(*ours).values(ended_at=now()),
        execution_options={"synchronize_session": False},
    )
