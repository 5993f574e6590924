"""Box and sentence point at each other; a box that a reader draws or moves is kept in the image's own pixels."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from feedback_db.reading import marks

pytestmark = pytest.mark.browser

SIDE = 1024  # the phantoms' rows and columns


def shown_box(chest: Any) -> dict[str, float]:
    box: dict[str, float] = chest.page.locator(".page.reading .light-box").first.bounding_box()
    return box


def on_screen(chest: Any, x: float, y: float, zoom: float = 1.0, pan: tuple[float, float] = (0, 0)) -> Any:
    """Where a pixel of the square image lies on the page, worked out from the frame alone."""
    frame = shown_box(chest)
    scale = min(frame["width"], frame["height"]) / SIDE * zoom
    left = frame["x"] + (frame["width"] - SIDE * scale) / 2 + pan[0]
    top = frame["y"] + (frame["height"] - SIDE * scale) / 2 + pan[1]
    return left + x * scale, top + y * scale


def drag(chest: Any, start: tuple[float, float], end: tuple[float, float]) -> None:
    mouse = chest.page.mouse
    mouse.move(*start)
    mouse.down()
    mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    mouse.move(*end)
    mouse.up()


def kept_regions(house: Any, study: int) -> dict[str, Any]:
    with house.database.reading_session() as session:
        rows = marks.regions_of(session, reading_id=house.reading_of(study).id)
    return {row.region: row for row in rows}


def test_a_sentence_shows_its_regions_and_a_box_its_sentence(reader: Callable[..., Any]) -> None:
    chest = reader()
    chest.read(1)
    assert chest.painted() == 0
    chest.sentence(0).click()
    assert chest.painted() > 0
    region = chest.sentence(0).locator(".region").first.inner_text()

    # Press inside that region's box on the film, where no smaller box lies: its sentence is taken in hand.
    chest.keys("Escape")
    frame = chest.page.evaluate(
        """async ([id, name]) => {
          const { draft } = await (await fetch(`/api/studies/${id}/reading`)).json();
          return draft.report.regions.find((region) => region.name === name).box_xywh;
        }""",
        [1, region],
    )
    chest.sentence(0).hover()
    chest.sentence(0).click()
    x, y, width, height = frame
    chest.page.mouse.click(*on_screen(chest, x + width / 2, y + height * 0.9))
    expect(chest.page.locator(".region-bar")).to_contain_text(region)
    expect(chest.page.locator(".sentence.lit").first.locator(".region").first).to_be_visible()
    lit = chest.page.locator(".sentence.lit").all()
    assert lit
    assert all(region in one.locator(".region").all_inner_texts() for one in lit)
    expect(chest.page.locator(".sentence.pinned")).to_have_count(1)


def test_a_drawn_box_is_kept_in_the_image_s_pixels_at_any_zoom(
    reader: Callable[..., Any], house: Any
) -> None:
    chest = reader()
    chest.read(2)
    expected: dict[str, tuple[float, float, float, float]] = {}
    # As first shown; then zoomed in four times about the middle (each wheel step: e^(0.0015 · 400)).
    for zoom, box in ((1.0, (100, 120, 300, 250)), (1.25**6, (470, 480, 60, 50))):
        for _ in range(6 if zoom > 1 else 0):
            chest.keys("+")
        x, y, width, height = box
        chest.keys("Escape", "Escape", "d")
        drag(chest, on_screen(chest, x, y, zoom), on_screen(chest, x + width, y + height, zoom))
        select = chest.page.locator(".region-bar select")
        expect(select).to_be_visible()
        expected[select.input_value()] = box
        chest.is_saved()
    kept = kept_regions(house, 2)
    assert len(expected) == 2
    for region, box in expected.items():
        assert kept[region].action == "drawn"
        assert kept[region].box == pytest.approx(box, abs=1.0)


def test_a_box_is_moved_resized_named_removed_and_given_back(reader: Callable[..., Any], house: Any) -> None:
    chest = reader()
    chest.read(3)
    chest.keys("d")
    drag(chest, on_screen(chest, 20, 20), on_screen(chest, 120, 110))
    expect(chest.page.locator(".region-bar select")).to_be_visible()
    chest.page.locator(".region-bar select").select_option("left clavicle")
    chest.page.locator(".region-bar select").blur()
    # Its lower right corner is pulled; then the whole is nudged by two pixels to the right and one up.
    drag(chest, on_screen(chest, 120, 110), on_screen(chest, 150, 140))
    chest.keys("Alt+ArrowRight", "Alt+ArrowRight", "Alt+ArrowUp")
    chest.is_saved()
    assert kept_regions(house, 3)["left clavicle"].box == pytest.approx((22, 19, 130, 120), abs=1.0)
    chest.page.reload()
    chest.read(3)
    chest.keys("b")
    chest.page.mouse.click(*on_screen(chest, 60, 60))
    expect(chest.page.locator(".region-bar")).to_contain_text("drawn by you")
    chest.keys("Backspace")
    expect(chest.page.locator(".region-bar")).to_contain_text("removed by you")
    chest.is_saved()
    assert kept_regions(house, 3)["left clavicle"].action == "removed"
    chest.keys("Shift+D")
    expect(chest.page.locator(".region-bar")).not_to_contain_text("by you")
    chest.is_saved()
    assert kept_regions(house, 3) == {}


def test_the_heat_map_is_there_while_its_key_is_held_and_not_before(reader: Callable[..., Any]) -> None:
    chest = reader()
    chest.read(1)
    chest.keys("j")
    boxes = chest.painted()
    chest.page.keyboard.down("h")
    heated = chest.painted()
    chest.page.keyboard.up("h")
    assert heated > 3 * boxes
    assert chest.painted() == boxes


def test_the_second_opinion_s_map_is_computed_when_first_held(reader: Callable[..., Any]) -> None:
    chest = reader()
    chest.read(1)
    chest.keys("j")
    boxes = chest.painted()
    chest.page.keyboard.down("g")
    expect(chest.page.locator(".readout.left input")).to_be_visible(timeout=120_000)
    assert chest.painted() > boxes
    chest.page.keyboard.up("g")
    assert chest.painted() == boxes


def test_a_second_opinion_that_fails_says_so_and_is_asked_for_once(reader: Callable[..., Any]) -> None:
    chest = reader()
    asked: list[str] = []

    def refuse(route: Any) -> None:
        asked.append(route.request.url)
        route.fulfill(status=400, json={"error": "This model has no second opinion."})

    chest.page.route("**/gradcam", refuse)
    chest.read(1)
    chest.keys("j")
    chest.page.keyboard.down("g")
    told = chest.page.locator(".page.reading .readout.left")
    expect(told).to_contain_text("This model has no second opinion.")
    chest.keys("j")  # looks again, at another sentence
    expect(chest.sentence(1)).to_have_class(re.compile("pinned"))
    expect(told).to_contain_text("This model has no second opinion.")
    chest.page.keyboard.up("g")
    assert len(asked) == 1


def test_the_prior_stands_beside_and_follows_the_zoom(reader: Callable[..., Any], house: Any) -> None:
    chest = reader()
    later = house.add_later_study_of_the_same_patient()
    chest.read(later)
    chest.keys("p")
    prior = chest.page.locator(".prior")
    expect(prior.locator(".prior-head")).to_contain_text("Prior 0001")
    chest.keys("+", "+", "+")
    expect(prior.locator(".prior-head")).to_contain_text("zoom 195 %")
    chest.keys("p")
    expect(prior).to_be_hidden()


def test_a_sentence_is_drafted_for_a_region(reader: Callable[..., Any]) -> None:
    chest = reader()
    chest.read(4)
    chest.page.locator(".sentence .region").first.click()
    count = chest.page.locator(".sentence").count()
    chest.keys("s")
    expect(chest.page.locator(".sentence.added, dialog").first).to_be_visible()
    if chest.page.locator("dialog").count():  # the model has nothing new to say about it: the reader writes
        chest.keys("Enter")
        chest.page.keyboard.type("A sentence of the reader.")
        chest.keys("Enter")
    expect(chest.page.locator(".sentence")).to_have_count(count + 1)
    links = chest.page.locator(".sentence.added .region").all_inner_texts()
    assert links
    chest.is_saved()
    chest.page.reload()
    chest.read(4)
    expect(chest.page.locator(".sentence.added .region")).to_have_text(links, use_inner_text=True)
