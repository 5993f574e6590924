"""Accounts, for administrators: who there is, a new one, taking one out of use and back. And what the model is."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from feedback_db.models import Reader, Role
from feedback_db.people import accounts
from feedback_db.training import versions
from ui.access.entrance import session_token
from ui.access.roles import Admin
from ui.desk.services import CurrentReader, CurrentServices
from ui.kit.answers import Nothing
from ui.pages.admin import answers

router = APIRouter(prefix="/api")

Sites = Annotated[list[Annotated[str, Field(max_length=40)]] | None, Field(max_length=200)]


class AccountWanted(BaseModel):
    """A new account; the person should change nothing but keep the password to themselves."""

    name: str = Field(max_length=80)
    password: str = Field(max_length=200)
    role: Role
    sites: Sites = None


class Assignment(BaseModel):
    """What an account may do, and whose studies it sees: null for every site's."""

    role: Role
    sites: Sites


class NewPassword(BaseModel):
    """What an administrator gives an account."""

    password: str = Field(max_length=200)


class PasswordChange(BaseModel):
    """One's own."""

    old: str = Field(max_length=200)
    new: str = Field(max_length=200)


@router.get("/accounts", response_model=list[answers.Account])
def everyone(services: CurrentServices, person: Admin) -> list[dict[str, Any]]:
    """All accounts."""
    with services.database.reading_session() as session:
        return [_as_json(reader) for reader in accounts.everyone(session)]


@router.post("/accounts", response_model=answers.Account)
def create(wanted: AccountWanted, services: CurrentServices, person: Admin) -> dict[str, Any]:
    """Make an account."""
    with services.database.session() as session:
        reader = accounts.create_reader(
            session,
            name=wanted.name,
            password=wanted.password,
            role=wanted.role,
            sites=wanted.sites,
            by=person.id,
        )
        return _as_json(reader)


@router.put("/accounts/{reader_id}", response_model=answers.Account)
def assign(reader_id: int, wanted: Assignment, services: CurrentServices, person: Admin) -> dict[str, Any]:
    """Change an account's role and the sites whose studies it sees; whoever is signed in with it is out."""
    with services.database.session() as session:
        return _as_json(
            accounts.assign(session, reader_id=reader_id, role=wanted.role, sites=wanted.sites, by=person.id)
        )


@router.post("/accounts/{reader_id}/password", response_model=answers.Account)
def reset_password(
    reader_id: int, sent: NewPassword, services: CurrentServices, person: Admin
) -> dict[str, Any]:
    """Give an account another password; whoever is signed in with it is out."""
    with services.database.session() as session:
        accounts.reset_password(session, reader_id=reader_id, new=sent.password, by=person.id)
        return _as_json(accounts.get(session, reader_id=reader_id))


@router.post("/accounts/{reader_id}/disable", response_model=answers.Account)
def disable(reader_id: int, services: CurrentServices, person: Admin) -> dict[str, Any]:
    """Take an account out of use; its sessions end at once, its signed reports stay."""
    with services.database.session() as session:
        return _as_json(accounts.set_enabled(session, reader_id=reader_id, enabled=False, by=person.id))


@router.post("/accounts/{reader_id}/enable", response_model=answers.Account)
def enable(reader_id: int, services: CurrentServices, person: Admin) -> dict[str, Any]:
    """Take an account back into use, and unlock it."""
    with services.database.session() as session:
        return _as_json(accounts.set_enabled(session, reader_id=reader_id, enabled=True, by=person.id))


@router.post("/me/password", response_model=Nothing)
def change_password(
    sent: PasswordChange, request: Request, services: CurrentServices, person: CurrentReader
) -> dict[str, Any]:
    """Change one's own password; one's other sessions end."""
    with services.database.session() as session:
        token = session_token(request.scope)
        accounts.change_password(session, reader_id=person.id, old=sent.old, new=sent.new, token=token)
    return {}


@router.get("/model", response_model=answers.Model, response_model_exclude_unset=True)
def model(services: CurrentServices, person: CurrentReader) -> dict[str, Any]:
    """What the live model is, for the page's *about*; to who runs it also where it lies and how it is made."""
    with services.database.reading_session() as session:
        live = versions.live(session)
    state = services.reporters.state(live)
    told = {
        "name": live.name,
        "version": live.number,
        "demonstration": live.demonstration,
        "state": state.kind,
        "message": state.message,
    }
    if person.role == "reader":
        return told
    return told | {"folder": live.folder, "device": services.settings.device, "config": live.config}


def _as_json(reader: Reader) -> dict[str, Any]:
    return {
        "id": reader.id,
        "name": reader.name,
        "role": reader.role,
        "created_at": reader.created_at.isoformat(),
        "sites": reader.sites,
        "disabled": reader.disabled_at is not None,
        "locked": accounts.is_locked(reader),
    }
