"""Takes the guide's pictures anew: the real program, its own model, phantoms, a real Chromium.

``python -m docs.take_screenshots [--to docs/screenshots] [--size 1440 900]``

The picture of *Training* is not among them: it wants a finished job (``benchmarks.loop.retrain``).
"""

import argparse
import tempfile
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

from tests.browser.conftest import CHROMIUM, FLAGS, Chest, House, Server

WRITTEN = "A right central venous catheter ends in the right atrium."


def take(chest: Chest, house: House, to: Path) -> None:
    """All pictures, each after the steps that lead to what it shows."""
    page = chest.page

    def picture(name: str) -> None:
        page.wait_for_timeout(400)
        page.screenshot(path=to / f"{name}.png")

    later = house.add_later_study_of_the_same_patient()
    for study in (10, 8, 12):
        chest.read(study)
    chest.keys("l", "j", "a", "j", "e")
    page.keyboard.press("Control+A")
    page.keyboard.type(WRITTEN)
    chest.keys("Enter", "Shift+Digit3", "j")
    chest.is_saved()
    picture("reading-room")
    page.keyboard.down("g")
    expect(page.locator(".readout.left input")).to_be_visible(timeout=60_000)
    picture("second-opinion")
    page.keyboard.up("g")
    page.locator(".sentence .region").last.click()
    chest.is_saved()
    picture("regions")
    chest.keys("Escape", "Escape", "Control+Enter")
    expect(page.locator("dialog")).to_be_visible()
    page.click("[data-agreement='4']")
    picture("signing")
    chest.keys("Control+Enter")
    expect(page.locator("[data-act=amend]")).to_be_visible()
    chest.read(later)
    chest.keys("p")
    expect(page.locator(".prior-head b").first).to_be_visible()
    page.wait_for_timeout(1000)
    picture("prior")
    chest.keys("p")
    chest.read(house.add_pa_and_lateral_with_a_prior())
    chest.keys("j", "j", "j", "p")
    expect(page.locator(".prior-head b").first).to_be_visible()
    page.wait_for_timeout(1000)
    picture("two-films")
    chest.keys("p")
    chest.go("#/compare/8")
    expect(page.locator(".page.compare .side").first).to_be_visible()
    chest.keys("1", "6", "Shift+Digit1")
    picture("compare")
    chest.go("#/worklist")
    expect(page.locator("tr[data-study='8'] .chip").first).to_be_visible()
    for _ in range(120):  # until all drafts are there
        if page.locator("tbody .chip", has_text="new").count() == 0:
            break
        page.wait_for_timeout(2000)
        page.reload()
        expect(page.locator("tr[data-study='8'] .chip").first).to_be_visible()
    picture("worklist")


def main() -> None:
    parser = argparse.ArgumentParser(description="Take the guide's pictures anew.")
    parser.add_argument("--to", type=Path, default=Path(__file__).parent / "screenshots")
    parser.add_argument("--size", type=int, nargs=2, default=(1440, 900), metavar=("WIDTH", "HEIGHT"))
    given = parser.parse_args()
    given.to.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = Server(Path(folder) / "data", "default")
        server.start()
        house = House(server)
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        width, height = given.size
        chest = Chest(browser.new_page(viewport={"width": width, "height": height}), server)
        try:
            chest.sign_in("a.reader")
            take(chest, house, given.to)
        finally:
            browser.close()
            house.database.close()
            server.kill()


if __name__ == "__main__":
    main()
