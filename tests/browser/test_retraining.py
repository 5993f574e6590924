"""From signed readings to a new version that writes a draft, and back again, in a real Chromium."""

import json
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from feedback_db import versions
from feedback_db.database import Database
from feedback_db.settings import Settings
from train.simulate import seed_database

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
    route.continue_(post_data=json.dumps({"config": SMALL}))


def author_of_a_new_draft(chest: Any, study: int) -> str:
    chest.go(f"#/reading/{study}")
    expect(chest.page.locator("[data-act=sign]:not([disabled])").first).to_be_visible()
    return str(chest.page.locator(".page.reading").inner_text())


def test_readings_make_a_new_version_that_can_be_rolled_back(chest: Any, server: Any, tmp_path: Any) -> None:
    page: Page = chest.page
    sign_up(page, server.start())
    settings = Settings(data_folder=server.data_folder, model=server.model, database_url="")
    database = Database.open(settings.database_url)
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
    expect(page.locator("table.comparison tbody tr").first).to_contain_text("radcliq_lite")
    expect(page.locator("[data-verdict] li").first).to_contain_text("held-out studies")
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
    expect(page.locator("[data-version='1.2'] .chip")).to_have_text("live")
    assert "default 1.2" in author_of_a_new_draft(chest, 2)
    assert chest.outside == []
    assert chest.errors == []
