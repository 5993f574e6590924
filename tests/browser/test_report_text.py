"""The report as sentences and as one text: two views of one truth, in the browser's own words."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

DRAFT = [
    "The lungs are clear.",
    "Heart size is normal.",
    "No 1.5 cm nodule.",
    "Impression: No acute process.",
]
STATES = "cards.map((one) => [one.section, one.state, one.text])"


@pytest.fixture
def page(reader: Callable[..., Any]) -> Page:
    opened: Page = reader().page
    return opened


def in_page(page: Page, body: str, *values: Any) -> Any:
    """Run ``body`` with the module as ``r``, a draft of the sentences above, and its cards."""
    script = f"""async ([texts, values]) => {{
      const r = await import("/ui/words/report_text.js");
      const draft = {{ report: {{ sentences: texts.map((text) => ({{ text }})) }} }};
      let cards = r.cardsOfDraft(draft);
      const heads = r.headsOf(draft);
      {body}
    }}"""
    return page.evaluate(script, [DRAFT, list(values)])


def test_an_untouched_draft_comes_out_word_for_word(page: Page) -> None:
    assert in_page(page, "return r.reportText(cards, heads);") == " ".join(DRAFT)


def test_what_is_typed_in_the_box_finds_its_sentences(page: Page) -> None:
    text = "Heart size is mildly enlarged. No 1.5 cm nodule.\n\nImpression: No acute process. Follow up in a year."
    body = f"cards = r.cardsOfText(values[0], cards); return {STATES};"
    assert in_page(page, body, text) == [
        ["findings", "edited", "Heart size is mildly enlarged."],
        ["findings", "deleted", "The lungs are clear."],
        ["findings", "untouched", "No 1.5 cm nodule."],
        ["impression", "untouched", "No acute process."],
        ["impression", "added", "Follow up in a year."],
    ]


def test_a_sentence_typed_again_is_the_draft_s_again(page: Page) -> None:
    body = f"""for (const text of ["Heart size is normal.", values[0]]) cards = r.cardsOfText(text, cards);
      return {STATES}.map(([, state]) => state);"""
    assert in_page(page, body, "\n".join(DRAFT)) == ["untouched"] * 4


def test_the_text_of_the_cards_gives_the_same_cards(page: Page) -> None:
    body = f"""cards[0].state = "accepted"; cards[1] = r.withText(cards[1], "The heart is large.");
      cards.splice(2, 0, r.newSentence("A new line is seen."));
      const before = {STATES};
      cards = r.cardsOfText(r.textOf(cards, heads), cards);
      return [before, {STATES}];"""
    before, after = in_page(page, body)
    assert before == after


def test_all_of_a_file_s_own_windows_come_first(page: Page) -> None:
    names = page.evaluate(
        """async () => {
          const { presetsOf } = await import("/ui/viewer/window_presets.js");
          const unnamed = [5, 6, 7].map((width) => ({ name: "", window: [10, width] }));
          const windows = [{ name: "LUNG", window: [100, 50] }, ...unnamed];
          return presetsOf(Uint16Array.from([0, 9, 90]), { window: [100, 50], windows }).map(({ name }) => name);
        }"""
    )
    assert names == ["lung", "file 2", "file 3", "file 4", "full", "lungs", "bone"]
