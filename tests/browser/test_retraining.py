"""From signed readings to a new version that writes a draft, and back again; and how the page tells of jobs."""

import json
import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from benchmarks.loop.simulated_readers import seed_database
from feedback_db.models import ModelVersion
from feedback_db.people import accounts
from feedback_db.settings import Settings
from feedback_db.store.database import Database
from feedback_db.training import evaluations, jobs, versions
from lmrrg.report import ModelName
from lmrrg.reporters import VersionFolder

pytestmark = [pytest.mark.browser, pytest.mark.timeout(900)]

PASSWORD = "correct horse battery"
# The whole pipeline in a minute or two: few steps, few texts.
SMALL = {
    "sft": {"epochs": 2, "batch_size": 8, "signed_repeats": 1, "replayed": 12, "reworded": 12},
    "grpo": {
        "phases": [{"steps": 3}],
        "phantoms": 8,
        "generations": 4,
        "studies_per_step": 2,
        "max_new_tokens": 96,
    },
    "evaluate": {"base_set": 8, "resamples": 500},
}


def sign_up(page: Page, link: str) -> None:
    page.goto(link)
    page.fill("[name=name]", "l.lead")
    page.fill("[name=password]", PASSWORD)
    page.click("button")
    expect(page.locator("table.studies tbody tr").first).to_be_visible()


def sign_in(chest: Any) -> None:
    chest.go("sign-in")
    chest.page.fill("[name=name]", "l.lead")
    chest.page.fill("[name=password]", PASSWORD)
    chest.page.click("button")
    expect(chest.page.locator("table.studies tbody tr").first).to_be_visible()


def asks_for_a_small_job(route: Route) -> None:
    route.continue_(post_data=json.dumps({"config": SMALL, "reason": "A small job that only shows the way."}))


def author_of_a_new_draft(chest: Any, study: int) -> str:
    chest.go(f"#/reading/{study}")
    expect(chest.page.locator("[data-act=sign]:not([disabled])").first).to_be_visible()
    return str(chest.page.locator(".page.reading").inner_text())


def test_readings_make_a_new_version_that_can_be_rolled_back(chest: Any, server: Any, tmp_path: Any) -> None:
    page: Page = chest.page
    sign_up(page, server.start())
    settings = Settings(data_folder=server.data_folder, model=server.model, database_url="")
    database = Database.open(settings.database_url, settings.data_folder)
    seed_database(database, settings, readings_wanted=12, held_out_wanted=8, choices=4)

    # Retrain, and kill the web server while the job runs: the job does not notice.
    chest.go("#/training")
    page.route("**/api/training/retrain", asks_for_a_small_job)
    page.click("[data-act=retrain]")
    page.locator("dialog button", has_text="Retrain").click()
    expect(page.locator("[data-act=cancel]")).to_be_visible()
    expect(page.locator("[data-stage=sft].here, [data-stage=sft].done").first).to_be_visible()
    server.kill()
    server.start()
    sign_in(chest)
    chest.go("#/training")
    expect(page.locator("[data-verdict]")).to_have_attribute("data-verdict", "succeeded", timeout=600_000)
    page.screenshot(path=tmp_path / "training.png", full_page=True)

    # The gate tells its verdict with its reasons, whichever it is.
    expect(page.locator("table.comparison [data-figure]").first).to_contain_text("radcliq_lite")
    # What stopped it comes first, so that the sentence on radcliq_lite may stand further down.
    expect(
        page.locator("[data-verdict] li", has_text=re.compile(r"^radcliq_lite on \d+ held-out studies"))
    ).to_be_visible()
    with database.session() as session:
        candidate = next(one for one in versions.history(session) if one.number == "1.3")
        if candidate.status == "rejected":  # so few steps need not help; a lead makes it live all the same
            versions.promote(session, version_id=candidate.id, by=None, reason="to see it at work")
    database.close()

    # The next draft names the new version as its author.
    assert "default 1.3" in author_of_a_new_draft(chest, 1)

    # And back.
    chest.go("#/training")
    page.click("[data-act=roll-back]")
    page.keyboard.type("The one before will do.")
    page.locator("dialog button", has_text="Go back").click()
    expect(page.locator("[data-version='1.2'] .chip")).to_have_text("live")
    assert "default 1.2" in author_of_a_new_draft(chest, 2)
    assert chest.outside == []
    assert chest.errors == []


@pytest.fixture
def training(house: Any, reader: Callable[..., Any]) -> Page:
    """The training page before a lead."""
    with house.database.session() as session:
        if "l.lead" not in {one.name for one in accounts.everyone(session)}:
            accounts.create_reader(session, name="l.lead", password=PASSWORD, role="lead")
    chest = reader("l.lead")
    chest.go("#/training")
    page: Page = chest.page
    return page


def a_job_ends(
    house: Any,
    status: Any = "failed",
    steps: Sequence[tuple[str, int]] = (),
    *,
    outcome: dict[str, Any] | None = None,
    candidate: int | None = None,
) -> int:
    """A job that reported these steps, each as (stage, step), and ended; its number."""
    with house.database.session() as session:
        job = jobs.enqueue(session, requested_by=None)
        jobs.claim(session, worker="here:1")
        for stage, step in steps:
            data = {"loss": 1 / step}
            jobs.add_event(
                session, job_id=job.id, kind="progress", stage=stage, step=step, total=9, data=data
            )
        jobs.add_event(session, job_id=job.id, kind="log", stage="failure", data={"message": "No room."})
        jobs.finish(
            session,
            job_id=job.id,
            worker="here:1",
            status=status,
            outcome=outcome,
            reason="No room.",
            candidate_id=candidate,
        )
        return job.id


def a_refused_version(house: Any) -> ModelVersion:
    with house.database.session() as session:
        base = versions.live(session)
        candidate = versions.register_candidate(session, parent_id=base.id, snapshot_hash=None)
        folder = VersionFolder(house.settings.data_folder / candidate.folder)
        folder.path.mkdir(parents=True)
        folder.finish(ModelName(candidate.name, candidate.number, candidate.demonstration))
        figure = {
            "candidate": 0.5,
            "live": 0.3,
            "difference": 0.2,
            "low": 0.1,
            "high": 0.3,
            "reference": 0.25,
        }
        evaluations.add(
            session,
            version_id=candidate.id,
            against_id=base.id,
            set="held_out",
            n=8,
            metrics={"duplicates": figure},
            decision="reject",
            reasons=["Misses -2 edemas."],
        )
        return versions.reject(session, version_id=candidate.id, reason="Misses -2 edemas.")


def is_shown(page: Page, job: int) -> None:
    expect(page.locator(".log-card h2")).to_have_text(f"Log of job {job}")


def test_a_job_that_failed_says_at_which_stage(training: Page, house: Any) -> None:
    is_shown(training, a_job_ends(house, "failed", [("snapshot", 1), ("sft", 1)]))
    expect(training.locator("[data-stage=sft].broken")).to_contain_text("failed here")
    expect(training.locator("[data-stage=snapshot].done")).to_be_visible()


def test_steps_that_were_taken_again_are_drawn_once(training: Page, house: Any) -> None:
    is_shown(training, a_job_ends(house, steps=[("sft", step) for step in (1, 2, 3, 4, 2, 3)]))
    line = training.locator(".chart", has_text="Loss").locator("path.line")
    expect(line).to_be_visible()
    assert str(line.get_attribute("d")).count("L") == 2  # three points: 1, 2 and 3


def test_the_gate_s_refusal_is_not_green_and_names_the_findings(training: Page, house: Any) -> None:
    finding = {"candidate": 0.5, "live": 1, "difference": -0.5, "low": -0.8, "high": -0.1, "named": 7}
    outcome = {"decision": "reject", "reasons": ["Misses -2 edemas."], "findings": {"Edema": finding}}
    version = a_refused_version(house)
    number = a_job_ends(house, "succeeded", [("gate", 1)], outcome=outcome, candidate=version.id)
    is_shown(training, number)
    expect(training.locator("[data-stage=gate].refused")).to_contain_text("refused")
    expect(training.locator("[data-verdict]")).to_contain_text(f"The gate refused default {version.number}")
    expect(training.locator("[data-verdict] li")).to_have_text("Misses −2 edemas.")
    expect(training.locator("[data-finding=Edema] td")).to_have_text(
        ["Edema", "7", "0.500", "1.000", "−0.500", "−0.800 … −0.100"]
    )


def test_a_reason_that_is_too_short_stays_in_the_question(training: Page, house: Any) -> None:
    version = a_refused_version(house)
    training.locator(f"[data-version='{version.number}'] [data-act=overrule]").click()
    training.keyboard.type("ok")
    training.locator("dialog button", has_text="Make it live").click()
    expect(training.locator("dialog [role=alert]")).to_contain_text("Write the reason")
    expect(training.locator("dialog textarea")).to_have_value("ok")
    expect(training.locator("dialog textarea")).to_be_focused()


def test_the_details_of_a_version_show_its_figures_beside_the_readers(training: Page, house: Any) -> None:
    version = a_refused_version(house)
    training.locator(f"[data-version='{version.number}'] [data-act=details]").click()
    row = training.locator("dialog [data-figure=duplicates] td")
    expect(row).to_have_text(
        ["share of duplicate reports ↓", "0.500", "0.300", "+0.200", "+0.100 … +0.300", "0.250"]
    )
    expect(training.locator("dialog")).to_contain_text("refused it")


def test_too_few_readings_are_said_before_a_training_is_asked_for(training: Page) -> None:
    expect(training.locator("[data-act=retrain]")).to_be_disabled()
    # How many are signed already depends on the tests before.
    said = re.compile(r"Sign [1-8] more readings?: a training needs 8\.")
    expect(training.locator("[data-short=readings]")).to_have_text(said)


def test_a_past_job_can_be_looked_at(training: Page, house: Any) -> None:
    past, newest = a_job_ends(house, "cancelled"), a_job_ends(house)
    is_shown(training, newest)
    training.select_option("[data-act=choose-job]", str(past))
    is_shown(training, past)
    expect(training.locator("[data-act=choose-job] option:checked")).to_contain_text("cancelled")
