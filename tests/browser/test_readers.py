"""The worklist, two readers at once, signing as a deliberate act, and Compare."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from feedback_db.reading import preferences

pytestmark = pytest.mark.browser


def rows(chest: Any) -> list[str]:
    return [
        str(row.get_attribute("data-study")) for row in chest.page.locator("table.studies tbody tr").all()
    ]


def test_the_list_is_searched_filtered_ordered_and_says_when_nothing_is_left(
    reader: Callable[..., Any],
) -> None:
    chest = reader()
    everything = rows(chest)
    chest.keys("/")
    chest.page.keyboard.type("surgery")
    expect(chest.page.locator("table.studies tbody tr")).to_have_count(2)
    assert set(rows(chest)) < set(everything)
    chest.page.fill(".filters input", "no such words anywhere")
    expect(chest.page.locator(".page.worklist .empty")).to_contain_text("No study matches")
    chest.page.click(".page.worklist .empty button")
    expect(chest.page.locator("table.studies tbody tr")).to_have_count(len(everything))
    chest.page.locator("select[aria-label=Site]").select_option("B")
    expect(chest.page.locator("table.studies tbody tr")).to_have_count(3)
    # "Next" in the reading room follows this list, not the whole.
    listed = rows(chest)
    chest.read(int(listed[0]))
    chest.keys("n")
    expect(chest.page.locator(".where b")).to_have_text(f"Study {int(listed[1]):04}")


def test_two_readers_see_each_other_and_keep_their_own_texts(reader: Callable[..., Any], house: Any) -> None:
    first, second = reader("a.reader"), reader("b.reader")
    first.read(10)
    first.keys("l")
    expect(first.page.locator(".bar [data-claim]")).to_have_text("yours")
    second.read(10)
    expect(second.page.locator("[data-companion]")).to_contain_text("a.reader has this study open now")
    expect(second.page.locator(".bar [data-claim='a.reader']")).to_be_visible()
    first.new_sentence("Written by the first.")
    second.new_sentence("Written by the second.")
    first.is_saved()
    second.is_saved()
    texts = [house.reading_of(10, name).text for name in house.readers]
    assert ["by the first" in text for text in texts] == [True, False]
    assert ["by the second" in text for text in texts] == [False, True]
    # On the worklist the claim is seen by the other, who cannot take it.
    second.go("#/worklist")
    claimed = second.page.locator("tr[data-study='10'] [data-claim='a.reader']")
    claimed.click()
    expect(second.page.locator("dialog")).to_contain_text("a.reader has claimed")


def test_signing_needs_more_than_enter_and_can_be_amended(reader: Callable[..., Any], house: Any) -> None:
    chest = reader()
    chest.read(11)
    chest.keys("Control+Enter")
    expect(chest.page.locator("dialog")).to_contain_text("a.reader")
    chest.keys("Enter")
    chest.page.locator("dialog [data-action=true]").focus()
    chest.keys("Enter")
    chest.page.wait_for_timeout(2000)  # reading time is counted in whole seconds
    expect(chest.page.locator("dialog")).to_be_visible()
    chest.page.click("[data-agreement='4']")
    chest.keys("Control+Enter")
    expect(chest.page.locator("[data-act=amend]")).to_be_visible()
    signed = house.reading_of(11)
    assert (signed.status, signed.agreement) == ("signed", 4)
    assert signed.active_seconds > 0

    # What is written for an amendment survives a reload; the signed text stays in force until it is signed.
    chest.page.click("[data-act=amend]")
    chest.page.click("dialog [data-action=true]")
    expect(chest.page.locator("[data-act=sign]")).to_be_visible()
    chest.new_sentence("Amended later.")
    chest.is_saved()
    chest.page.reload()
    chest.read(11)
    expect(chest.page.locator(".sentence.added")).to_contain_text("Amended later.")
    assert "Amended" not in house.reading_of(11).text
    chest.keys("Control+Enter")
    chest.keys("Control+Enter")
    expect(chest.page.locator(".report > header .chip.green")).to_have_text("amended")


def two_drafts(chest: Any, study: int) -> list[str]:
    """Open Compare; the sentences on its right side."""
    chest.go(f"#/compare/{study}")
    expect(chest.page.locator(".page.compare .side").first).to_be_visible()
    if chest.page.locator(".outcomes").count() == 0:
        pytest.skip("the model wrote the same words twice")
    texts: list[str] = chest.page.locator("[data-side=right] p").all_inner_texts()
    return texts


def words_shown(chest: Any) -> list[str]:
    """The report's words, from the free text box of the reading room."""
    chest.keys("t")
    expect(chest.page.locator("textarea.free-text")).not_to_have_value("")
    text: str = chest.page.locator("textarea.free-text").input_value()
    chest.keys("Escape", "t", "t")
    return text.split()


def test_a_choice_has_strength_and_reasons_and_the_winner_can_be_edited(
    reader: Callable[..., Any], house: Any
) -> None:
    chest = reader("b.reader")
    winner = " ".join(two_drafts(chest, 12))
    chest.keys("2", "7", "Shift+Digit1", "Shift+Digit5", "Enter")
    expect(chest.page.locator(".page.compare .said")).to_contain_text("right")
    with house.database.reading_session() as session:
        pair = preferences.all_for(session)[-1]
    assert (pair.outcome, pair.strength, pair.chosen) == ("right", 3, winner)
    chest.keys("e")
    expect(chest.page.locator("[data-act=sign]:not([disabled])")).to_be_visible()
    assert words_shown(chest) == winner.split()

    # A reader who comes back sees what was chosen, how clearly and why.
    chest.keys("c")
    expect(chest.page.locator(".page.compare .said")).to_contain_text("right")
    pressed = chest.page.locator(".choices [aria-pressed=true]")
    expect(pressed).to_have_text(["2 Right is better", "7 much", "⇧1 findings", "⇧5 wording"])


def test_the_winner_amends_what_was_signed_only_when_asked(reader: Callable[..., Any], house: Any) -> None:
    chest = reader("a.reader")
    chest.read(12)
    chest.keys("Control+Enter")
    expect(chest.page.locator("dialog")).to_be_visible()
    chest.keys("Control+Enter")
    expect(chest.page.locator("[data-act=amend]")).to_be_visible()
    signed = house.reading_of(12).text
    winner = " ".join(two_drafts(chest, 12))
    chest.keys("2", "Enter")
    expect(chest.page.locator(".page.compare .said")).to_contain_text("right")
    chest.keys("e")
    expect(chest.page.locator("dialog")).to_contain_text("You have signed")
    chest.page.click("dialog [data-action=false]")
    expect(chest.page.locator(".page.compare .side").first).to_be_visible()
    chest.keys("e")
    chest.page.click("dialog [data-action=true]")
    expect(chest.page.locator("[data-act=sign]:not([disabled])")).to_contain_text("amendment")
    assert words_shown(chest) == winner.split()
    assert house.reading_of(12).text == signed
