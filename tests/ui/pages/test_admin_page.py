"""Gradio's events on *Admin* can be called by anybody who is signed in: each works for administrators only."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from feedback_db.people import accounts
from ui.desk.services import Services


def events(client: TestClient) -> dict[str, dict[str, Any]]:
    """What the page's buttons call, by the words on the button."""
    config = client.get("/config").json()
    labels = {one["id"]: one["props"].get("value") for one in config["components"]}
    return {
        str(labels[target]): dependency
        for dependency in config["dependencies"]
        for target, name in dependency["targets"]
        if name == "click"
    }


def press(client: TestClient, button: str, values: dict[str, Any]) -> str:
    """Call the button's event with the values of its fields by their labels; what it answered, as text."""
    config = client.get("/config").json()
    labels = {one["id"]: one["props"].get("label") for one in config["components"]}
    event = events(client)[button]
    data = [values[labels[field]] for field in event["inputs"]]
    answer = client.post(
        "/gradio_api/run/predict", json={"data": data, "fn_index": event["id"], "session_hash": "one"}
    )
    return json.dumps(answer.json(), ensure_ascii=False)


NEW = {
    "Name": "Dr. New",
    "First password (at least 8 characters)": "long enough",
    "Role": "admin",
    "Sites, separated by commas": "North, South",
}
CHOSEN = {
    "Change the account of": "r.reader",
    "Role": "admin",
    "Sites, separated by commas": "",
    "New password": "long enough",
}
CHANGES = {
    "Create account": NEW,
    "Save role and sites": CHOSEN,
    "Set password": CHOSEN,
    "Enable and unlock": CHOSEN,
    "Disable the account": CHOSEN,
}


def kept(services: Services) -> list[tuple[Any, ...]]:
    with services.database.reading_session() as session:
        return [
            (one.name, one.role, one.password_hash, one.disabled_at) for one in accounts.everyone(session)
        ]


@pytest.mark.parametrize("role", ["reader", "lead"])
@pytest.mark.parametrize("button", CHANGES)
def test_only_an_administrator_changes_accounts(
    services: Services, browser: Callable[..., TestClient], role: str, button: str
) -> None:
    person = browser("r.reader", "reader") if role == "reader" else browser("the lead", "lead")
    browser("r.reader", "reader")
    before = kept(services)
    assert "Only an administrator may do this." in press(person, button, CHANGES[button])
    assert kept(services) == before


def test_nobody_calls_anything(app: object, stranger: TestClient) -> None:
    answer = stranger.post("/gradio_api/run/predict", json={"data": [], "fn_index": 0, "session_hash": "one"})
    assert answer.status_code == 401


def test_an_administrator_makes_an_account(services: Services, browser: Callable[..., TestClient]) -> None:
    admin = browser("the admin", "admin")
    assert "The account “Dr. New” was created." in press(admin, "Create account", NEW)
    with services.database.reading_session() as session:
        made = next(one for one in accounts.everyone(session) if one.name == "Dr. New")
    assert (made.role, made.sites) == ("admin", ["North", "South"])


def test_a_refusal_is_told_in_a_sentence(browser: Callable[..., TestClient]) -> None:
    admin = browser("the admin", "admin")
    assert "at least 8" in press(
        admin, "Create account", NEW | {"First password (at least 8 characters)": "short"}
    )
    assert "Choose an account" in press(
        admin, "Disable the account", CHOSEN | {"Change the account of": "nobody"}
    )
    assert "their own account" in press(
        admin, "Disable the account", CHOSEN | {"Change the account of": "the admin"}
    )


def test_no_name_reaches_who_keeps_no_accounts(browser: Callable[..., TestClient]) -> None:
    browser("the admin", "admin")
    reader = browser("r.reader", "reader")
    opened = next(
        one
        for one in reader.get("/config").json()["dependencies"]
        if [name for _, name in one["targets"]] == ["tick"]
    )
    answer = reader.post(
        "/gradio_api/run/predict", json={"data": [], "fn_index": opened["id"], "session_hash": "one"}
    )
    assert answer.status_code == 200
    assert "the admin" not in answer.text
    assert "About the model" in answer.text


@pytest.mark.parametrize(("role", "told"), [("admin", True), ("lead", True), ("reader", False)])
def test_whoever_runs_it_is_told_that_the_audit_is_not_anchored(
    browser: Callable[..., TestClient], role: str, told: bool
) -> None:
    client = browser("x.person", role)
    config = client.get("/config").json()
    clock = next(one["id"] for one in config["components"] if one["type"] == "timer")
    (event,) = (one for one in config["dependencies"] if one["targets"][0][0] == clock)
    answer = client.post(
        "/gradio_api/run/predict", json={"data": [], "fn_index": event["id"], "session_hash": "one"}
    )
    assert ("Not anchored: LMRRG_AUDIT_ANCHOR names no place" in answer.text) is told
