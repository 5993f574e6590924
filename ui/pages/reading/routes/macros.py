"""A reader's own macros. Nobody else's can be named here."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from feedback_db.people import macros
from ui.desk.services import CurrentReader, CurrentServices
from ui.desk.short_work import ShortRoute
from ui.kit.answers import Nothing
from ui.pages.reading import answers

router = APIRouter(prefix="/api/macros", route_class=ShortRoute)


class MacroSent(BaseModel):
    """What a macro expands to; ``replace``: it had another text before."""

    text: str = Field(max_length=macros.LONGEST_TEXT)
    replace: bool = False


@router.get("", response_model=list[answers.Macro])
def mine(services: CurrentServices, person: CurrentReader) -> list[dict[str, str]]:
    """This reader's macros, by name."""
    with services.database.reading_session() as session:
        kept = macros.of_reader(session, reader_id=person.id)
    return [{"name": macro.name, "text": macro.text} for macro in kept]


@router.put("/{name}", response_model=answers.Macro)
def keep(name: str, sent: MacroSent, services: CurrentServices, person: CurrentReader) -> dict[str, str]:
    """Add a macro, or give it another text; 403 for a name that cannot be typed, 422 for one that is taken."""
    with services.database.session() as session:
        macro = macros.keep(session, reader_id=person.id, name=name, text=sent.text, replace=sent.replace)
        return {"name": macro.name, "text": macro.text}


@router.delete("/{name}", response_model=Nothing)
def forget(name: str, services: CurrentServices, person: CurrentReader) -> dict[str, str]:
    """Delete a macro; 404 where there is none of this name."""
    with services.database.session() as session:
        macros.forget(session, reader_id=person.id, name=name)
    return {}
