"""Ten phantoms read, edited, marked and signed without a mouse."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from feedback_db.reading import marks
from tests.browser.conftest import House, open_house

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

STUDIES = 10


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, model: str) -> Iterator[House]:
    """A server of its own: what is signed here is gone from the list that the other tests look at."""
    with open_house(tmp_path_factory.mktemp("alone"), model) as one:
        yield one


def test_ten_phantoms_are_read_by_keyboard_alone(reader: Callable[..., Any], house: Any) -> None:
    chest = reader("b.reader")
    page = chest.page
    read: set[str] = set()
    page.keyboard.press("Enter")  # the first of the list
    for number in range(STUDIES):
        expect(page.locator("[data-act=sign]:not([disabled])")).to_be_visible()
        expect(page.locator(".page.reading .strip .readout.left span").first).to_be_visible()
        here = page.locator(".where b").inner_text()
        read.add(here.removeprefix("Study "))
        chest.keys("i", "w", "+", "r", "j", "a")  # look, then accept the first sentence
        if number % 2:
            chest.keys("j", "e", "End")
            page.keyboard.type(" Seen by keyboard.")
            chest.keys("Enter", "2")
        else:
            chest.keys(".")
            expect(page.locator(".region-bar")).to_be_visible()
            chest.keys("Alt+ArrowRight", "Escape", "o")
            page.keyboard.type("Seen by keyboard.")
            chest.keys("Enter")
        chest.keys("Control+Enter")
        expect(page.locator("dialog")).to_contain_text("Seen by keyboard.")
        chest.keys("Control+Enter")
        expect(page.locator("[data-act=amend]")).to_be_visible()
        if number < STUDIES - 1:
            chest.keys("n")
            expect(page.locator(".where b")).not_to_have_text(here)
    mine = [house.reading_of(int(number), "b.reader") for number in read]
    assert all(one.status == "signed" and "Seen by keyboard." in one.text for one in mine)
    with house.database.reading_session() as session:
        boxes = [mark for one in mine for mark in marks.regions_of(session, reading_id=one.id)]
    assert len(read) == STUDIES
    assert len(boxes) == STUDIES / 2
