"""A reporter of ten lines, which tells nothing but words, is at home on every page."""

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from feedback_db.models import Study
from feedback_db.studies import drafts
from tests.lmrrg.reporters.ten_lines import TenLines
from ui.desk import reporter_pool
from ui.desk.services import Services


@pytest.fixture(autouse=True)
def _ten_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reporter_pool, "load_reporter", lambda *_, **__: TenLines())


def told(answer: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in answer.splitlines()]


def drafted(reader: TestClient, study: Study) -> dict[str, Any]:
    *streamed, last = told(reader.post(f"/api/studies/{study.id}/draft", json={}).text)
    assert [event["sentence"]["text"] for event in streamed if event["kind"] == "sentence"] == [
        "There is a small left pleural effusion.",
        "The heart is normal.",
        "No acute change.",
    ]
    draft: dict[str, Any] = last["draft"]
    return draft


def test_it_drafts_in_the_reading_room(reader: TestClient, study: Study) -> None:
    report = drafted(reader, study)["report"]
    assert report["sentences"][1] == {
        "text": "The heart is normal.",
        "confidence": None,
        "regions": [],
        "flag": None,
    }
    assert (report["regions"], report["findings"], report["looked_at"]) == ([], {}, [])
    assert report["abilities"] == []


def test_what_it_cannot_do_is_told_and_does_not_fail(
    reader: TestClient, services: Services, study: Study
) -> None:
    draft = drafted(reader, study)
    refused = reader.get(f"/api/studies/{study.id}/drafts/{draft['id']}/gradcam")
    assert refused.status_code == 403
    assert "no second opinion" in refused.text
    answer = reader.post(f"/api/studies/{study.id}/sentence", json={"region": "left lung", "said": []})
    assert answer.json() == {"sentence": None}
    with services.database.reading_session() as session:  # nothing was sampled in vain
        assert len(drafts.of_study(session, study_id=study.id)) == 1


def test_it_can_be_signed(reader: TestClient, study: Study) -> None:
    draft = drafted(reader, study)
    reading = reader.post(f"/api/studies/{study.id}/reading", json={"draft_id": draft["id"]}).json()
    signed = reader.post(f"/api/readings/{reading['id']}/sign", json={"revision": reading["revision"]})
    assert signed.status_code == 200


def test_its_study_stands_on_the_worklist(reader: TestClient, study: Study) -> None:
    drafted(reader, study)
    [row] = reader.get("/api/studies").json()["rows"]
    assert (row["status"], row["confidence"], row["findings"], row["disagrees"]) == (
        "drafted",
        None,
        None,  # not told, which is not "none"
        False,
    )
    assert row["needs_eye"] == 0.5  # nothing is known about how sure it is


def test_two_of_its_drafts_are_compared(reader: TestClient, study: Study) -> None:
    pair = told(reader.post(f"/api/studies/{study.id}/pair", json={}).text)[-1]["pair"]
    assert {pair["left"][0], pair["right"][0]} == {
        "There is a small left pleural effusion.",
        "There is a large left pleural effusion.",
    }
    assert pair["same"] is False
