// A report as sentences and as one text: two views of one truth. Pure: knows nothing about pages, servers or images.
//
// A sentence ("card") is {text, drafted, state, draft_index, section, gap, head, regions, confidence, flag, errors, suggested}.
// drafted: the draft's words, or null for a sentence of the reader. state: untouched, accepted, edited, added, deleted.
// section: "findings" or "impression". errors: [{category, significant}], confirmed; suggested: the same, not confirmed.
// Section heads ("Impression:") are not part of a card's text; they are put back when the report is written out.
// gap: the line break that the reader wrote before the sentence ("\n", or "\n\n" for an empty line), null where a blank
// stands. head: the section's head as it was written before this sentence, null where it is the usual one.
import { diffArrays } from "../kit/vendor/jsdiff/diff/array.js";
import { sentencesOf } from "./sentences.js";

const HEAD = /^(findings|impression)\s*:\s*/i;
const OTHER_HEAD = /^\p{Lu}[\p{L} ]{2,40}:/u;
const USUAL_HEADS = { findings: "", impression: "Impression: " };
const ALIKE = 0.4; // share of common words from which a rewritten sentence counts as the draft's, edited

// What a sentence says of its section, and the sentence without it: ["impression", "Impression: ", "Mass."].
function beheaded(text) {
  const head = HEAD.exec(text);
  return head ? [head[1].toLowerCase(), head[0], text.slice(head[0].length)] : [null, "", text];
}

export const breakOf = (white) => {
  const lines = white.split("\n").length - 1;
  return lines === 0 ? null : lines === 1 ? "\n" : "\n\n";
};
// A line that was only wrapped is one line.
const flat = (text) => text.trim().replace(/\s*\n\s*/g, " ");
const headOf = (head) => (head && head !== USUAL_HEADS.impression ? head : null);

// Sentences {text, gap} → {section, bare, gap, head}. A head that stands alone on its line leads the next sentence. The
// break between findings and impression is layout, not the reader's: it comes with the section.
function sectioned(sentences) {
  const found = [];
  let section = "findings";
  let waiting = null; // a head without its sentence, and what stood before it
  for (const { text, gap } of sentences) {
    const [named, head, bare] = beheaded(text);
    const first = waiting ? waiting.gap : found.length === 0 || (named ?? section) !== section ? null : breakOf(gap);
    section = named ?? section;
    if (named && !bare) {
      waiting = { head, gap: first };
      continue;
    }
    const own = waiting ? waiting.head + (breakOf(gap) ?? " ") + head : head;
    found.push({ section, bare: flat(bare), gap: first, head: headOf(own) });
    waiting = null;
  }
  return found;
}

const parted = (texts) => sectioned(texts.map((text) => ({ text, gap: " " })));

// How the draft itself writes its section heads, so that an untouched report comes out word for word.
export function headsOf(draft) {
  const heads = { ...USUAL_HEADS };
  for (const { text } of draft.report.sentences) {
    const [named, head] = beheaded(text);
    if (named) heads[named] = head;
  }
  return heads;
}

export const newSentence = (text, section = "findings", { gap = null, head = null } = {}) => ({
  text, drafted: null, state: "added", draft_index: null, section, gap, head, regions: [], confidence: null, flag: null, errors: [], suggested: [],
});

export function fromDraft(sentence, index, section = null) {
  const [named, head, bare] = beheaded(sentence.text);
  return {
    ...newSentence(bare, section ?? named ?? "findings", { head: headOf(head) }), drafted: bare, state: "untouched", draft_index: index,
    regions: sentence.regions ?? [], confidence: sentence.confidence ?? null, flag: sentence.flag ?? null,
  };
}

export function cardsOfDraft(draft) {
  const { sentences } = draft.report;
  let section = "findings";
  return sentences.map((sentence, index) => {
    [section] = [beheaded(sentence.text)[0] ?? section];
    return fromDraft(sentence, index, section);
  });
}

// The sentences of a reading with what stands before each in its text, where it is known.
function withGaps(kept, whole) {
  let from = 0;
  return kept.map(({ text }) => {
    const at = whole.indexOf(text, from);
    const gap = at < 0 ? " " : whole.slice(from, at);
    if (at >= 0) from = at + text.length;
    return { text, gap };
  });
}

// A reading as it was kept, {text, draft_index, state} each, and its whole text, back into cards: what the draft knew of
// a sentence comes from the draft, and a sentence of the draft that is missing was deleted.
export function fromReading(kept, draft, whole = "") {
  const drafted = cardsOfDraft(draft);
  const written = kept.filter(({ text }) => beheaded(text)[2]);
  const sections = sectioned(withGaps(written, whole));
  const cards = written.map((one, index) => {
    const { section, bare, gap, head } = sections[index];
    const source = Number.isInteger(one.draft_index) ? drafted[one.draft_index] : undefined;
    if (!source) return { ...newSentence(bare, section, { gap, head }), regions: (one.regions ?? []).map((name) => ({ name })) };
    const state = bare === flat(source.text) ? (one.state === "accepted" ? "accepted" : "untouched") : "edited";
    return { ...source, text: state === "edited" ? bare : source.text, section, gap, head, state };
  });
  for (const source of drafted) {
    if (cards.some((card) => card.draft_index === source.draft_index)) continue;
    const after = cards.findLastIndex((card) => card.draft_index !== null && card.draft_index < source.draft_index);
    cards.splice(after + 1, 0, { ...source, state: "deleted" });
  }
  return inSections(cards);
}

export const inSections = (cards) => [...cards.filter((one) => one.section === "findings"), ...cards.filter((one) => one.section === "impression")];

const live = (cards) => inSections(cards).filter((one) => one.state !== "deleted" && one.text.trim());

// A section begins with the head that the reader wrote, else with the draft's; behind a part with a heading of its own
// ("COMPARISON: None.") the head stays where it was written.
function written(cards, heads) {
  const begun = new Set();
  const first = Object.fromEntries(["findings", "impression"].map((name) => [name, live(cards).find(({ section }) => section === name)]));
  return live(cards).map((one) => {
    const own = cards.find(({ section, head }) => section === one.section && head !== null);
    const stays = own && own !== first[one.section] && own.state !== "deleted" && OTHER_HEAD.test(first[one.section].text);
    const leads = !begun.has(one.section);
    const head = stays ? (one === own ? own.head : "") : leads ? (own?.head ?? heads[one.section]) : "";
    begun.add(one.section);
    return { card: one, gap: leads ? null : one.gap, text: head + one.text.trim() };
  });
}

const joined = (parts) => parts.map(({ gap, text }, index) => (index ? (gap ?? " ") : "") + text).join("");

export const toReading = (cards, heads) =>
  written(cards, heads).map(({ card, text }) => ({
    text, draft_index: card.draft_index, state: card.state, ...(card.draft_index === null && card.regions.length ? { regions: card.regions.map(({ name }) => name) } : {}),
  }));

// On one line, as models write; where the reader broke a line, as it is laid out.
export function reportText(cards, heads) {
  const parts = written(cards, heads);
  return parts.some(({ gap, card }) => gap !== null || card.head?.includes("\n")) ? textOf(cards, heads) : joined(parts);
}

// The same report laid out for one text box: findings, an empty line, the impression.
export function textOf(cards, heads) {
  const parts = { findings: [], impression: [] };
  for (const one of written(cards, heads)) parts[one.card.section].push(one);
  return [joined(parts.findings), joined(parts.impression)].filter(Boolean).join("\n\n");
}

const wordsOf = (text) => text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];

export function alikeness(one, other) {
  const a = new Set(wordsOf(one));
  const b = new Set(wordsOf(other));
  if (!a.size || !b.size) return 0;
  let common = 0;
  for (const word of a) if (b.has(word)) common++;
  return (2 * common) / (a.size + b.size);
}

export const withText = (card, text) => ({
  ...card, text, state: card.drafted === null ? "added" : flat(text) !== flat(card.drafted) ? "edited" : card.state === "accepted" ? "accepted" : "untouched",
});

// The cards after somebody wrote `text` into the one box: each sentence finds the card it came from.
export const cardsOfText = (text, cards) => matched(sectioned(sentencesOf(text)), cards);

// The same for sentences that are parted already.
export const cardsOfSentences = (texts, cards) => matched(parted(texts), cards);

function matched(wanted, cards) {
  const kept = live(cards);
  const gone = new Set(cards.filter((one) => one.state === "deleted"));
  const result = [];
  let at = 0; // in wanted
  let from = 0; // in kept
  let waiting = []; // cards whose words are no longer there, until the sentences written in their place are seen
  const settle = () => {
    for (const card of waiting) if (card.drafted !== null) result.push({ ...card, text: card.drafted, state: "deleted" });
    waiting = [];
  };
  for (const change of diffArrays(kept.map(({ text: was }) => flat(was)), wanted.map(({ bare }) => bare))) {
    const count = change.value.length;
    if (change.removed) {
      waiting = kept.slice(from, from + count);
      from += count;
    } else if (change.added) {
      for (const { bare, ...place } of wanted.slice(at, at + count)) {
        const best = waiting.map((card) => alikeness(bare, card.text)).reduce((top, value, index, all) => (value > (all[top] ?? 0) ? index : top), 0);
        const revived = [...gone].find((card) => card.drafted !== null && flat(card.drafted) === bare);
        if (waiting[best] && alikeness(bare, waiting[best].text) >= ALIKE) {
          result.push({ ...withText(waiting[best], bare), ...place });
          waiting.splice(best, 1);
        } else if (revived) {
          gone.delete(revived);
          result.push({ ...withText(revived, bare), state: "untouched", ...place });
        } else result.push(newSentence(bare, place.section, place));
      }
      at += count;
      settle();
    } else {
      settle();
      for (let i = 0; i < count; i++) {
        const { bare: _, ...place } = wanted[at + i];
        result.push({ ...kept[from + i], ...place });
      }
      from += count;
      at += count;
    }
  }
  settle();
  for (const card of gone) {
    const after = result.findLastIndex((one) => one.draft_index !== null && one.draft_index < card.draft_index);
    result.splice(after + 1, 0, card);
  }
  return inSections(result);
}
