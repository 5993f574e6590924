"""How long a key keeps the reading room busy: from the key's event to a page that is laid out again, in Chromium.

``python -m benchmarks.serving.keystrokes``. The server's answers are not in it: what a reader feels while typing and
stepping through the cards is the page's own work. Chance level: none; a frame has 16.7 ms.
"""

import statistics
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from benchmarks.machine import describe_machine
from tests.browser.conftest import CHROMIUM, FLAGS, Chest, open_house

TIMES = 200
# One key: its event, then layout. A key of a card goes to the window, a letter into the box.
MEASURE = """async ([keys, times, typing]) => {
  const spent = [];
  for (let i = 0; i < times; i++) {
    const key = keys[i % keys.length];
    const box = document.querySelector(".sentence textarea");
    const began = performance.now();
    if (typing) {
      box.setRangeText(key, box.selectionStart, box.selectionEnd, "end");
      box.dispatchEvent(new InputEvent("input", { bubbles: true, data: key }));
    } else {
      const target = document.activeElement ?? document.body;
      const code = `Key${key.toUpperCase()}`;
      target.dispatchEvent(new KeyboardEvent("keydown", { key, code, bubbles: true, cancelable: true }));
    }
    document.body.offsetHeight;
    spent.push(performance.now() - began);
    await new Promise((done) => setTimeout(done, 5));
  }
  return spent;
}"""


def main() -> None:
    print(describe_machine())
    with (
        tempfile.TemporaryDirectory() as folder,
        open_house(Path(folder), "default") as house,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
        chest = Chest(page, house.server)
        chest.sign_in("a.reader")
        chest.read(1)
        print(f"{page.locator('.sentence').count()} cards, {TIMES} keys each; ms: median, 95 of 100, most")
        for name, keys, typing in (
            ("step through the cards (J, K)", "jjkjkk", False),
            ("accept and take back (A)", "a", False),
            ("type into a card", "The heart is large. ", True),
        ):
            page.keyboard.press("j")
            if typing:
                page.keyboard.press("e")
            spent = sorted(page.evaluate(MEASURE, [list(keys), TIMES, typing]))
            low, high = statistics.median(spent), spent[int(0.95 * TIMES)]
            print(f"{name:32}{low:8.2f}{high:8.2f}{spent[-1]:8.2f}")
        browser.close()


if __name__ == "__main__":
    main()
