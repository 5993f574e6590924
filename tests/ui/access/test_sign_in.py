"""The one-time link makes the first administrator, later signs in; passwords do the rest."""

from collections.abc import Callable

from fastapi.testclient import TestClient

from feedback_db.people import sessions
from ui.desk.services import Services


def link(services: Services) -> str:
    with services.database.session() as session:
        return sessions.issue_one_time_link(session)


def test_the_first_link_asks_for_a_name_and_makes_the_administrator(
    services: Services, stranger: TestClient
) -> None:
    token = link(services)
    assert "no account yet" in stranger.get(f"/link?token={token}").text
    answer = stranger.post("/link", data={"token": token, "name": "Dr. A", "password": "long enough"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert stranger.get("/api/me").json()["reader"] == {
        "id": 1,
        "name": "Dr. A",
        "role": "admin",
        "sites": None,
    }


def test_a_link_works_once(
    services: Services, stranger: TestClient, browser: Callable[..., TestClient]
) -> None:
    browser("Dr. A", "admin")
    token = link(services)
    assert stranger.get(f"/link?token={token}").status_code == 303
    stranger.cookies.clear()
    again = stranger.get(f"/link?token={token}")
    assert again.status_code == 403
    assert "used already" in again.text
    assert stranger.get("/link?token=guess").status_code == 403


def test_a_short_password_is_refused_and_the_link_stays_good(
    services: Services, stranger: TestClient
) -> None:
    token = link(services)
    refused = stranger.post("/link", data={"token": token, "name": "Dr. A", "password": "short"})
    assert refused.status_code == 400
    assert "at least 8 characters" in refused.text
    assert (
        stranger.post("/link", data={"token": token, "name": "Dr. A", "password": "long enough"}).status_code
        == 303
    )


def test_a_wrong_password_opens_nothing(stranger: TestClient, browser: Callable[..., TestClient]) -> None:
    browser("Dr. A")
    answer = stranger.post("/sign-in", data={"name": "Dr. A", "password": "wrong wrong"})
    assert answer.status_code == 401
    assert "set-cookie" not in answer.headers


def test_the_cookie_is_out_of_scripts_reach(reader: TestClient) -> None:
    answer = reader.post("/sign-in", data={"name": "r.reader", "password": "correct horse battery"})
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_a_name_on_the_page_is_text(stranger: TestClient) -> None:
    answer = stranger.post("/sign-in", data={"name": '"><script>alert(1)</script>', "password": "x"})
    assert "<script>" not in answer.text
