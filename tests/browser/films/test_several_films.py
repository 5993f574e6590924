"""A study of two images with a prior of two: how they hang, and that evidence, boxes and zoom keep to their image."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

from feedback_db.reading import marks
from feedback_db.studies import images
from tests.browser.films.film_files import LATERAL_COLUMNS, LATERAL_ROWS, pa_and_lateral
from tests.browser.films.test_regions import drag
from tests.browser.test_look import serious

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def pair(house: Any) -> int:
    """The later of two examinations of one patient, each of a PA and a lateral image; its number."""
    return int(house.add_pa_and_lateral_with_a_prior())


def panes(chest: Any) -> Locator:
    films: Locator = chest.page.locator(".page.reading .films > .hanging .pane")
    return films


def thumbnails(chest: Any) -> Locator:
    found: Locator = chest.page.locator(".page.reading .films > .hanging .thumbnails button")
    return found


def painted(pane: Locator) -> int:
    """How many pixels over this image are not empty."""
    return int(
        pane.locator("canvas.overlay").evaluate(
            """(canvas) => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => {
              const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
              done(data.filter((value, index) => index % 4 === 3 && value > 0).length);
            })))"""
        )
    )


def on_lateral(pane: Locator, x: float, y: float) -> tuple[float, float]:
    """Where a pixel of the lateral image lies on the page, worked out from its frame alone."""
    frame = pane.locator(".light-box").bounding_box()
    assert frame is not None
    scale = min(frame["width"] / LATERAL_COLUMNS, frame["height"] / LATERAL_ROWS)
    left = frame["x"] + (frame["width"] - LATERAL_COLUMNS * scale) / 2
    top = frame["y"] + (frame["height"] - LATERAL_ROWS * scale) / 2
    return left + x * scale, top + y * scale


def test_one_is_large_and_keys_turn_and_lay_them_side_by_side(reader: Callable[..., Any], pair: int) -> None:
    chest = reader()
    chest.read(pair)
    expect(chest.page.locator(".where")).to_contain_text("PA + left lateral")
    expect(panes(chest)).to_have_count(1)
    expect(panes(chest).locator(".readout.left b")).to_have_text("PA")
    expect(panes(chest).locator(".readout.right")).to_contain_text("R ← patient → L")
    expect(thumbnails(chest)).to_have_text(["PA", "left lateral"])
    chest.keys("PageDown")
    expect(panes(chest).locator(".readout.left b")).to_have_text("left lateral")
    expect(panes(chest).locator(".readout.right")).not_to_contain_text("patient")
    chest.keys("i")
    expect(panes(chest).locator(".readout.left")).to_contain_text("inverted")
    chest.keys("Shift+V")
    expect(panes(chest).locator(".readout.left b")).to_have_text("PA")
    expect(panes(chest).locator(".readout.left")).not_to_contain_text("inverted")
    chest.keys("Shift+B")
    expect(panes(chest).locator(".readout.left b")).to_have_text(["PA", "left lateral"])
    expect(panes(chest).nth(1).locator(".readout.left")).to_contain_text("inverted")
    expect(thumbnails(chest).first).to_be_hidden()
    high = [pane.locator(".light-box").bounding_box()["height"] for pane in panes(chest).all()]  # type: ignore[index]
    assert high[0] == high[1]
    chest.page.mouse.click(*on_lateral(panes(chest).nth(1), 20, 20))
    expect(panes(chest).nth(1)).to_have_class("pane narrow in-hand")
    chest.keys("Shift+B")
    expect(panes(chest).locator(".readout.left b")).to_have_text("left lateral")


def test_where_the_room_allows_it_they_hang_side_by_side_at_once(
    reader: Callable[..., Any], pair: int
) -> None:
    chest = reader("a.reader", 2560, 1440)
    chest.read(pair)
    expect(panes(chest).locator(".readout.left b")).to_have_text(["PA", "left lateral"])
    assert serious(chest.page) == []


def test_a_study_of_one_image_has_neither_thumbnails_nor_names(reader: Callable[..., Any], pair: int) -> None:
    chest = reader()
    chest.read(pair)
    expect(thumbnails(chest)).to_have_count(2)
    chest.read(1)
    expect(panes(chest)).to_have_count(1)
    expect(thumbnails(chest)).to_have_count(0)
    expect(panes(chest).locator(".readout.left b")).to_have_count(0)
    chest.keys("Shift+B", "PageDown")
    expect(panes(chest)).to_have_count(1)


def test_evidence_lies_on_the_image_that_it_is_of(reader: Callable[..., Any], pair: int) -> None:
    chest = reader("b.reader")
    chest.read(pair)
    expect(chest.page.locator(".study-notes")).to_contain_text("image 1 of 2 (PA) alone")
    chest.keys("Shift+B", "j")
    frontal, lateral = panes(chest).all()
    boxes = painted(frontal)
    assert boxes > 0
    chest.page.keyboard.down("h")
    assert painted(frontal) > 3 * boxes
    assert painted(lateral) == 0
    chest.page.keyboard.up("h")
    # One large, the lateral in hand: the other's thumbnail says that there is something to see on it.
    chest.keys("Shift+B", "PageDown")
    expect(thumbnails(chest).first).to_have_class("marked")
    assert painted(panes(chest).first) == 0
    # Its region is asked for: there it is.
    chest.sentence(0).locator(".region").first.click()
    expect(panes(chest).locator(".readout.left b")).to_have_text("PA")


def test_a_box_that_is_drawn_on_the_lateral_stays_on_the_lateral(
    reader: Callable[..., Any], house: Any, pair: int
) -> None:
    chest = reader()
    chest.read(pair)
    chest.keys("Escape", "Escape", "PageDown", "d")
    lateral = panes(chest).first
    drag(chest, on_lateral(lateral, 200, 500), on_lateral(lateral, 420, 700))
    # Nothing tells which region it could be, so nothing is kept until the reader has said it.
    select = chest.page.locator(".region-bar select")
    expect(select).to_have_value("")
    select.select_option("cardiac silhouette")
    expect(chest.page.locator(".region-bar")).to_contain_text("drawn by you")
    chest.is_saved()
    with house.database.reading_session() as session:
        hung = images.of_study(session, study_id=pair)
        (kept,) = marks.regions_of(session, reading_id=house.reading_of(pair).id)
    assert [image.view for image in hung] == ["PA", "LATERAL"]
    assert (kept.region, kept.action, kept.image_id) == ("cardiac silhouette", "drawn", hung[1].id)
    assert kept.box == pytest.approx((200, 500, 220, 200), abs=2.0)
    chest.page.reload()
    chest.read(pair)
    chest.keys("PageDown", "b")
    chest.page.mouse.click(*on_lateral(panes(chest).first, 310, 600))
    expect(chest.page.locator(".region-bar")).to_contain_text("drawn by you")
    # The model's box of the same region stands on the frontal image as it was.
    chest.keys("PageUp")
    expect(chest.page.locator(".region-bar")).to_contain_text("cardiac silhouette")
    expect(chest.page.locator(".region-bar")).not_to_contain_text("by you")
    chest.keys("PageDown", "Shift+D")
    chest.is_saved()
    with house.database.reading_session() as session:
        assert marks.regions_of(session, reading_id=house.reading_of(pair).id) == []


def test_the_prior_shows_the_same_view_with_the_same_zoom(reader: Callable[..., Any], pair: int) -> None:
    chest = reader()
    chest.read(pair)
    chest.keys("p")
    prior = chest.page.locator(".prior .prior-head")
    expect(prior).to_contain_text("14 months before")
    expect(prior.locator("b").nth(1)).to_have_text("PA")
    assert serious(chest.page) == []
    chest.keys("+", "+", "+")
    expect(prior).to_contain_text("zoom 195 %")
    chest.keys("PageDown")
    expect(prior.locator("b").nth(1)).to_have_text("left lateral")
    expect(prior).to_contain_text("zoom 100 %")
    chest.keys("+")
    expect(prior).to_contain_text("zoom 125 %")
    # Another view of the prior than the one in hand goes its own way.
    chest.page.locator(".prior .thumbnails button").first.click()
    expect(prior.locator("b").nth(1)).to_have_text("PA")
    chest.keys("+")
    expect(panes(chest).locator(".readout.left")).to_contain_text("zoom 156 %")
    expect(prior).to_contain_text("zoom 195 %")
    chest.keys("p")
    expect(prior).to_be_hidden()


def test_frontal_and_lateral_share_a_zoom_only_where_the_reader_links_them(
    reader: Callable[..., Any], pair: int
) -> None:
    chest = reader()
    chest.read(pair)
    chest.keys("Shift+B", "+")
    lateral = panes(chest).nth(1).locator(".readout.left")
    expect(panes(chest).nth(0).locator(".readout.left")).to_contain_text("zoom 125 %")
    expect(lateral).to_contain_text("zoom 100 %")
    chest.keys("Shift+L", "+")
    expect(lateral).to_contain_text("zoom 156 %")
    chest.keys("Shift+L", "Shift+B")


def test_a_study_without_a_frontal_image_is_reported_from_nothing(
    reader: Callable[..., Any], house: Any
) -> None:
    _, lateral = pa_and_lateral("LATERAL", seed=33, on=date(2025, 5, 2))
    (study,) = house.door().take_in(lateral)
    chest = reader()
    chest.read(study.id)
    why = chest.page.locator(".study-notes [data-from='no draft']")
    expect(why).to_contain_text("no frontal")
    expect(chest.page.locator(".sentence")).to_have_count(0)
    chest.new_sentence("The retrosternal space is clear.")
    chest.is_saved()
    chest.page.reload()
    chest.read(study.id)
    expect(chest.page.locator(".sentence.added")).to_have_text(re.compile("retrosternal space is clear"))
    chest.keys("Control+Enter")
    expect(chest.page.locator("dialog")).to_contain_text("retrosternal space is clear")
    chest.keys("Control+Enter")
    expect(chest.page.locator("[data-act=amend]")).to_be_visible()
    assert house.reading_of(study.id).draft_id is None
