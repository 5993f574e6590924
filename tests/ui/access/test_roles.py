"""Each role against each route, each reader against the other's, each site against who may not see it."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from fastapi.testclient import TestClient
from starlette.routing import BaseRoute, Mount, Route

from feedback_db.models import Role, Study
from feedback_db.people import accounts, sessions
from feedback_db.reading import readings
from feedback_db.studies import drafts
from feedback_db.training import versions
from ui.access.entrance import OPEN
from ui.desk.services import Services

ROLES: tuple[Role, ...] = ("reader", "lead", "admin")
EVERYBODY, LEADS, ADMINS = frozenset(ROLES), frozenset({"lead", "admin"}), frozenset({"admin"})

# Every route of ours and who may use it. A route that is missing here fails the first test below.
TABLE = {
    "GET /api/me": EVERYBODY,
    "POST /api/me/password": EVERYBODY,
    "GET /api/model": EVERYBODY,
    "GET /api/macros": EVERYBODY,
    "PUT /api/macros/{name}": EVERYBODY,
    "DELETE /api/macros/{name}": EVERYBODY,
    "GET /api/studies": EVERYBODY,
    "POST /api/studies": EVERYBODY,
    "GET /api/studies/choices": EVERYBODY,
    "GET /api/studies/next": EVERYBODY,
    "GET /api/studies/{study_id}": EVERYBODY,
    "GET /api/studies/{study_id}/thumbnail": EVERYBODY,
    "GET /api/studies/{study_id}/images/{image_id}/pixels": EVERYBODY,
    "GET /api/studies/{study_id}/images/{image_id}/thumbnail": EVERYBODY,
    "GET /api/studies/{study_id}/drafts/{draft_id}/gradcam": EVERYBODY,
    "POST /api/studies/{study_id}/sentence": EVERYBODY,
    "POST /api/studies/{study_id}/claim": EVERYBODY,
    "POST /api/studies/{study_id}/release": EVERYBODY,
    "POST /api/studies/{study_id}/presence": EVERYBODY,
    "DELETE /api/studies/{study_id}/presence": EVERYBODY,
    "GET /api/studies/{study_id}/reading": EVERYBODY,
    "POST /api/studies/{study_id}/reading": EVERYBODY,
    "POST /api/studies/{study_id}/draft": EVERYBODY,
    "POST /api/studies/{study_id}/pair": EVERYBODY,
    "POST /api/studies/{study_id}/choice": EVERYBODY,
    "PUT /api/readings/{reading_id}": EVERYBODY,
    "POST /api/readings/{reading_id}/adopt": EVERYBODY,
    "POST /api/readings/{reading_id}/sign": EVERYBODY,
    "PUT /api/readings/{reading_id}/amendment": EVERYBODY,
    "POST /api/readings/{reading_id}/amendment/discard": EVERYBODY,
    "POST /api/readings/{reading_id}/amend": EVERYBODY,
    "GET /api/readings/{reading_id}/revisions": EVERYBODY,
    "PUT /api/readings/{reading_id}/sentences/{index}": EVERYBODY,
    "DELETE /api/readings/{reading_id}/sentences/{index}": EVERYBODY,
    "PUT /api/readings/{reading_id}/regions/{region}": EVERYBODY,
    "DELETE /api/readings/{reading_id}/regions/{region}": EVERYBODY,
    "POST /api/wording/errors": EVERYBODY,
    "POST /api/wording/impression": EVERYBODY,
    "POST /api/wording/findings": EVERYBODY,
    "POST /api/wording/unread": EVERYBODY,
    "POST /api/wording/finding": EVERYBODY,
    "GET /api/training": EVERYBODY,
    "GET /api/training/jobs/{job_id}/events": EVERYBODY,
    "POST /api/training/retrain": LEADS,
    "POST /api/training/jobs/{job_id}/cancel": LEADS,
    "GET /api/versions/{version_id}": EVERYBODY,
    "POST /api/versions/{version_id}/overrule": LEADS,
    "POST /api/versions/{version_id}/leave": LEADS,
    "GET /api/accounts": ADMINS,
    "POST /api/accounts": ADMINS,
    "PUT /api/accounts/{reader_id}": ADMINS,
    "POST /api/accounts/{reader_id}/password": ADMINS,
    "POST /api/accounts/{reader_id}/disable": ADMINS,
    "POST /api/accounts/{reader_id}/enable": ADMINS,
    "POST /sign-out": EVERYBODY,
}

# A body that each route understands where it takes one. Numbers in addresses are 99: nothing is there.
TEXT = {"revision": 0, "text": "The lungs are clear.", "sentences": [{"text": "The lungs are clear."}]}
BODIES: dict[str, Any] = {
    "POST /api/me/password": {"old": "wrong wrong", "new": "long enough"},
    "PUT /api/macros/{name}": {"text": "Normal."},
    "POST /api/studies/{study_id}/sentence": {"region": "trachea", "said": []},
    "POST /api/studies/{study_id}/reading": {"draft_id": 1},
    "POST /api/studies/{study_id}/choice": {"pair": "1-2", "outcome": "left"},
    "PUT /api/readings/{reading_id}": TEXT,
    "POST /api/readings/{reading_id}/adopt": {"revision": 0, "draft_id": 1},
    "POST /api/readings/{reading_id}/sign": {"revision": 0},
    "PUT /api/readings/{reading_id}/amendment": TEXT,
    "POST /api/readings/{reading_id}/amendment/discard": {"revision": 0},
    "POST /api/readings/{reading_id}/amend": TEXT,
    "PUT /api/readings/{reading_id}/sentences/{index}": {"text": "x", "verdict": "accepted"},
    "PUT /api/readings/{reading_id}/regions/{region}": {"action": "removed"},
    "POST /api/wording/errors": {"drafted": "", "edited": ""},
    "POST /api/wording/impression": {"sentences": []},
    "POST /api/wording/findings": {"sentences": []},
    "POST /api/wording/unread": {"sentences": []},
    "POST /api/wording/finding": {"sentences": [], "finding": "Edema", "present": True},
    "POST /api/versions/{version_id}/overrule": {"reason": "better by eye"},
    "POST /api/accounts": {"name": "new", "password": "long enough", "role": "reader"},
    "PUT /api/accounts/{reader_id}": {"role": "reader", "sites": None},
    "POST /api/accounts/{reader_id}/password": {"password": "long enough"},
}


def ours(routes: list[BaseRoute]) -> Iterator[str]:
    """``"METHOD /path"`` of each route that is ours, not Gradio's."""
    for route in routes:
        if isinstance(router := getattr(route, "original_router", None), APIRouter):
            yield from ours(list(router.routes))
        elif isinstance(route, Route) and not isinstance(route, Mount) and route.path not in OPEN:
            for method in sorted(set(route.methods or ()) - {"HEAD", "OPTIONS"}):
                yield f"{method} {route.path}"


def ask(client: TestClient, route: str, **numbers: object) -> Any:
    """Ask a route with its body; ``numbers`` for the parameters of its address, 99 for the others."""
    method, path = route.split(" ")
    path = re.sub(r"{(\w+)}", lambda found: str(numbers.get(found[1], 99)), path)
    return client.request(method, path, json=BODIES.get(route, {} if method in ("POST", "PUT") else None))


def entered(services: Services, app: FastAPI, name: str, role: Role = "reader", **columns: Any) -> TestClient:
    """A browser signed in, without the work of a password's hash on every call."""
    with services.database.session() as session:
        known = {reader.name: reader.id for reader in accounts.everyone(session)}
        number = known.get(name)
        if number is None:
            number = accounts.create_reader(
                session, name=name, password="correct horse battery", role=role, **columns
            ).id
        token = sessions.start(session, reader_id=number)
    headers = {"Origin": "http://testserver", "X-LMRRG-Page": "1"}
    return TestClient(app, follow_redirects=False, headers=headers, cookies={"lmrrg_session": token})


def test_every_route_stands_in_the_table(app: FastAPI) -> None:
    assert set(TABLE) == {route for route in ours(list(app.routes)) if "/api/" in route or "/sign-" in route}


@pytest.mark.parametrize("role", ROLES)
def test_a_role_may_do_what_is_its_own(services: Services, app: FastAPI, role: Role) -> None:
    for route, roles in TABLE.items():
        answer = ask(entered(services, app, f"the {role}", role), route)
        refused = answer.status_code == 403 and answer.text.startswith('{"error":"Only')
        assert refused is (role not in roles), (route, answer.status_code, answer.text[:100])
        assert answer.status_code < 500, (route, answer.text[:200])


@pytest.fixture
def drafted(services: Services, study: Study) -> int:
    """The number of a draft of the study."""
    with services.database.session() as session:
        live = versions.live(session)
        report = {"sentences": [{"text": "Drafted.", "regions": []}]}
        return drafts.add(
            session, study_id=study.id, model_version_id=live.id, text="Drafted.", report=report
        ).id


def test_a_study_of_another_site_is_as_if_it_were_not_there(
    services: Services, app: FastAPI, study: Study, drafted: int
) -> None:
    """The study is of site A. The reader began it while they could, then was given site B."""
    client = entered(services, app, "b.reader", sites=["A"])
    opened = client.post(f"/api/studies/{study.id}/reading", json={"draft_id": drafted})
    assert opened.status_code == 200
    number = opened.json()["id"]
    with services.database.session() as session:
        me = next(one for one in accounts.everyone(session) if one.name == "b.reader")
        accounts.assign(session, reader_id=me.id, role="reader", sites=["B"], by=me.id)
    assert ask(client, "GET /api/me").status_code == 401
    client = entered(services, app, "b.reader")
    for route in TABLE:
        if "{study_id}" in route or "{reading_id}" in route:
            answer = ask(client, route, study_id=study.id, reading_id=number)
            assert answer.status_code == 404, (route, answer.status_code, answer.text[:100])
    assert client.get("/api/studies").json() == {"rows": [], "total": 0, "more": False}
    assert client.get("/api/studies?site=A").json()["rows"] == []
    assert client.get("/api/studies/choices").json()["sites"] == []


def test_nothing_of_one_reader_s_report_is_another_s(
    services: Services, app: FastAPI, study: Study, drafted: int
) -> None:
    first, second = entered(services, app, "a.reader"), entered(services, app, "b.reader", "admin")
    number = first.post(f"/api/studies/{study.id}/reading", json={"draft_id": drafted}).json()["id"]
    first.put(f"/api/readings/{number}", json=TEXT)
    first.put("/api/macros/nl", json={"text": "Mine alone."})
    for route in TABLE:
        if "{reading_id}" in route:
            answer = ask(second, route, reading_id=number, index=0, region="trachea")
            assert answer.status_code == 403, (route, answer.status_code)
            assert "another reader" in answer.json()["error"]
    seen = json.dumps(
        [ask(second, route, study_id=study.id).text for route in TABLE if route.startswith("GET")]
    )
    assert "The lungs are clear" not in seen
    assert "Mine alone" not in seen
    with services.database.reading_session() as session:
        assert readings.get(session, reading_id=number).revision == 1


def test_where_the_model_lies_is_told_to_who_runs_it(services: Services, app: FastAPI) -> None:
    told = {role: set(entered(services, app, f"the {role}", role).get("/api/model").json()) for role in ROLES}
    assert told["reader"] == {"name", "version", "demonstration", "state", "message"}
    assert told["lead"] == told["admin"] == told["reader"] | {"folder", "device", "config"}


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
