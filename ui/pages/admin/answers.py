"""What Admin is answered: accounts, and what the live model is."""

from typing import Any, Literal

from feedback_db.models import Role
from ui.kit.answers import Answer


class Account(Answer):
    """An account; ``sites``: whose studies it sees, null for every site's."""

    id: int
    name: str
    role: Role
    created_at: str
    sites: list[str] | None
    disabled: bool
    locked: bool


class Model(Answer):
    """What the live model is; the last three are left out for who only reads."""

    name: str
    version: str
    demonstration: bool
    state: Literal["cold", "loading", "ready", "failed"]
    message: str
    folder: str | None = None
    device: str | None = None
    config: dict[str, Any] | None = None
