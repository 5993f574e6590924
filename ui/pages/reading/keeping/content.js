// What is sent and kept for a reading, and what comes back: cards, their marks and the reader's boxes as one object.
// Knows nothing about pages. The names are the server's: {text, sentences, sentence_marks, region_marks}; see
// ui/pages/__init__.py.
import { fromReading, reportText, toReading } from "../../../words/report_text.js";

const VERDICTS = { untouched: "accepted", accepted: "accepted", edited: "edited", deleted: "deleted", added: "inserted" };

// A mark for every sentence that the reader touched: what became of it, and what was wrong with it.
function marksOf(cards, editing) {
  return cards
    .filter((one, index) => index !== editing && (one.state !== "untouched" || one.errors.length) && (one.drafted ?? one.text).trim())
    .map((one) => ({ index: one.draft_index ?? one.own, text: one.drafted ?? one.text.trim(), verdict: VERDICTS[one.state], errors: one.errors }));
}

// boxes: the reader's own, as film.js tells them.
export function contentOf(cards, heads, boxes, editing = null) {
  let own = Math.max(-1, ...cards.map((one) => one.own ?? -1));
  for (const one of cards) if (one.draft_index === null) one.own ??= ++own; // a number of the page's own
  return {
    text: reportText(cards, heads),
    sentences: toReading(cards, heads),
    sentence_marks: marksOf(cards, editing),
    region_marks: boxes,
  };
}

export function cardsOf(kept, draft) {
  const cards = fromReading(kept.sentences, draft, kept.text);
  for (const mark of kept.sentence_marks ?? []) {
    const card = mark.verdict === "inserted"
      ? cards.find((one) => one.draft_index === null && one.own === undefined && one.text.trim() === mark.text)
      : cards.find((one) => one.draft_index === mark.index);
    if (!card) continue;
    card.errors = mark.errors;
    if (mark.verdict === "inserted") card.own = mark.index;
  }
  return cards;
}
