"""Signing in again leads back to the page that the reader was on, and never to another site."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

PASSWORD = "correct horse battery"


@pytest.fixture
def known(browser: Callable[..., TestClient], stranger: TestClient) -> TestClient:
    """A stranger's browser on an installation that has the account ``r.reader``."""
    administrator = browser("Dr. A", "admin")
    made = administrator.post(
        "/api/accounts", json={"name": "r.reader", "password": PASSWORD, "role": "reader"}
    )
    assert made.status_code == 200
    return stranger


def signed_in(client: TestClient, next_page: str, password: str = PASSWORD) -> str:
    sent = {"name": "r.reader", "password": password, "next": next_page}
    answer = client.post("/sign-in", data=sent)
    return answer.headers["location"] if answer.status_code == 303 else answer.text


@pytest.mark.parametrize("page", ["/", "/#/reading/42", "/#/training", "/training", "/training/#/3"])
def test_one_of_our_pages_is_where_one_comes_back_to(known: TestClient, page: str) -> None:
    assert f'name="next" value="{page}"' in known.get("/sign-in", params={"next": page}).text
    assert signed_in(known, page) == page


@pytest.mark.parametrize(
    "page",
    [
        "",
        "https://elsewhere.example/",
        "//elsewhere.example",
        "/\\elsewhere.example",
        "/%2felsewhere.example",
        "/#/reading/42?x=//elsewhere.example",
        "/ok//elsewhere.example",
        "/\t/elsewhere.example",
        "/\n/elsewhere.example",
        "/\r\nSet-Cookie: a=b",
        "javascript:alert(1)",
        "elsewhere.example",
        "/@elsewhere.example",
        '/"><script>',
        "/#/reading/٤٢",
    ],
)
def test_anything_else_leads_to_the_first_page(known: TestClient, page: str) -> None:
    assert 'name="next" value="/"' in known.get("/sign-in", params={"next": page}).text
    assert signed_in(known, page) == "/"


def test_a_wrong_password_does_not_forget_the_page(known: TestClient) -> None:
    assert 'name="next" value="/#/reading/42"' in signed_in(known, "/#/reading/42", "wrong")
