"""A session that ends takes nothing along: after signing in again one is back at the study, with what was written."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD

pytestmark = pytest.mark.browser


def test_who_signs_in_again_is_back_at_the_study_with_their_words(reader: Callable[..., Any]) -> None:
    chest = reader()
    chest.read(7)
    chest.keys("j", "e", "Control+a")
    chest.page.keyboard.type("The heart is much enlarged.")
    # Once the words stand there: any request may be the first to hear that the session is over, and leads away.
    chest.page.context.clear_cookies()
    chest.keys("Enter")
    expect(
        chest.page.locator("input[name=password]")
    ).to_be_visible()  # the save was told that the session is over
    chest.page.fill("[name=name]", "a.reader")
    chest.page.fill("[name=password]", PASSWORD)
    chest.page.click("button")
    expect(chest.page.locator(".where b").first).to_contain_text("0007")
    expect(
        chest.page.locator(".sentence .text", has_text="much enlarged").locator("ins").first
    ).to_be_visible()
    chest.is_saved()
