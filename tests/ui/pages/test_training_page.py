"""The training page asks for jobs, shows what they say, cancels them and leads back to an earlier version."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from feedback_db.models import Study
from feedback_db.people import audit
from feedback_db.training import evaluations, jobs, versions
from feedback_db.training.configuration import TrainingConfig
from lmrrg.metrics.categories import ERROR_CATEGORIES
from train.judge.evaluate import MAP_FIGURES
from train.judge.figures import FIGURES
from train.judge.published_figures import PUBLISHED
from ui.desk.services import Services, SignedIn
from ui.pages.training import decisions

WHY = {"reason": "It calls every line a drain."}


@pytest.fixture
def lead(browser: Callable[..., TestClient]) -> TestClient:
    return browser("l.lead", "lead")


def test_retrain_asks_for_a_job_and_starts_a_worker(lead: TestClient, services: Services) -> None:
    number = lead.post("/api/training/retrain", json={}).json()["job_id"]
    with services.database.reading_session() as session:
        job = jobs.get(session, job_id=number)
    assert (job.status, job.kind) == ("queued", "retrain")
    assert services.worker.starts == 1  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("config", "said"),
    [
        ({"sft": {"epocs": 3}}, "There is no setting “sft.epocs”."),
        ({"sft": {"epochs": "many"}}, "“sft.epochs” must be a whole number, not many."),
        ({"grpo": {"generations": 1}}, "“grpo.generations” must be at least 2, not 1."),
        ({"gate": 3}, "“gate” must be a group of settings by name, not 3."),
        (
            {"processes": 3},
            "64 texts a step (generations × studies_per_step) cannot be shared by 3 processes.",
        ),
    ],
)
def test_settings_that_cannot_be_used_are_refused_in_our_words_and_file_nothing(
    lead: TestClient, services: Services, config: dict[str, object], said: str
) -> None:
    answer = lead.post("/api/training/retrain", json={"config": config})
    assert answer.status_code == 422
    assert answer.json() == {"error": f"These training settings cannot be used. {said}"}
    with services.database.reading_session() as session:
        assert jobs.recent(session) == []
    assert services.worker.starts == 0  # type: ignore[attr-defined]


def test_looking_starts_nothing(lead: TestClient, services: Services) -> None:
    with services.database.session() as session:
        number = jobs.enqueue(session, requested_by=None).id
    assert lead.get("/api/training").json()["job"]["status"] == "queued"
    assert lead.get(f"/api/training/jobs/{number}/events").json()["job"]["status"] == "queued"
    assert services.worker.starts == 0  # type: ignore[attr-defined]


def test_a_host_that_only_files_jobs_starts_no_worker_and_says_so(
    lead: TestClient, services: Services
) -> None:
    assert lead.get("/api/training").json()["runs_jobs"] is True
    services.settings.jobs = "none"
    assert lead.post("/api/training/retrain", json={}).status_code == 200
    overview = lead.get("/api/training").json()
    assert (overview["job"]["status"], overview["runs_jobs"]) == ("queued", False)
    assert services.worker.starts == 0  # type: ignore[attr-defined]


def test_jobs_wait_behind_one_another_up_to_three(lead: TestClient, services: Services) -> None:
    first = lead.post("/api/training/retrain", json={}).json()["job_id"]
    with services.database.session() as session:
        jobs.claim(session, worker="here:1")
    waiting = [lead.post("/api/training/retrain", json={}).json()["job_id"] for _ in range(3)]
    overview = lead.get("/api/training").json()
    assert (overview["job"]["id"], overview["queue_is_full"]) == (first, True)
    assert [job["id"] for job in overview["queue"]] == waiting
    again = lead.post("/api/training/retrain", json={})
    assert again.status_code == 403
    assert "wait already" in again.json()["error"]


def test_a_job_that_waits_is_cancelled_at_once(lead: TestClient) -> None:
    number = lead.post("/api/training/retrain", json={}).json()["job_id"]
    assert lead.post(f"/api/training/jobs/{number}/cancel").json() == {"status": "cancelled"}
    assert lead.get("/api/training").json()["job"]["status"] == "cancelled"


def test_the_job_shown_is_the_newest_that_began(lead: TestClient, services: Services) -> None:
    first = lead.post("/api/training/retrain", json={}).json()["job_id"]
    with services.database.session() as session:
        jobs.claim(session, worker="here:1")
        jobs.finish(
            session,
            job_id=first,
            worker="here:1",
            status="succeeded",
            outcome={"decision": "reject", "seconds": {"sft": 9}},
        )
    second = lead.post("/api/training/retrain", json={}).json()["job_id"]
    lead.post(f"/api/training/jobs/{second}/cancel")
    overview = lead.get("/api/training").json()
    assert (overview["job"]["id"], overview["seconds"]) == (first, {"sft": 9})
    assert [(job["id"], job["status"], job["began"], job["decision"]) for job in overview["jobs"]] == [
        (second, "cancelled", False, None),
        (first, "succeeded", True, "reject"),
    ]


def test_a_job_of_other_settings_does_not_tell_how_long_this_one_takes(
    lead: TestClient, services: Services
) -> None:
    with services.database.session() as session:
        number = jobs.enqueue(session, requested_by=None, config={"seed": 7}).id
        jobs.claim(session, worker="here:1")
        jobs.finish(
            session, job_id=number, worker="here:1", status="succeeded", outcome={"seconds": {"sft": 9}}
        )
    lead.post("/api/training/retrain", json={})
    assert lead.get("/api/training").json()["seconds"] is None
    lead.post("/api/training/jobs/2/cancel")
    lead.post("/api/training/retrain", json={"config": {"seed": 7}})
    assert lead.get("/api/training").json()["seconds"] == {"sft": 9}


def test_the_page_asks_for_as_many_readings_as_the_trainer_does(lead: TestClient) -> None:
    config = TrainingConfig()
    assert lead.get("/api/training").json()["minimums"] == {
        "readings": config.minimum_readings,
        "held_out": config.gate.minimum_held_out,
    }


def test_the_page_has_the_words_for_every_figure_that_the_trainer_measures() -> None:
    script = (Path(decisions.__file__).with_name("figures.js")).read_text("utf-8")
    for name, figure in FIGURES.items():
        if name not in ERROR_CATEGORIES:
            assert f'{name}: ["{figure.title}", "{figure.direction}"]' in script
    for name, title in MAP_FIGURES.items():
        assert f'{name}: ["{title}", "higher"]' in script
    for name, (title, direction) in PUBLISHED.items():
        assert f'{name}: ["{title}", "{direction}"]' in script


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
    assert lead.post(f"/api/versions/{base.id}/leave", json=WHY).status_code == 403
    assert lead.get("/api/training").json()["rolls_back_to"] == {"name": "tiny", "number": "1.0"}
    left = lead.post(f"/api/versions/{candidate.id}/leave", json=WHY)
    assert left.json() == {"name": "tiny", "version": "1.0"}
    assert lead.get("/api/training").json()["rolls_back_to"] is None
    assert (
        lead.post(f"/api/versions/{base.id}/leave", json=WHY).status_code == 422
    )  # nothing before the first


def test_a_roll_back_wants_a_reason_which_the_version_that_was_left_keeps(
    lead: TestClient, services: Services
) -> None:
    with services.database.session() as session:
        base = versions.live(session)
        kept = base.reason
        candidate = versions.register_candidate(session, parent_id=base.id, snapshot_hash=None)
        versions.promote(session, version_id=candidate.id, by=None, reason="better")
    refused = lead.post(f"/api/versions/{candidate.id}/leave", json={"reason": "bad  "})
    assert (refused.status_code, "sentence" in refused.json()["error"]) == (403, True)
    lead.post(f"/api/versions/{candidate.id}/leave", json=WHY)
    told = {one["number"]: one["reason"] for one in lead.get("/api/training").json()["versions"]}
    assert told == {"1.0": kept, "1.1": f"left for 1.0: {WHY['reason']}"}


def a_version(services: Services, number: str, *, with_weights: bool = True) -> int:
    """A candidate that the gate did not let through."""
    with services.database.session() as session:
        base = versions.live(session)
        candidate = versions.register_candidate(session, parent_id=base.id, snapshot_hash="ab" * 32)
        assert candidate.number == number
        versions.reject(session, version_id=candidate.id, reason="It may be chance.")
        if with_weights:
            shutil.copytree(services.settings.model, services.settings.data_folder / candidate.folder)
        return candidate.id


def test_a_lead_overrules_the_gate_with_a_reason_that_is_kept(lead: TestClient, services: Services) -> None:
    number = a_version(services, "1.1")
    why = "Its wording is what all of us sign."
    assert lead.post(f"/api/versions/{number}/overrule", json={"reason": "ok"}).status_code == 403
    assert lead.post(f"/api/versions/{number}/overrule", json={"reason": why}).json()["version"] == "1.1"
    with services.database.reading_session() as session:
        live = versions.live(session)
        kept = [event for event in audit.recent(session) if event.action == "overrule gate"]
    assert (live.number, live.reason) == ("1.1", why)
    assert [event.data for event in kept] == [{"number": "1.1", "reason": why, "gate": "It may be chance."}]
    # It is live now: nothing is left to overrule.
    assert lead.post(f"/api/versions/{number}/overrule", json={"reason": why}).status_code == 403


def test_a_lead_makes_a_base_live_that_came_while_a_trained_version_was(
    lead: TestClient, services: Services
) -> None:
    with services.database.session() as session:
        base = versions.live(session)
        trained = versions.register_candidate(session, parent_id=base.id, snapshot_hash=None)
        versions.promote(session, version_id=trained.id, by=None)
        newer = versions.register_default(session, name=base.name, number="9.9", folder=base.folder)
    assert newer.status == "candidate"
    assert [one["can_be_made_live"] for one in lead.get("/api/training").json()["versions"]] == [
        True,
        False,
        False,
    ]
    why = {"reason": "We want the program's own model."}
    assert lead.post(f"/api/versions/{newer.id}/overrule", json=why).json()["version"] == newer.number


def test_a_lead_makes_a_version_live_again_that_was_left(lead: TestClient, services: Services) -> None:
    number = a_version(services, "1.1")
    lead.post(f"/api/versions/{number}/overrule", json=WHY)
    lead.post(f"/api/versions/{number}/leave", json=WHY)
    again = {"reason": "It was the side marker, not the model."}
    assert lead.post(f"/api/versions/{number}/overrule", json=again).json()["version"] == "1.1"
    about = lead.get(f"/api/versions/{number}").json()
    assert [(one["by"], one["reason"]) for one in about["promotions"]] == [
        ("l.lead", WHY["reason"]),
        ("l.lead", again["reason"]),
    ]
    with services.database.reading_session() as session:
        overruled = [event for event in audit.recent(session) if event.action == "overrule gate"]
    assert len(overruled) == 1  # the gate was overruled once; the second time it was not asked


def test_a_version_whose_weights_are_gone_cannot_be_made_live(lead: TestClient, services: Services) -> None:
    number = a_version(services, "1.1", with_weights=False)
    refused = lead.post(f"/api/versions/{number}/overrule", json={"reason": "We want it back."})
    assert refused.status_code == 403
    assert "cleared away" in refused.json()["error"]
    assert lead.get("/api/training").json()["versions"][0]["can_be_made_live"] is False


def test_a_reader_cannot_overrule_the_gate(browser: Callable[..., TestClient], services: Services) -> None:
    number = a_version(services, "1.1")
    reader = browser("r.reader", "reader")
    asked = reader.post(f"/api/versions/{number}/overrule", json={"reason": "I like it better."})
    assert asked.status_code == 403


def test_what_is_known_of_a_version(lead: TestClient, services: Services) -> None:
    number = a_version(services, "1.1")
    folder = services.settings.data_folder / "versions" / "1.1"
    (folder / "made_by.json").write_text(json.dumps({"readings": 24, "environment": {"device": "cpu"}}))
    about = lead.get(f"/api/versions/{number}").json()
    assert (about["parent"], about["snapshot_sha256"], about["readings"]) == ("1.0", "ab" * 32, 24)
    assert about["environment"] == {"device": "cpu"}
    assert lead.get("/api/versions/99").status_code == 404


def test_the_gate_s_own_words_stay_beside_a_lead_s(lead: TestClient, services: Services) -> None:
    number = a_version(services, "1.1")
    with services.database.session() as session:
        figures = {"errors": {"candidate": 0.1, "live": 0.2, "reference": 0.0}}
        evaluations.add(
            session,
            version_id=number,
            against_id=1,
            set="held_out",
            n=8,
            metrics=figures,
            decision="reject",
            reasons=["It may be chance."],
        )
    lead.post(f"/api/versions/{number}/overrule", json=WHY)
    about = lead.get(f"/api/versions/{number}").json()
    (judged,) = about["evaluations"]
    assert (judged["decision"], judged["reasons"], judged["figures"]) == (
        "reject",
        ["It may be chance."],
        figures,
    )
    assert about["reason"] == WHY["reason"]


def test_a_figure_of_an_earlier_release_bears_its_name_of_now(lead: TestClient, services: Services) -> None:
    number = a_version(services, "1.1")
    figure = {"candidate": 0.7, "live": 0.6}
    with services.database.session() as session:
        evaluations.add(
            session, version_id=number, against_id=1, set="held_out", n=8, metrics={"label_f1": figure}
        )
    (judged,) = lead.get(f"/api/versions/{number}").json()["evaluations"]
    assert judged["figures"] == {"label_f1_lite": figure}


def test_a_sample_of_a_site_is_not_shown_elsewhere(
    lead: TestClient, services: Services, study: Study, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = lead.post("/api/training/retrain", json={}).json()["job_id"]
    with services.database.session() as session:
        told = {"study": f"study {study.id}", "text": "Clear.", "signed": "Clear."}
        jobs.add_event(session, job_id=number, kind="sample", stage="grpo", step=1, total=1, data=told)
    address = f"/api/training/jobs/{number}/events"
    (shown,) = lead.get(address).json()["events"]
    monkeypatch.setattr(SignedIn, "may_see", lambda self, site: site != study.site)
    hidden = lead.get(address).json()
    assert (hidden["events"], hidden["last_event"]) == ([], shown["id"])
