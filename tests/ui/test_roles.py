"""Each role against each route that not everybody may use."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

ROUTES = [
    ("POST", "/api/training/retrain", ("lead", "admin")),
    ("POST", "/api/training/jobs/99/cancel", ("lead", "admin")),
    ("POST", "/api/versions/99/leave", ("lead", "admin")),
    ("GET", "/api/accounts", ("admin",)),
    ("POST", "/api/accounts", ("admin",)),
    ("POST", "/api/accounts/99/disable", ("admin",)),
    ("POST", "/api/accounts/99/enable", ("admin",)),
]


@pytest.mark.parametrize("role", ["reader", "lead", "admin"])
def test_a_role_may_do_what_is_its_own(browser: Callable[..., TestClient], role: str) -> None:
    client = browser(f"the {role}", role)
    body = {"name": "new", "password": "long enough", "role": "reader"}
    for method, path, roles in ROUTES:
        answer = client.request(method, path, json=body if method == "POST" else None)
        only = answer.status_code == 403 and answer.json()["error"].startswith("Only")
        assert only is (role not in roles), (method, path)


def test_nobody_disables_themselves(browser: Callable[..., TestClient]) -> None:
    admin = browser("the admin", "admin")
    number = admin.get("/api/me").json()["reader"]["id"]
    assert admin.post(f"/api/accounts/{number}/disable").status_code == 403


def test_a_name_is_given_once(browser: Callable[..., TestClient]) -> None:
    answer = browser("the admin", "admin").post(
        "/api/accounts", json={"name": "The Admin", "password": "long enough", "role": "reader"}
    )
    assert answer.status_code == 422
    assert "Choose another name" in answer.json()["error"]
