"""A distance on the film: in the image's pixels at any zoom, in millimetres where the file says how large one is."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.films.test_regions import drag, on_screen

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("steps", [0, 4])
def test_a_line_is_as_long_as_its_pixels_at_any_zoom(reader: Callable[..., Any], steps: int) -> None:
    chest = reader()
    chest.read(1)
    chest.keys(*["+"] * steps, "q")
    zoom = 1.25**steps
    # 3-4-5 triangle: 90 and 120 pixels along the sides, 150 across.
    drag(chest, on_screen(chest, 480, 480, zoom), on_screen(chest, 570, 600, zoom))
    expect(chest.page.locator(".readout .measured")).to_have_text("150 pixels")
    chest.keys("Escape", "Escape")
    expect(chest.page.locator(".readout .measured")).to_have_count(0)


def test_millimetres_follow_the_spacing_and_say_where_it_holds(reader: Callable[..., Any]) -> None:
    told = reader().page.evaluate(
        """async () => {
          const { lengthOf } = await import("/ui/viewer/ruler.js");
          const line = [0, 0, 30, 40];  // 30 columns, 40 rows
          const as = (plane) => ({ pixel_spacing_mm: [0.2, 0.2], spacing_plane: plane });
          return [as("patient"), as("detector"), as(null), { pixel_spacing_mm: [0.1, 0.2], spacing_plane: "patient" }]
            .map((meta) => lengthOf(line, meta));
        }"""
    )
    # 50 pixels of 0.2 mm; last: 30 × 0.2 = 6 across, 40 × 0.1 = 4 down, √52 = 7.2.
    assert told == ["10.0 mm", "10.0 mm at the detector", "10.0 mm (plane not said)", "7.2 mm"]
