"""The scripts' types are those of the routes' answers, and an answer that says anything else never goes out."""

import pytest
from fastapi import FastAPI
from fastapi.exceptions import ResponseValidationError
from fastapi.testclient import TestClient

from ui.kit.answers import Answer
from ui.pages.script_types import FILE, written


def test_the_types_are_not_older_than_the_answers() -> None:
    assert FILE.read_text("utf-8") == written(), "run: python -m ui.pages.script_types"


class Name(Answer):
    """An answer of one field."""

    name: str


@pytest.mark.parametrize("told", [{}, {"name": None}, {"name": "a", "more": 1}])
def test_an_answer_has_the_fields_that_it_says_and_no_others(told: dict[str, object]) -> None:
    app = FastAPI()
    app.get("/", response_model=Name)(lambda: told)
    with pytest.raises(ResponseValidationError):
        TestClient(app).get("/")
