"""A reporter of ten lines, without maps and findings, drafts in the page: what it cannot do is off, nothing fails."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.conftest import Chest, open_house

pytestmark = pytest.mark.browser


def test_words_alone_are_read_and_compared(chromium: Browser, tmp_path: Path, model: str) -> None:
    with open_house(tmp_path, model, ("-m", "tests.browser.ten_lines_app")) as house:
        page = chromium.new_page(viewport={"width": 1440, "height": 900})
        chest = Chest(page, house.server)
        chest.sign_in("a.reader")
        chest.read(1)
        expect(chest.sentence(0)).to_contain_text("There is a small left pleural effusion.")
        chest.sentence(0).click()
        for key in ("h", "g", "b"):  # heat, Grad-CAM, boxes: nothing can be laid over the image
            page.keyboard.down(key)
            assert chest.painted() == 0
            page.keyboard.up(key)
        for name in ("heat", "grad-cam"):
            expect(page.locator(".page.reading .film-tools button", has_text=name)).to_be_disabled()
        chest.go("#/compare/1")
        expect(page.locator(".page.here")).to_contain_text("There is a large left pleural effusion.")
        assert (chest.errors, chest.outside) == ([], [])
        page.close()
