"""What the answers of all pages have in common. Each page's own stand in its ``answers.py``.

A route's answer is checked against its model before it goes out, and the types of the scripts are written from the
same models (``ui.pages.script_types``). A field with a default may be left out of an answer. Times are ISO 8601 in UTC.
"""

from typing import Any

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """An answer: exactly these fields."""

    model_config = ConfigDict(extra="forbid")


class Kept(BaseModel):
    """What lies in the database as JSON, perhaps since another release: these fields, and what else there is."""

    model_config = ConfigDict(extra="allow")


class Nothing(Answer):
    """Done; there is nothing to say."""


class Who(Answer):
    """A reader, as pages name one."""

    id: int
    name: str


class Newer(Answer):
    """The text that somebody, or another page of one's own, saved meanwhile."""

    revision: int
    text: str
    sentences: list[Any]
    saved_at: str | None


class Refusal(Answer):
    """Every refusal: a sentence, and what the page needs to go on where there is something."""

    error: str
    study_id: int | None = None
    claimed_by: Who | None = None
    outcome: str | None = None
    newer: Newer | None = None
