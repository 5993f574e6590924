"""What a reader does besides typing is kept too: amendments, drafts adopted, marks, macros, claims, presence."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from feedback_db.models import Study
from feedback_db.studies import drafts
from feedback_db.training import versions
from ui.desk.services import Services

HEART = {"text": "The heart is enlarged.", "draft_index": None, "state": "added"}
SHORT = {"text": "No acute finding.", "draft_index": None, "state": "added"}


def add_draft(services: Services, study: Study, text: str) -> int:
    with services.database.session() as session:
        live = versions.live(session)
        report = {"sentences": [{"text": text}]}
        return drafts.add(session, study_id=study.id, model_version_id=live.id, text=text, report=report).id


@pytest.fixture
def number(reader: TestClient, services: Services, study: Study) -> int:
    """The reader's reading, begun from a draft and saved once."""
    draft = add_draft(services, study, "Drafted.")
    begun = reader.post(f"/api/studies/{study.id}/reading", json={"draft_id": draft}).json()
    put(reader, f"/api/readings/{begun['id']}", 0, HEART, active_seconds=12)
    return int(begun["id"])


def put(
    client: TestClient, path: str, revision: int, sentence: dict[str, Any], **more: Any
) -> dict[str, Any]:
    body = {"revision": revision, "text": sentence["text"], "sentences": [sentence], **more}
    answer = client.put(path, json=body)
    return {"status": answer.status_code, **answer.json()}


def held(client: TestClient, study: Study) -> dict[str, Any]:
    answer: dict[str, Any] = client.get(f"/api/studies/{study.id}/reading").json()
    return answer


def test_a_newer_draft_is_told_and_adopted_by_choice(
    reader: TestClient, services: Services, study: Study, number: int
) -> None:
    assert held(reader, study)["newer_draft"] is None
    newer = add_draft(services, study, "Drafted anew.")
    assert held(reader, study)["newer_draft"]["id"] == newer
    assert held(reader, study)["reading"]["text"] == "The heart is enlarged."
    path = f"/api/readings/{number}/adopt"
    assert reader.post(path, json={"revision": 0, "draft_id": newer}).json()["newer"]["revision"] == 1
    adopted = reader.post(path, json={"revision": 1, "draft_id": newer}).json()
    assert (adopted["text"], adopted["draft_id"], adopted["revision"]) == ("Drafted anew.", newer, 2)
    texts = [one["text"] for one in reader.get(f"/api/readings/{number}/revisions").json()]
    assert texts == ["The heart is enlarged.", "Drafted anew."]


def test_an_amendment_is_on_the_server_before_it_is_signed(
    reader: TestClient, study: Study, number: int
) -> None:
    path = f"/api/readings/{number}"
    assert put(reader, f"{path}/amendment", 1, SHORT)["status"] == 422  # nothing is signed yet
    signed = reader.post(f"{path}/sign", json={"revision": 1, "agreement": 2, "active_seconds": 15}).json()
    assert put(reader, f"{path}/amendment", signed["revision"], SHORT)["revision"] == 3
    reading = held(reader, study)["reading"]
    assert (reading["text"], reading["status"], reading["amended"]) == (
        "The heart is enlarged.",
        "signed",
        False,
    )
    assert (reading["amendment"]["text"], reading["agreement"], reading["active_seconds"]) == (
        "No acute finding.",
        2,
        15,
    )
    stale = put(reader, f"{path}/amendment", 2, HEART)
    assert (stale["status"], stale["newer"]["text"]) == (409, "No acute finding.")
    assert reader.post(f"{path}/amendment/discard", json={"revision": 3}).json()["revision"] == 4
    assert held(reader, study)["reading"]["amendment"] is None


def test_marks_come_back_with_the_reading(reader: TestClient, study: Study, number: int) -> None:
    path = f"/api/readings/{number}"
    error = {"category": "wrong severity", "significant": True}
    mark = {"text": "Drafted.", "verdict": "edited", "errors": [error]}
    assert reader.put(f"{path}/sentences/0", json=mark).status_code == 200
    box = {"action": "drawn", "box_xywh": [1, 2, 3.5, 4]}
    assert reader.put(f"{path}/regions/left lung", json=box).status_code == 200
    reading = held(reader, study)["reading"]
    assert reading["sentence_marks"] == [{"index": 0, **mark}]
    assert reading["region_marks"] == [{"region": "left lung", "image_id": 1, **box}]
    assert reader.delete(f"{path}/sentences/0").status_code == 200
    assert reader.delete(f"{path}/regions/left lung").status_code == 200
    reading = held(reader, study)["reading"]
    assert (reading["sentence_marks"], reading["region_marks"]) == ([], [])


def test_the_marks_of_a_signed_report_change_only_under_an_amendment(
    reader: TestClient, study: Study, number: int
) -> None:
    path = f"/api/readings/{number}"
    assert reader.put(f"{path}/regions/left lung", json={"action": "removed"}).status_code == 200
    reader.post(f"{path}/sign", json={"revision": 1})
    refused = reader.delete(f"{path}/regions/left lung")
    assert (refused.status_code, "newer" in refused.json()) == (409, False)
    assert "amend it first" in refused.json()["error"]
    put(reader, f"{path}/amendment", 2, SHORT)
    assert reader.delete(f"{path}/regions/left lung").status_code == 200
    assert held(reader, study)["reading"]["region_marks"] == []


def test_what_is_no_category_or_region_is_refused(reader: TestClient, number: int) -> None:
    path = f"/api/readings/{number}"
    mark = {"text": "x", "verdict": "edited", "errors": [{"category": "bad style"}]}
    assert reader.put(f"{path}/sentences/0", json=mark).status_code == 422
    assert reader.put(f"{path}/regions/left ear", json={"action": "removed"}).status_code == 403


def test_a_macro_is_kept_under_its_name(reader: TestClient) -> None:
    assert reader.put("/api/macros/nl", json={"text": "Normal."}).status_code == 200
    refused = reader.put("/api/macros/nl", json={"text": "Another."})
    assert (refused.status_code, "already" in refused.json()["error"]) == (422, True)
    assert reader.get("/api/macros").json() == [{"name": "nl", "text": "Normal."}]
    assert reader.put("/api/macros/nl", json={"text": "Clear.", "replace": True}).status_code == 200
    assert reader.delete("/api/macros/nl").status_code == 200
    assert reader.delete("/api/macros/nl").status_code == 404


def test_a_claimed_study_says_whose_it_is(browser: Callable[..., TestClient], study: Study) -> None:
    first, second, lead = browser("a.reader"), browser("b.reader"), browser("l.lead", "lead")
    path = f"/api/studies/{study.id}"
    me = first.post(f"{path}/claim").json()["claimed_by"]
    assert me["name"] == "a.reader"
    refused = second.post(f"{path}/claim")
    assert (refused.status_code, refused.json()["claimed_by"]) == (409, me)
    assert second.get("/api/studies?claimed=free").json()["rows"] == []
    assert first.get("/api/studies?claimed=me").json()["rows"][0]["claimed_by"] == me
    assert held(second, study)["claimed_by"] == me
    assert second.post(f"{path}/release").status_code == 403
    assert lead.post(f"{path}/release").status_code == 200
    assert second.post(f"{path}/claim").status_code == 200


def test_another_who_has_it_open_is_seen(browser: Callable[..., TestClient], study: Study) -> None:
    first, second = browser("a.reader"), browser("b.reader")
    path = f"/api/studies/{study.id}/presence"
    assert first.post(path).json() == {"others": []}
    assert [one["reader"]["name"] for one in second.post(path).json()["others"]] == ["a.reader"]
    assert first.delete(path).status_code == 200
    assert second.post(path).json() == {"others": []}


def test_the_list_is_ordered_filtered_and_searched(
    reader: TestClient, services: Services, study: Study
) -> None:
    add_draft(services, study, "Drafted.")
    row = reader.get("/api/studies?order=needs_eye&status=drafted&search=phantom").json()["rows"][0]
    assert (row["id"], row["needs_eye"], row["drafted_by"]) == (study.id, 0.5, "tiny 1.0")
    assert reader.get("/api/studies?search=elsewhere").json() == {"rows": [], "total": 0, "more": False}
    assert reader.get(f"/api/studies/next?after={study.id}").json() == {"id": None}
    choices = reader.get("/api/studies/choices").json()
    assert (choices["sites"], [one["name"] for one in choices["readers"]]) == (["A"], ["r.reader"])


def test_five_wrong_passwords_lock_and_an_administrator_unlocks(
    browser: Callable[..., TestClient], stranger: TestClient
) -> None:
    admin, reader = browser("a.admin", "admin"), browser("b.reader")
    number = reader.get("/api/me").json()["reader"]["id"]
    sent = {"name": "b.reader", "password": "wrong wrong"}
    answers = {stranger.post("/sign-in", data=sent).text for _ in range(6)}
    right = sent | {"password": "correct horse battery"}
    answers.add(stranger.post("/sign-in", data=right).text)
    assert len(answers) == 1  # nobody hears whether it was the password or the lock
    assert next(one for one in admin.get("/api/accounts").json() if one["id"] == number)["locked"]
    assert admin.post(f"/api/accounts/{number}/enable").json()["locked"] is False
    assert stranger.post("/sign-in", data=right).status_code == 303


def test_a_changed_password_ends_the_other_sessions(browser: Callable[..., TestClient]) -> None:
    here, there = browser("a.reader"), browser("a.reader")
    body = {"old": "correct horse battery", "new": "another long one"}
    assert here.post("/api/me/password", json=body | {"old": "wrong"}).status_code == 422
    assert here.post("/api/me/password", json=body).status_code == 200
    assert (here.get("/api/me").status_code, there.get("/api/me").status_code) == (200, 401)


def test_a_report_from_nothing_is_not_laid_over_a_draft_that_comes_later(
    reader: TestClient, services: Services, study: Study
) -> None:
    begun = reader.post(f"/api/studies/{study.id}/reading", json={"draft_id": None}).json()
    assert (begun["draft_id"], begun["text"]) == (None, "")
    put(reader, f"/api/readings/{begun['id']}", 0, HEART)
    later = add_draft(services, study, "Drafted.")
    held = reader.get(f"/api/studies/{study.id}/reading").json()
    assert held["draft"] is None
    assert held["newer_draft"]["id"] == later
    assert held["reading"]["text"] == HEART["text"]
