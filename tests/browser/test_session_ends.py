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
    chest.page.context.clear_cookies()
    chest.page.keyboard.type("The heart is much")
    # The first save hears that the session is over; whoever types goes on typing.
    expect(chest.page.locator(".session-end")).to_contain_text("What you typed is kept.")
    chest.page.keyboard.type(" enlarged.")
    expect(chest.page.locator("[data-saved=ended]")).to_be_visible()
    expect(chest.page.locator(".sentence textarea")).to_have_value("The heart is much enlarged.")
    chest.keys("Enter")
    chest.page.click(".session-end a")
    chest.page.fill("[name=name]", "a.reader")
    chest.page.fill("[name=password]", PASSWORD)
    chest.page.click("button")
    expect(chest.page.locator(".where b").first).to_contain_text("0007")
    expect(
        chest.page.locator(".sentence .text", has_text="much enlarged").locator("ins").first
    ).to_be_visible()
    chest.is_saved()


def test_what_was_typed_is_sent_once_somebody_has_signed_in_beside_it(reader: Callable[..., Any]) -> None:
    chest = reader()
    chest.read(8)
    cookies = chest.page.context.cookies()
    chest.page.context.clear_cookies()
    chest.new_sentence("A coin in the oesophagus.")
    expect(chest.page.locator(".session-end")).to_be_visible()
    chest.page.context.add_cookies(cookies)
    chest.is_saved()
    expect(chest.page.locator(".session-end")).to_be_hidden()
