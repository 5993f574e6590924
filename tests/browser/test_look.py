"""Every page at three sizes: nothing scrolls that should not, nothing is hidden, and axe-core finds nothing serious."""

from collections.abc import Callable
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

pytestmark = pytest.mark.browser

SIZES = [(1280, 800), (1440, 900), (2560, 1440)]


def serious(page: Page) -> list[str]:
    """What axe-core calls serious or critical, with where it is."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']}: {node['target']} {node.get('failureSummary', '')}"
        for one in found
        if one["impact"] in ("serious", "critical")
        for node in one["nodes"][:3]
    ]


def fits(page: Page, selector: str) -> bool:
    """Whether all that the selector names lies within the window."""
    return bool(
        page.evaluate(
            """(selector) => [...document.querySelectorAll(selector)].every((node) => {
              const { left, right, top, bottom } = node.getBoundingClientRect();
              return left >= 0 && top >= 0 && right <= innerWidth + 1 && bottom <= innerHeight + 1;
            })""",
            selector,
        )
    )


def open_dialog(page: Page, key: str) -> None:
    page.keyboard.press(key)
    expect(page.locator("dialog")).to_be_visible()


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_pages_hold_at_every_size(reader: Callable[..., Any], width: int, height: int) -> None:
    chest = reader("a.reader", width, height)
    page = chest.page
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    assert fits(page, ".bar, .foot, .filters, .title")
    assert serious(page) == []
    chest.read(1)
    assert page.evaluate("document.documentElement.scrollHeight <= innerHeight")
    film = page.locator(".page.reading .films").bounding_box()
    assert film is not None
    assert film["width"] >= 0.55 * width
    assert fits(page, ".page.reading :is(.film-tools, .strip, .report > header, .report > footer)")
    chest.keys("j", "Shift+Digit1")
    assert serious(page) == []


def test_the_questions_and_the_other_pages_are_accessible(reader: Callable[..., Any]) -> None:
    chest = reader()
    page = chest.page
    chest.read(1)
    for key in ("?", "f", "v", "Shift+M", "Control+Enter"):
        open_dialog(page, key)
        assert serious(page) == []
        page.keyboard.press("Escape")
        expect(page.locator("dialog")).to_have_count(0)
    chest.keys("t")
    assert serious(page) == []
    chest.keys("Escape", "t")
    assert serious(page) == []
    chest.go("#/compare/1")
    expect(page.locator(".page.compare .side").first).to_be_visible()
    chest.keys("1")
    assert serious(page) == []
    chest.go("sign-in")
    assert serious(page) == []
