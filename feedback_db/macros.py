"""A reader's own shorthand: ``.nl`` in the report becomes the sentences kept under ``nl``.

Nobody sees another's. Knows no page: where a macro is expanded is the page's business.
"""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from feedback_db.errors import NotAllowed, NotFound
from feedback_db.models import Macro

# Typed after a full stop, so short and without a space.
NAME = re.compile(r"[A-Za-z0-9_-]{1,20}")
MOST = 200
LONGEST_TEXT = 4000


def of_reader(session: Session, *, reader_id: int) -> list[Macro]:
    """A reader's macros by name."""
    return list(session.scalars(select(Macro).where(Macro.reader_id == reader_id).order_by(Macro.name)))


def keep(session: Session, *, reader_id: int, name: str, text: str) -> Macro:
    """Add a macro, or give the one of this name another text.

    Raises:
        NotAllowed: a name that could not be typed, an empty or overlong text, or too many macros.
    """
    if not NAME.fullmatch(name):
        raise NotAllowed("A macro's name is 1 to 20 letters, digits, “-” or “_”, without a space.")
    if not text.strip() or len(text) > LONGEST_TEXT:
        raise NotAllowed(f"A macro's text is 1 to {LONGEST_TEXT} characters.")
    macro = session.get(Macro, (reader_id, name))
    if macro is None:
        if len(of_reader(session, reader_id=reader_id)) >= MOST:
            raise NotAllowed(f"There are {MOST} macros already. Delete one first.")
        macro = Macro(reader_id=reader_id, name=name)
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
