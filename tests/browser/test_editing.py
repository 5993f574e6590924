"""Sentence cards: edited, marked, moved, undone, rewritten; what is seen is what is kept."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from feedback_db.reading import marks

pytestmark = pytest.mark.browser


def test_an_edit_suggests_an_error_that_counts_only_when_confirmed(
    reader: Callable[..., Any], house: Any
) -> None:
    chest = reader()
    chest.read(5)
    chest.keys("j", "e", "Control+a")
    chest.page.keyboard.type("There is a large right pneumothorax.")
    chest.keys("Enter")
    suggestion = chest.page.locator("[data-suggested='missed finding']")
    expect(suggestion).to_be_visible()
    expect(chest.sentence(0).locator("ins")).not_to_have_count(0)
    expect(chest.sentence(0).locator("del")).not_to_have_count(0)
    chest.keys("y")
    expect(chest.page.locator("[data-error='missed finding']")).to_be_visible()
    # The next sentence is marked without an edit: category 4, significant.
    chest.keys("j", "Shift+Digit4")
    chest.is_saved()
    with house.database.reading_session() as session:
        rows = marks.sentences_of(session, reading_id=house.reading_of(5).id)
    said = {(row.sentence_index, row.error_category, row.significant) for row in rows}
    assert {(0, "missed finding", True), (1, "wrong severity", True)} <= said
    chest.page.reload()
    chest.read(5)
    expect(chest.page.locator(".error.significant")).to_have_count(chest.page.locator("[data-error]").count())
    expect(chest.sentence(1).locator("[data-error='wrong severity']")).to_be_visible()


def test_cards_are_inserted_moved_deleted_and_all_of_it_undone(reader: Callable[..., Any]) -> None:
    chest = reader()
    chest.read(6)
    texts = chest.page.locator(".sentence .text").all_inner_texts()
    chest.keys("j", "Shift+J")
    expect(chest.page.locator(".sentence .text").nth(1)).to_have_text(texts[0], use_inner_text=True)
    chest.keys("x")
    expect(chest.sentence(1)).to_have_class("sentence deleted pinned")
    chest.keys("o")
    chest.page.keyboard.type("One is new. Another is new too.")
    chest.keys("Enter")
    expect(chest.page.locator(".sentence.added")).to_have_count(2)
    for _ in range(4):
        chest.keys("z")
    expect(chest.page.locator(".sentence .text")).to_have_text(texts, use_inner_text=True)
    chest.is_saved()


def test_text_and_cards_are_one_truth_and_macros_work_in_both(reader: Callable[..., Any], house: Any) -> None:
    chest = reader()
    chest.read(7)
    chest.keys("Shift+M")
    chest.page.locator(".macro input").first.fill(".nl")
    chest.page.locator(".macro textarea").first.fill("The <b>lungs</b> are clear.")
    chest.page.click("dialog [data-action=true]")
    expect(chest.page.locator("dialog")).to_have_count(0)
    chest.keys("t")
    box = chest.page.locator("textarea.free-text")
    expect(box).to_be_focused()
    chest.keys("Control+Home")
    chest.page.keyboard.type(".nl ")
    expect(box).to_have_value(re.compile(r"^The <b>lungs</b> are clear\. "))
    chest.keys("Escape", "t")
    expect(chest.page.locator(".report .final ins").first).to_contain_text("<b>lungs</b>")
    chest.keys("t")
    expect(chest.page.locator(".sentence.added .text")).to_have_text("The <b>lungs</b> are clear.")
    chest.is_saved()
    assert house.reading_of(7).text.startswith("The <b>lungs</b> are clear. ")


def test_a_macro_is_written_out_at_enter_and_on_leaving_and_asked_about_before_signing(
    reader: Callable[..., Any],
) -> None:
    chest = reader("b.reader")
    chest.read(11)
    chest.keys("Shift+M")
    rows = chest.page.locator(".macro")
    for text in ("Bones intact.", "Another."):
        chest.page.click("dialog >> text=+ Another")
        rows.last.locator("input").fill(".b0")
        rows.last.locator("textarea").fill(text)
    chest.page.click("dialog [data-action=true]")
    expect(chest.page.locator("dialog [role=alert]")).to_contain_text("“.b0” stands here twice")
    rows.last.locator("button").click()
    chest.page.click("dialog [data-action=true]")
    expect(chest.page.locator("dialog")).to_have_count(0)
    chest.new_sentence("Stable. .b0")
    expect(chest.page.locator(".sentence.added .text")).to_have_text(["Stable.", "Bones intact."])
    chest.keys("t")
    box = chest.page.locator("textarea.free-text")
    expect(box).to_be_focused()
    chest.keys("Control+End")
    chest.page.keyboard.type(" .b0")
    chest.keys("Escape")
    expect(box).to_have_value(re.compile(r"Bones intact\.$"))
    chest.keys("t", "t")
    chest.new_sentence("See .b0.")
    chest.keys("Control+Enter")
    expect(chest.page.locator("dialog")).to_contain_text(".b0 still stands in the report")
    chest.keys("Escape")


def test_a_finding_is_added_and_the_impression_follows(reader: Callable[..., Any]) -> None:
    chest = reader()
    chest.read(8)
    chest.keys("f")
    chest.page.click("[data-finding='Pleural Other+']")
    expect(chest.page.locator("dialog tr", has_text="Pleural Other")).to_contain_text("present")
    chest.keys("Escape")
    expect(chest.page.locator(".sentence.added")).to_contain_text("There is pleural thickening.")
    chest.keys("Shift+I")
    expect(chest.page.locator(".sentence.pinned")).to_be_visible()
    chest.keys("t")
    expect(chest.page.locator("textarea.free-text")).to_have_value(re.compile("Pleural thickening"))


def test_the_impression_never_reassures_about_a_sentence_that_was_not_understood(
    reader: Callable[..., Any],
) -> None:
    chest = reader()
    chest.read(10)
    box = chest.page.locator("textarea.free-text")
    chest.keys("t", "Control+a")
    chest.page.keyboard.type("The lungs are clear. The heart is gribbly.")
    chest.keys("Escape", "Shift+I")
    left = chest.page.locator("[data-left]")
    expect(left).to_contain_text("“The heart is gribbly.”")
    expect(box).to_have_value("The lungs are clear. The heart is gribbly.")
    box.focus()
    chest.keys("Control+a")
    chest.page.keyboard.type("The lungs are clear. The heart is normal.")
    expect(left).to_be_hidden()
    chest.keys("Escape", "Shift+I")
    expect(box).to_have_value(re.compile("Impression: No acute"))
    chest.is_saved()


def test_a_card_says_that_the_rules_did_not_read_its_sentence(reader: Callable[..., Any]) -> None:
    chest = reader()
    chest.read(11)
    mark = chest.page.locator("[data-unread]")
    expect(mark).to_have_count(0)
    chest.keys("j", "e", "Control+a")
    chest.page.keyboard.type("The heart is gribbly.")
    chest.keys("Enter")
    expect(chest.sentence(0).locator("[data-unread]")).to_have_text(
        "Not read by the rules: nothing is derived from it."
    )
    chest.is_saved()
    chest.page.reload()
    chest.read(11)
    expect(chest.sentence(0).locator("[data-unread]")).to_be_visible()
    chest.keys("j", "e", "Control+a")
    chest.page.keyboard.type("The heart is normal.")
    chest.keys("Enter")
    expect(mark).to_have_count(0)


def test_what_is_typed_is_on_the_server_within_a_second_of_the_last_key(
    reader: Callable[..., Any], house: Any
) -> None:
    chest = reader()
    chest.read(9)
    chest.new_sentence("Opens the reading.")
    chest.is_saved()
    chest.keys("o")
    sent = chest.page.evaluate(
        """() => new Promise((done) => {
          const area = document.querySelector(".sentence textarea");
          const original = window.fetch;
          const typed = performance.now();
          window.fetch = (path, options) => {
            if (options?.method === "PUT" && String(path).startsWith("/api/readings/")) {
              window.fetch = original;
              done(performance.now() - typed);
            }
            return original(path, options);
          };
          area.value = "Typed just now.";
          area.dispatchEvent(new Event("input"));
        })"""
    )
    assert sent < 1000
    chest.is_saved()
    assert "Typed just now." in house.reading_of(9).text


def test_the_keys_are_silent_in_a_text_field(reader: Callable[..., Any]) -> None:
    chest = reader()
    chest.read(9)
    count = chest.page.locator(".sentence").count()
    chest.keys("j", "e")
    chest.page.keyboard.press("Backspace")  # the full stop: what is typed goes on with the sentence
    chest.page.keyboard.type(" xjakl123?")
    assert chest.page.locator("dialog").count() == 0
    chest.keys("Enter")
    assert chest.page.locator(".sentence").count() == count
    expect(chest.sentence(0)).to_contain_text("xjakl123?")
