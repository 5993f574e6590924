"""The training page asks for jobs, shows what they say, cancels them and leads back to an earlier version."""

from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from feedback_db import jobs, versions
from ui.services import Services


@pytest.fixture
def lead(browser: Callable[..., TestClient]) -> TestClient:
    return browser("l.lead", "lead")


def test_retrain_asks_for_a_job_and_starts_a_worker(lead: TestClient, services: Services) -> None:
    number = lead.post("/api/training/retrain", json={}).json()["job_id"]
    with services.database.reading_session() as session:
        job = jobs.get(session, job_id=number)
    assert (job.status, job.kind) == ("queued", "retrain")
    assert services.worker.starts == 1  # type: ignore[attr-defined]


def test_there_is_one_job_at_a_time(lead: TestClient) -> None:
    assert lead.post("/api/training/retrain", json={}).status_code == 200
    again = lead.post("/api/training/retrain", json={})
    assert again.status_code == 403
    assert "already" in again.json()["error"]


def test_a_job_that_waits_is_cancelled_at_once(lead: TestClient) -> None:
    number = lead.post("/api/training/retrain", json={}).json()["job_id"]
    assert lead.post(f"/api/training/jobs/{number}/cancel").json() == {"status": "cancelled"}
    assert lead.get("/api/training").json()["job"]["status"] == "cancelled"


def test_events_come_once_in_their_order(lead: TestClient, services: Services) -> None:
    number = lead.post("/api/training/retrain", json={}).json()["job_id"]
    with services.database.session() as session:
        for step in (1, 2, 3):
            jobs.add_event(
                session,
                job_id=number,
                kind="progress",
                stage="sft",
                step=step,
                total=3,
                data={"loss": 1 / step},
            )
    told = lead.get(f"/api/training/jobs/{number}/events").json()["events"]
    assert [(event["stage"], event["step"]) for event in told] == [("sft", 1), ("sft", 2), ("sft", 3)]
    rest = lead.get(f"/api/training/jobs/{number}/events?after={told[1]['id']}").json()["events"]
    assert [event["step"] for event in rest] == [3]


def test_roll_back_leaves_only_the_version_that_was_seen(lead: TestClient, services: Services) -> None:
    with services.database.session() as session:
        base = versions.live(session)
        candidate = versions.register_candidate(session, parent_id=base.id, snapshot_hash=None)
        versions.promote(session, version_id=candidate.id, by=None)
    assert lead.post(f"/api/versions/{base.id}/leave").status_code == 403
    assert lead.post(f"/api/versions/{candidate.id}/leave").json() == {"name": "tiny", "version": "1.0"}
    assert lead.post(f"/api/versions/{base.id}/leave").status_code == 422  # nothing before the first
