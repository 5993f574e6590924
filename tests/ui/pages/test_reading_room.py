"""Drafts are streamed and kept; a reader's text is saved by revision, signed once, amended after."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from fastapi.testclient import TestClient

from feedback_db.models import Study
from feedback_db.reading import readings
from feedback_db.studies import drafts
from ui.desk.services import Services

HEART = {"text": "The heart is enlarged.", "draft_index": None, "state": "added"}
LUNGS = {"text": "The lungs are clear.", "draft_index": None, "state": "added"}


def streamed(client: TestClient, path: str, **body: Any) -> list[dict[str, Any]]:
    return [json.loads(line) for line in client.post(path, json=body).text.splitlines()]


def begin(client: TestClient, study: Study) -> dict[str, Any]:
    draft = streamed(client, f"/api/studies/{study.id}/draft")[-1]["draft"]
    answer: dict[str, Any] = client.post(
        f"/api/studies/{study.id}/reading", json={"draft_id": draft["id"]}
    ).json()
    return answer


def save(
    client: TestClient, number: int, revision: int, *sentences: dict[str, Any]
) -> tuple[int, dict[str, Any]]:
    text = " ".join(sentence["text"] for sentence in sentences)
    body = {"revision": revision, "text": text, "sentences": list(sentences)}
    answer = client.put(f"/api/readings/{number}", json=body)
    return answer.status_code, answer.json()


def test_a_draft_is_streamed_sentence_by_sentence_and_kept(
    reader: TestClient, services: Services, study: Study
) -> None:
    events = streamed(reader, f"/api/studies/{study.id}/draft")
    sentences = [event["sentence"]["text"] for event in events if event["kind"] == "sentence"]
    draft = events[-1]["draft"]
    assert events[-1]["kind"] == "draft"
    assert [sentence["text"] for sentence in draft["report"]["sentences"]] == sentences
    assert len(draft["report"]["regions"]) == 29
    assert draft["model"] == {"name": "tiny", "version": "1.0", "demonstration": True}
    with services.database.reading_session() as session:
        assert drafts.get(session, draft_id=draft["id"]).text == " ".join(sentences)


def test_a_draft_that_is_there_is_not_written_again(reader: TestClient, study: Study) -> None:
    first = streamed(reader, f"/api/studies/{study.id}/draft")[-1]["draft"]["id"]
    assert streamed(reader, f"/api/studies/{study.id}/draft")[-1]["draft"]["id"] == first
    assert streamed(reader, f"/api/studies/{study.id}/draft", again=True)[-1]["draft"]["id"] > first


def test_what_was_saved_is_there_on_return(reader: TestClient, study: Study) -> None:
    number = begin(reader, study)["id"]
    assert save(reader, number, 0, HEART)[1]["revision"] == 1
    held = reader.get(f"/api/studies/{study.id}/reading").json()["reading"]
    assert (held["text"], held["sentences"], held["revision"]) == ("The heart is enlarged.", [HEART], 1)
    assert reader.get("/api/studies").json()["rows"][0]["status"] == "in reading"


def test_an_inserted_sentence_keeps_its_regions_when_it_is_signed_and_amended(
    reader: TestClient, study: Study
) -> None:
    number = begin(reader, study)["id"]
    linked = HEART | {"regions": ["cardiac silhouette", "left lung"]}
    held = f"/api/studies/{study.id}/reading"
    assert save(reader, number, 0, linked)[1]["revision"] == 1
    assert reader.get(held).json()["reading"]["sentences"] == [linked]
    reader.post(f"/api/readings/{number}/sign", json={"revision": 1})
    assert reader.get(held).json()["reading"]["sentences"] == [linked]
    body = {"revision": 2, "text": "The heart is enlarged.", "sentences": [linked, LUNGS]}
    reader.put(f"/api/readings/{number}/amendment", json=body)
    assert reader.get(held).json()["reading"]["amendment"]["sentences"] == [linked, LUNGS]


def test_a_sentence_is_linked_to_no_region_that_does_not_exist(reader: TestClient, study: Study) -> None:
    number = begin(reader, study)["id"]
    assert save(reader, number, 0, HEART | {"regions": ["left ear"]})[0] == 422
    assert save(reader, number, 0, HEART | {"regions": ["left lung"] * 30})[0] == 422


def test_a_stale_save_gets_the_newer_text_and_overwrites_nothing(reader: TestClient, study: Study) -> None:
    number = begin(reader, study)["id"]
    save(reader, number, 0, HEART)
    status, answer = save(reader, number, 0, LUNGS)
    assert status == 409
    assert answer["newer"]["text"] == "The heart is enlarged."
    assert answer["newer"]["revision"] == 1
    assert (
        reader.get(f"/api/studies/{study.id}/reading").json()["reading"]["text"] == "The heart is enlarged."
    )


def test_the_same_save_sent_twice_is_acknowledged_twice(reader: TestClient, study: Study) -> None:
    number = begin(reader, study)["id"]
    assert save(reader, number, 0, HEART) == save(reader, number, 0, HEART)


def test_a_signed_report_is_amended_not_saved_over(reader: TestClient, study: Study) -> None:
    number = begin(reader, study)["id"]
    save(reader, number, 0, HEART)
    assert reader.post(f"/api/readings/{number}/sign", json={"revision": 1}).json()["revision"] == 2
    status, answer = save(reader, number, 2, LUNGS)
    assert (status, "newer" in answer) == (409, False)
    body = {"revision": 2, "text": LUNGS["text"], "sentences": [LUNGS]}
    assert reader.post(f"/api/readings/{number}/amend", json=body).json()["revision"] == 3
    held = reader.get(f"/api/studies/{study.id}/reading").json()["reading"]
    assert (held["status"], held["amended"], held["text"]) == ("signed", True, "The lungs are clear.")


def test_an_old_page_cannot_sign_a_newer_text(reader: TestClient, services: Services, study: Study) -> None:
    number = begin(reader, study)["id"]
    save(reader, number, 0, HEART)
    save(reader, number, 1, LUNGS)
    answer = reader.post(f"/api/readings/{number}/sign", json={"revision": 1})
    assert answer.status_code == 409
    with services.database.reading_session() as session:
        assert readings.get(session, reading_id=number).status == "open"


@pytest.mark.parametrize("verb", ["save", "sign", "amend"])
def test_nobody_writes_in_another_s_report(
    browser: Callable[..., TestClient], study: Study, verb: str
) -> None:
    number = begin(browser("a.reader"), study)["id"]
    other = browser("b.reader")
    body = {"revision": 0, "text": HEART["text"], "sentences": [HEART]}
    path = f"/api/readings/{number}"
    answer = other.put(path, json=body) if verb == "save" else other.post(f"{path}/{verb}", json=body)
    assert answer.status_code == 403


def test_a_reader_sees_who_else_reads_but_not_what(browser: Callable[..., TestClient], study: Study) -> None:
    first, second = browser("a.reader"), browser("b.reader")
    save(first, begin(first, study)["id"], 0, HEART)
    held = second.get(f"/api/studies/{study.id}/reading").json()
    assert held["others"] == [{"reader": "a.reader", "status": "open", "here": False}]
    assert held["reading"] is None
