"""Accounts, for administrators: who there is, a new one, taking one out of use and back. And what the model is."""

from typing import Any, Literal

from fastapi import APIRouter
from pydantic import BaseModel, Field

from feedback_db import accounts, audit, versions
from feedback_db.errors import NotAllowed
from feedback_db.models import Reader, now
from ui.roles import Admin
from ui.services import Here, Person

router = APIRouter(prefix="/api")


class AccountWanted(BaseModel):
    """A new account; the person should change nothing but keep the password to themselves."""

    name: str = Field(max_length=80)
    password: str = Field(max_length=200)
    role: Literal["reader", "lead", "admin"]


@router.get("/accounts")
def everyone(services: Here, person: Admin) -> list[dict[str, Any]]:
    with services.database.reading_session() as session:
        return [_as_json(reader) for reader in accounts.everyone(session)]


@router.post("/accounts")
def create(wanted: AccountWanted, services: Here, person: Admin) -> dict[str, Any]:
    with services.database.session() as session:
        reader = accounts.create_reader(
            session, name=wanted.name, password=wanted.password, role=wanted.role, by=person.id
        )
        return _as_json(reader)


@router.post("/accounts/{reader_id}/disable")
def disable(reader_id: int, services: Here, person: Admin) -> dict[str, Any]:
    """Take an account out of use; its sessions end at once, its signed reports stay."""
    if reader_id == person.id:
        raise NotAllowed("You cannot disable the account that you are signed in with.")
    with services.database.session() as session:
        reader = accounts.get(session, reader_id=reader_id)
        if reader.disabled_at is None:
            reader.disabled_at = now()
            audit.append(
                session, reader_id=person.id, action="disable account", subject=f"reader:{reader_id}"
            )
        return _as_json(reader)


@router.post("/accounts/{reader_id}/enable")
def enable(reader_id: int, services: Here, person: Admin) -> dict[str, Any]:
    with services.database.session() as session:
        reader = accounts.get(session, reader_id=reader_id)
        if reader.disabled_at is not None:
            reader.disabled_at = None
            audit.append(session, reader_id=person.id, action="enable account", subject=f"reader:{reader_id}")
        return _as_json(reader)


@router.get("/model")
def model(services: Here, person: Person) -> dict[str, Any]:
    """What the live model is, for the page's *about*."""
    with services.database.reading_session() as session:
        live = versions.live(session)
    state = services.reporters.state(live)
    return {
        "name": live.name,
        "version": live.number,
        "demonstration": live.demonstration,
        "folder": live.folder,
        "device": services.settings.device,
        "state": state.kind,
        "message": state.message,
        "config": live.config,
    }


def _as_json(reader: Reader) -> dict[str, Any]:
    return {
        "id": reader.id,
        "name": reader.name,
        "role": reader.role,
        "created_at": reader.created_at.isoformat(),
        "disabled": reader.disabled_at is not None,
    }
