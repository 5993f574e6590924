"""Of Gradio's own routes only those are open that our pages ask; the rest takes nothing and tells nothing."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from ui.desk.services import Services
from ui.settings import WebSettings


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/gradio_api/upload"),
        ("GET", "/gradio_api/upload_progress?upload_id=1"),
        ("GET", "/gradio_api/file=/etc/passwd"),
        ("GET", "/gradio_api/proxy=http://127.0.0.1:22/"),
        ("POST", "/gradio_api/call/predict"),
        ("POST", "/gradio_api/component_server"),
        ("GET", "/gradio_api/stream/1/2/3/playlist.m3u8"),
        ("GET", "/gradio_api/deep_link"),
        ("GET", "/monitoring"),
        ("GET", "/monitoring/summary"),
        ("GET", "/openapi.json"),
        ("POST", "/login"),
        ("GET", "/logout"),
        ("GET", "/manifest.json"),
        ("GET", "/pwa_icon"),
    ],
)
def test_it_is_closed_to_readers_too(reader: TestClient, method: str, path: str) -> None:
    answer = reader.request(method, path, content=b"x" * 1000)
    assert (answer.status_code, answer.json()) == (404, {"error": "There is nothing at this address."})


@pytest.mark.parametrize("path", ["/", "/config", "/theme.css"])
def test_what_the_page_is_made_of_is_there(reader: TestClient, path: str) -> None:
    assert reader.get(path).status_code == 200


@pytest.mark.parametrize("origin", ["https://evil.example", "http://localhost:9999", "null"])
def test_no_foreign_origin_is_let_in(services: Services, reader: TestClient, origin: str) -> None:
    services.settings.hosts = "testserver,localhost"
    for path in ("/", "/api/me", "/config"):
        answer = reader.get(path, headers={"Origin": origin, "Host": "localhost:7860"})
        assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_a_page_that_only_knows_where_we_are_is_turned_away(reader: TestClient) -> None:
    answer = reader.get("/api/me", headers={"Host": "rebound.example"})
    assert answer.status_code == 421


@pytest.mark.parametrize(
    ("settings", "host", "served"),
    [
        ({}, "localhost:7860", True),
        ({}, "127.0.0.1", True),
        ({}, "[::1]:7860", True),
        ({}, "reading.hospital.example", False),
        ({"host": "0.0.0.0"}, "reading.hospital.example", True),
        ({"host": "0.0.0.0", "hosts": "reading.hospital.example"}, "reading.hospital.example", True),
        ({"host": "0.0.0.0", "hosts": "reading.hospital.example"}, "other.example", False),
    ],
)
def test_by_which_names_it_is_served(settings: dict[str, str], host: str, served: bool) -> None:
    assert WebSettings(_env_file=None, **settings).serves(host) is served


def test_behind_tls_browsers_are_told_to_stay_there(app: FastAPI) -> None:
    with TestClient(app, base_url="https://testserver") as browser:
        assert "max-age" in browser.get("/sign-in").headers["Strict-Transport-Security"]
    with TestClient(app) as browser:
        assert "Strict-Transport-Security" not in browser.get("/sign-in").headers
