"""The whole journey of a reader in a real Chromium, against a real server with a real model."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import func, select

from feedback_db.models import Study

pytestmark = pytest.mark.browser

PASSWORD = "correct horse battery"
ADDED = "The heart is mildly enlarged."


def first_sign_in(chest: Any, link: str) -> None:
    page: Page = chest.page
    page.goto(link)
    page.fill("[name=name]", "r.reader")
    page.fill("[name=password]", PASSWORD)
    page.click("button")
    expect(page.locator("table.studies tbody tr").first).to_be_visible()


def open_study(chest: Any, number: int) -> None:
    """Open a study and wait until its draft is finished."""
    chest.go(f"#/reading/{number}")
    expect(chest.page.locator("[data-act=sign]:not([disabled]), [data-act=amend]").first).to_be_visible(
        timeout=90_000
    )


def add_sentence(chest: Any, text: str) -> None:
    chest.page.keyboard.press("o")
    chest.page.keyboard.type(text)
    chest.page.keyboard.press("Enter")
    expect(chest.page.locator("[data-saved=saved]")).to_be_visible()


def expect_overlay(page: Page, *, drawn: bool) -> None:
    """Wait until something is painted on the canvas over the radiograph of the page in front, or nothing at all."""
    page.wait_for_function(
        """(drawn) => {
          const canvas = document.querySelector(".page.here canvas.overlay");
          const data = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
          return drawn === data.some((value, index) => index % 4 === 3 && value > 0);
        }""",
        arg=drawn,
    )


def test_a_reader_s_day(chest: Any, server: Any) -> None:
    page: Page = chest.page
    first_sign_in(chest, server.start())
    expect(page.locator(".foot")).to_contain_text("Not for clinical use")
    expect(page.locator("table.studies tbody tr")).to_have_count(12)

    # Read a phantom: the draft comes, the page does not scroll, the image has its share of the width.
    open_study(chest, 3)
    assert page.evaluate("document.documentElement.scrollHeight <= window.innerHeight")
    assert page.locator(".page.reading .light-box").first.bounding_box()["width"] >= 0.55 * 1440  # type: ignore[index]
    assert page.locator(".sentence").count() >= 1

    # Sentence → regions and map; region → sentences.
    page.mouse.move(400, 500)
    expect_overlay(page, drawn=False)
    page.locator(".sentence").first.hover()
    expect_overlay(page, drawn=True)
    page.mouse.move(400, 500)
    expect_overlay(page, drawn=False)
    page.keyboard.press("b")
    expect_overlay(page, drawn=True)
    page.keyboard.press("b")

    # Edit, and find it again after a reload.
    add_sentence(chest, ADDED)
    page.reload()
    expect(page.locator(".sentence.added")).to_contain_text(ADDED)

    # Sign after the question; read-only then.
    page.keyboard.press("Control+Enter")
    expect(page.locator("dialog")).to_contain_text("r.reader")
    page.click("dialog [data-action=true]")
    expect(page.locator("[data-act=amend]")).to_be_visible()
    expect(page.locator(".sentence .tools")).to_have_count(0)

    # Compare two drafts of another study.
    chest.go("#/compare/4")
    expect(page.locator(".page.compare .side").first).to_be_visible()
    if page.locator(".choices").count():
        page.keyboard.press("1")
        page.keyboard.press("Enter")
        expect(page.locator(".page.compare .said")).to_contain_text("left")

    assert chest.errors == []
    assert chest.outside == []


def test_an_edit_survives_the_server_being_killed(chest: Any, server: Any) -> None:
    page: Page = chest.page
    first_sign_in(chest, server.start())
    open_study(chest, 2)
    add_sentence(chest, ADDED)
    server.kill()
    page.keyboard.press("o")
    page.keyboard.type("Written while the server was away.")
    page.keyboard.press("Enter")
    expect(page.locator("[data-saved=gone]")).to_contain_text("kept on this computer")
    server.start()
    expect(page.locator("[data-saved=saved]")).to_be_visible()
    page.reload()
    expect(page.locator(".sentence.added")).to_have_count(2)
    expect(page.locator(".sentence.added").nth(1)).to_contain_text("while the server was away")


def test_two_tabs_do_not_overwrite_each_other(reader: Callable[..., Any]) -> None:
    chest = reader("b.reader")
    page: Page = chest.page
    open_study(chest, 2)
    add_sentence(chest, ADDED)
    other = page.context.new_page()
    other.set_default_timeout(90_000)
    other.goto(page.url)
    expect(other.locator(".sentence.added")).to_have_count(1)
    add_sentence(chest, "From the first tab.")
    other.evaluate("localStorage.clear()")
    other.keyboard.press("o")
    other.keyboard.type("From the second tab.")
    other.keyboard.press("Enter")
    expect(other.locator("dialog")).to_contain_text("changed elsewhere")
    expect(other.locator("dialog")).to_contain_text("From the first tab.")
    expect(other.locator("dialog")).to_contain_text("From the second tab.")
    other.click("dialog [data-action=theirs]")
    expect(other.locator(".sentence.added")).to_have_count(2)
    expect(other.locator(".sentence.added").nth(1)).to_contain_text("From the first tab.")
    other.close()


def test_a_real_radiograph_is_added_and_drafted(reader: Callable[..., Any], house: Any, shared: Path) -> None:
    page: Page = reader("a.reader").page
    with house.database.reading_session() as session:
        newest = session.scalars(select(func.max(Study.id))).one()
    page.click(".adding summary")
    image = sorted((shared / "data/cxr/images").glob("*.jpg"))[3]
    page.set_input_files("#study-file", str(image))
    page.fill(".add-study input[type=text] >> nth=0", "Cough.")
    page.click(".add-study button[type=submit]")
    page.wait_for_url(f"**/#/reading/{newest + 1}")
    expect(page.locator("[data-act=sign]:not([disabled])")).to_be_visible()
    expect(page.locator(".page.reading .indication")).to_contain_text("Cough.")
    assert page.locator(".sentence").count() >= 1


def test_a_refused_file_says_what_to_do(reader: Callable[..., Any]) -> None:
    page: Page = reader("b.reader").page
    page.click(".adding summary")
    page.set_input_files("#study-file", {"name": "a.txt", "mimeType": "text/plain", "buffer": b"no image"})
    page.click(".add-study button[type=submit]")
    expect(page.locator(".add-study .notice")).to_contain_text("DICOM, PNG")


def test_who_has_no_session_sees_the_sign_in_page(chromium: Browser, house: Any) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{house.server.address}/#/reading/1")
    expect(page.locator("h1")).to_have_text("Sign in")
    context.close()
