"""Nothing is served to who is not signed in, and no other site can act in a reader's name."""

import asyncio
import re
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select
from starlette.routing import BaseRoute, Mount, Route

from feedback_db.models import SignInSession, Study
from ui.access.entrance import MOST, MOST_WHEN_OPEN, OPEN
from ui.desk.services import Services

GRADIO = (
    "/",
    "/config",
    "/info",
    "/gradio_api/info",
    "/theme.css",
    "/favicon.ico",
    "/gradio_api/file=/etc/passwd",
)


def every_route(routes: list[BaseRoute]) -> Iterator[tuple[str, str]]:
    """(method, path) of each of our routes and of Gradio's, with numbers for their parameters."""
    for route in routes:
        if isinstance(route, Mount):
            prefix = re.sub(r"{[^}]*}", "1", route.path)
            yield from ((method, prefix + path) for method, path in every_route(list(route.routes)))
            yield "GET", f"{prefix}/reading.js"
        elif isinstance(router := getattr(route, "original_router", None), APIRouter):
            yield from every_route(list(router.routes))
        elif isinstance(route, Route):
            for method in route.methods or ():
                yield method, re.sub(r"{[^}]*}", "1", route.path)


def test_a_stranger_gets_nothing(app: FastAPI, stranger: TestClient, study: Study) -> None:
    asked = {(method, path) for method, path in every_route(list(app.routes)) if path not in OPEN}
    asked |= {("GET", path) for path in GRADIO} | {("GET", f"/api/studies/{study.id}/thumbnail")}
    assert len(asked) > 40
    served = {(method, path): stranger.request(method, path).status_code for method, path in asked}
    assert {key: status for key, status in served.items() if status != 401} == {}


def test_a_stranger_s_browser_is_shown_the_sign_in_page(stranger: TestClient) -> None:
    answer = stranger.get("/", headers={"Accept": "text/html"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")


@pytest.mark.parametrize(
    "path", ["/sign-in", "/public/tokens.css", "/public/sign_in.css", "/public/icon.svg"]
)
def test_the_sign_in_page_and_its_looks_are_open(stranger: TestClient, path: str) -> None:
    assert stranger.get(path).status_code == 200


@pytest.mark.parametrize(
    "path", ["/public/reading.js", "/public/../services.py", "/public/%2e%2e/services.py"]
)
def test_nothing_else_beside_them_is(stranger: TestClient, path: str) -> None:
    assert stranger.get(path).status_code == 401


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example", "X-LMRRG-Page": "1"},
        {"Origin": "null", "X-LMRRG-Page": "1"},
        {"Origin": "http://testserver"},  # a form of ours cannot set the header, a form of others neither
        {},
    ],
)
def test_another_site_cannot_act_for_a_reader(
    browser: Callable[..., TestClient], study: Study, headers: dict[str, str]
) -> None:
    client = browser()
    for name in ("origin", "x-lmrrg-page"):
        del client.headers[name]
    answer = client.post(f"/api/studies/{study.id}/draft", json={}, headers=headers)
    assert answer.status_code == 403


def test_every_answer_carries_the_security_headers(reader: TestClient, stranger: TestClient) -> None:
    for answer in (reader.get("/api/me"), reader.get("/"), stranger.get("/sign-in"), stranger.get("/api/me")):
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert "http" not in answer.headers["content-security-policy"]  # no outside host
        assert answer.headers["x-content-type-options"] == "nosniff"
    assert "script-src" not in stranger.get("/sign-in").headers["content-security-policy"]


def test_only_the_page_s_own_scripts_run(reader: TestClient) -> None:
    """No inline script runs unless it carries the number that was given to this very page."""
    seen = set()
    for _ in range(2):
        answer = reader.get("/", headers={"Accept": "text/html"})
        policy = answer.headers["content-security-policy"]
        assert "'unsafe-inline'" not in policy.partition("script-src")[2].partition(";")[0]
        (nonce,) = re.findall(r"'nonce-([\w-]+)'", policy)
        assert re.findall(r"<script(?: nonce=\"([\w-]+)\")?[\s>]", answer.text) == [
            nonce
        ] * answer.text.count("<script")
        seen.add(nonce)
    assert len(seen) == 2
    assert "nonce" not in reader.get("/api/me").headers["content-security-policy"]


def test_patients_pixels_are_not_kept_by_the_browser(reader: TestClient, study: Study) -> None:
    (image,) = reader.get(f"/api/studies/{study.id}").json()["images"]
    answer = reader.get(f"/api/studies/{study.id}/images/{image['id']}/pixels")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")


def test_who_signed_out_is_a_stranger(reader: TestClient) -> None:
    cookie = reader.cookies["lmrrg_session"]
    assert reader.post("/sign-out").status_code == 200
    reader.cookies.set("lmrrg_session", cookie)
    assert reader.get("/api/me").status_code == 401


def test_a_disabled_account_is_out_at_once(browser: Callable[..., TestClient]) -> None:
    admin, other = browser("a.admin", "admin"), browser("b.reader")
    number = other.get("/api/me").json()["reader"]["id"]
    assert admin.post(f"/api/accounts/{number}/disable").json()["disabled"] is True
    assert other.get("/api/me").status_code == 401
    assert admin.post(f"/api/accounts/{number}/enable").json()["disabled"] is False
    assert other.get("/api/me").status_code == 401  # the cookie of before is dead
    assert browser("b.reader").get("/api/me").status_code == 200


@pytest.mark.parametrize(("headers", "later"), [({"X-Background": "1"}, 401), ({}, 200)])
def test_a_page_that_only_polls_is_signed_out_after_the_idle_time(
    reader: TestClient, services: Services, study: Study, headers: dict[str, str], later: int
) -> None:
    """After 40 of the 60 minutes the page asks; after 40 more only a reader who used it is still signed in."""

    def forty_minutes_pass() -> None:
        with services.database.session() as session:
            session.scalars(select(SignInSession)).one().last_seen_at -= timedelta(minutes=40)

    forty_minutes_pass()
    assert reader.get("/api/me", headers=headers).status_code == 200
    assert reader.post(f"/api/studies/{study.id}/presence", headers=headers).status_code == 200
    forty_minutes_pass()
    assert reader.get("/api/me", headers=headers).status_code == later


def form(size: int) -> bytes:
    """A form with one file, ``size`` bytes in all."""
    start = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
    return start + b"0" * (size - len(start) - 9) + b"\r\n--x--\r\n"


@pytest.mark.parametrize("says_its_length", [True, False])
@pytest.mark.parametrize(
    ("path", "most", "sentence"),
    [
        ("/sign-in", MOST_WHEN_OPEN, "type them again"),
        ("/link", MOST_WHEN_OPEN, "type them again"),
        ("/api/studies", 2_000_000, "larger than 1 MB"),
        ("/api/wording/impression", MOST, "Shorten the text"),
    ],
)
def test_a_request_brings_no_more_than_its_address_takes(
    reader: TestClient, services: Services, path: str, most: int, sentence: str, says_its_length: bool
) -> None:
    services.settings.upload_megabytes = 1
    status, said = {}, ""
    for size in (most, most + 1):
        content = form(size) if says_its_length else iter((form(size)[:100], form(size)[100:]))
        answer = reader.post(
            path, content=content, headers={"Content-Type": "multipart/form-data; boundary=x"}
        )
        assert ("content-length" in answer.request.headers) is says_its_length
        status[size], said = answer.status_code, answer.text
    assert status[most] != 413
    assert status[most + 1] == 413
    assert sentence in said


def test_what_does_not_end_is_read_to_the_bound_and_no_further(app: FastAPI) -> None:
    """A thousand bytes at a time; an open address takes sixteen thousand."""
    headers = {
        "host": "testserver",
        "origin": "http://testserver",
        "content-type": "multipart/form-data; boundary=x",
    }
    scope = {"type": "http", "method": "POST", "path": "/sign-in", "query_string": b""}
    scope["headers"] = [(name.encode(), value.encode()) for name, value in headers.items()]
    parts = [form(1009)[:1000]]  # all but its end
    answers = []

    async def receive() -> dict[str, object]:
        parts.append(b"0" * 1000)
        return {"type": "http.request", "body": parts[-2], "more_body": True}

    async def send(message: dict[str, object]) -> None:
        answers.append(message)

    asyncio.run(app(scope, receive, send))
    assert (answers[0]["status"], len(parts) - 1) == (413, 17)
