"""A reader's own shorthand: ``.nl`` in the report becomes the sentences kept under ``nl``.

Nobody sees another's. Knows nothing about pages: where a macro is expanded is the page's business.
"""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback_db.errors import MacroTaken, NotAllowed, NotFound
from feedback_db.models import Macro

# Typed after a full stop, so short, without a space, and no number: ".5" is half. The page's macros.js has the same
# rule and the same lengths.
NAME = re.compile(r"[a-z][a-z0-9-]{0,19}")
MOST = 200
LONGEST_TEXT = 2000


def of_reader(session: Session, *, reader_id: int) -> list[Macro]:
    """A reader's macros by name."""
    return list(session.scalars(select(Macro).where(Macro.reader_id == reader_id).order_by(Macro.name)))


def keep(session: Session, *, reader_id: int, name: str, text: str, replace: bool = False) -> Macro:
    """Add a macro, or, to ``replace`` it, give the one of this name another text.

    Raises:
        MacroTaken: there is one of this name with another text, and it was not to be replaced.
        NotAllowed: a name that could not be typed, an empty or overlong text, or too many macros.
    """
    if not NAME.fullmatch(name):
        raise NotAllowed(
            "A macro's name is a small letter, then up to 19 small letters, digits or “-”, such as “nl”."
        )
    if not text.strip() or len(text) > LONGEST_TEXT:
        raise NotAllowed(f"A macro's text is 1 to {LONGEST_TEXT} characters.")
    macro = session.get(Macro, (reader_id, name))
    if macro is None:
        if len(of_reader(session, reader_id=reader_id)) >= MOST:
            raise NotAllowed(f"There are {MOST} macros already. Delete one first.")
        macro = Macro(reader_id=reader_id, name=name)
    elif macro.text != text and not replace:
        raise MacroTaken(name)
    macro.text = text
    session.add(macro)
    session.flush()
    return macro


def forget(session: Session, *, reader_id: int, name: str) -> None:
    """Delete a macro of this reader's; raises NotFound."""
    macro = session.get(Macro, (reader_id, name))
    if macro is None:
        raise NotFound("macro", name)
    session.delete(macro)
    session.flush()
