// The report as sentences and as one text.
import assert from "node:assert/strict";
import { test } from "node:test";
import { alikeness, cardsOfDraft, cardsOfSentences, cardsOfText, fromReading, headsOf, newSentence, reportText, textOf, toReading, withText } from "../../ui/words/report_text.js";

const draftOf = (...texts) => ({ report: { sentences: texts.map((text) => ({ text, regions: [{ name: "spine", weight: 0.5 }], confidence: 0.9 })) } });
const DRAFT = draftOf("FINDINGS: The lungs are clear.", "The heart is normal.", "IMPRESSION: No acute process.");
const states = (cards) => cards.map((one) => `${one.section} ${one.state}: ${one.text}`);

test("section heads are no part of a card and come back as the draft wrote them", () => {
  const cards = cardsOfDraft(DRAFT);
  assert.deepEqual(states(cards), ["findings untouched: The lungs are clear.", "findings untouched: The heart is normal.", "impression untouched: No acute process."]);
  assert.equal(reportText(cards, headsOf(DRAFT)), "FINDINGS: The lungs are clear. The heart is normal. IMPRESSION: No acute process.");
});

test("the text of the box keeps findings and impression apart", () => {
  assert.equal(textOf(cardsOfDraft(DRAFT), headsOf(DRAFT)), "FINDINGS: The lungs are clear. The heart is normal.\n\nIMPRESSION: No acute process.");
});

test("a deleted sentence is in no text, and is kept as a card", () => {
  const cards = cardsOfDraft(DRAFT);
  cards[0].state = "deleted";
  assert.equal(reportText(cards, headsOf(DRAFT)), "FINDINGS: The heart is normal. IMPRESSION: No acute process.");
  assert.equal(toReading(cards, headsOf(DRAFT)).length, 2);
});

test("what a reading kept comes back as it was left", () => {
  const cards = cardsOfDraft(DRAFT);
  cards[0].state = "accepted";
  cards[1] = withText(cards[1], "The heart is large.");
  cards.splice(2, 0, { ...newSentence("A line is seen."), regions: [{ name: "svc" }] });
  cards[3].state = "deleted";
  const back = fromReading(toReading(cards, headsOf(DRAFT)), DRAFT);
  assert.deepEqual(states(back), states(cards));
  assert.deepEqual(back[1].regions, [{ name: "spine", weight: 0.5 }]); // the draft knows it of its own sentence
  assert.deepEqual(back[2].regions, [{ name: "svc" }]);
});

test("a text as the cards have it changes no card", () => {
  const cards = cardsOfDraft(DRAFT);
  assert.deepEqual(cardsOfText(textOf(cards, headsOf(DRAFT)), cards), cards);
});

test("a sentence with other words is the draft's, edited, where most words are the same", () => {
  const cards = cardsOfText("The lungs are not clear. The heart is normal.\n\nImpression: No acute process.", cardsOfDraft(DRAFT));
  assert.deepEqual([cards[0].state, cards[0].drafted, cards[0].text], ["edited", "The lungs are clear.", "The lungs are not clear."]);
});

test("titles, abbreviations and list numbers come back from the box unedited", () => {
  const draft = draftOf("Seen by Dr. Smith.", "Mass vs. granuloma.", "IMPRESSION: 1. A mass.", "2. Fluid.");
  const cards = cardsOfDraft(draft);
  assert.deepEqual(cardsOfText(textOf(cards, headsOf(draft)), cards), cards);
});

test("headings and line breaks that the reader wrote stand in the text, and come back", () => {
  const written = "COMPARISON: None.\n\nFINDINGS:\nThe lungs are clear.\nHeart: enlarged.\n\nIMPRESSION: Cardiomegaly. No more.";
  const cards = cardsOfText(written, cardsOfDraft(DRAFT));
  const text = reportText(cards, headsOf(DRAFT));
  assert.match(text, /COMPARISON: None\.\n\n/);
  assert.match(text, /FINDINGS:\n/);
  assert.match(text, /clear\.\nHeart: enlarged\.\n\nIMPRESSION: Cardiomegaly\. No more\.$/);
  assert.equal(textOf(cards, headsOf(DRAFT)), text);
  const standing = (all) => states(all.filter(({ state }) => state !== "deleted"));
  assert.deepEqual(standing(fromReading(toReading(cards, headsOf(DRAFT)), DRAFT, text)), standing(cards));
  assert.equal(reportText(fromReading(toReading(cards, headsOf(DRAFT)), DRAFT, text), headsOf(DRAFT)), text);
});

test("sentences that are parted already are not parted again", () => {
  assert.deepEqual(states(cardsOfSentences(["Clear. And dry.", "Impression: Fine."], [])), ["findings added: Clear. And dry.", "impression added: Fine."]);
  assert.equal(reportText(cardsOfSentences(["One.", "Two."], []), headsOf(DRAFT)), "FINDINGS: One. Two.");
});

test("alikeness is the share of common words", () => {
  assert.equal(alikeness("The heart is large.", "the HEART is large"), 1);
  assert.equal(alikeness("one two", "two three"), 0.5);
  assert.equal(alikeness("one", ""), 0);
});
