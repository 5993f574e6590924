"""An administrator makes an account with a site, and takes it out of use again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from feedback_db.people import accounts
from tests.browser.conftest import PASSWORD, Chest, House

pytestmark = pytest.mark.browser


def test_an_account_is_made_and_taken_out_of_use(house: House, reader: Callable[..., Chest]) -> None:
    with house.database.session() as session:
        accounts.create_reader(session, name="an.admin", password=PASSWORD, role="admin")
    chest = reader("an.admin")
    page = chest.page
    chest.go("#/admin")
    making = page.locator(".page.admin .making")
    making.get_by_label("Name", exact=True).fill("Dr. North")
    making.get_by_label("First password (at least 8 characters)").fill("correct horse battery")
    making.get_by_label("Sites, separated by commas").fill("North")
    page.get_by_role("button", name="Create account").click()
    expect(page.locator(".said .notice")).to_have_text("The account “Dr. North” was created.")
    row = page.locator(".accounts tr", has_text="Dr. North")
    expect(row.first).to_contain_text("North")
    page.get_by_label("Change the account of").click()
    page.get_by_role("option", name="Dr. North").click()
    expect(page.locator(".keeping").get_by_label("Sites, separated by commas")).to_have_value("North")
    page.get_by_role("button", name="Disable…").click()
    page.get_by_role("button", name="Disable the account").click()
    expect(page.locator(".said .notice")).to_have_text("Dr. North is signed out and cannot sign in.")
    expect(row.first).to_contain_text("disabled")
