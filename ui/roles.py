"""Who may do what: ``Lead`` and ``Admin`` stand where a route takes the person who asks."""

from typing import Annotated

from fastapi import Depends

from feedback_db.errors import NotAllowed
from ui.services import Person, SignedIn


def _lead(person: Person) -> SignedIn:
    if person.role not in ("lead", "admin"):
        raise NotAllowed("Only a lead may do this. Ask a lead or an administrator of this installation.")
    return person


def _admin(person: Person) -> SignedIn:
    if person.role != "admin":
        raise NotAllowed("Only an administrator may do this.")
    return person


Lead = Annotated[SignedIn, Depends(_lead)]
Admin = Annotated[SignedIn, Depends(_admin)]
