// A report as sentences and as one text: two views of one truth. Pure: knows nothing about pages, servers or images.
//
// A sentence ("card") is {text, drafted, state, draft_index, section, regions, confidence, flag, errors, suggested}.
// drafted: the draft's words, or null for a sentence of the reader. state: untouched, accepted, edited, added, deleted.
// section: "findings" or "impression". errors: [{category, significant}], confirmed; suggested: the same, not confirmed.
// Section heads ("Impression:") are not part of a card's text; they are put back when the report is written out.
import { diffArrays } from "../kit/vendor/jsdiff/diff/array.js";

const HEAD = /^(findings|impression)\s*:\s*/i;
const ALIKE = 0.4; // share of common words from which a rewritten sentence counts as the draft's, edited
const ABBREVIATION = /(?:^|\s)(?:Dr|Mr|Mrs|vs|approx|ca|cf|No|e\.g|i\.e|\d{1,2})\.$/;

export function splitSentences(text) {
  const sentences = [];
  for (const paragraph of text.split(/\n+/)) {
    let kept = "";
    for (const part of paragraph.trim().split(/(?<=[.!?])\s+(?=["(]?[\p{Lu}\d.])/u)) {
      kept = kept ? `${kept} ${part}` : part;
      if (ABBREVIATION.test(kept)) continue;
      if (kept) sentences.push(kept);
      kept = "";
    }
    if (kept) sentences.push(kept);
  }
  return sentences;
}

// What a sentence says of its section, and the sentence without it: ["impression", "Impression: ", "Mass."].
function beheaded(text) {
  const head = HEAD.exec(text);
  return head ? [head[1].toLowerCase(), head[0], text.slice(head[0].length)] : [null, "", text];
}

function sectioned(texts) {
  let section = "findings";
  return texts.map((text) => {
    const [named, , bare] = beheaded(text);
    section = named ?? section;
    return { section, bare };
  });
}

// How the draft itself writes its section heads, so that an untouched report comes out word for word.
export function headsOf(draft) {
  const heads = { findings: "", impression: "Impression: " };
  for (const { text } of draft.report.sentences) {
    const [named, head] = beheaded(text);
    if (named) heads[named] = head;
  }
  return heads;
}

export const newSentence = (text, section = "findings") => ({
  text, drafted: null, state: "added", draft_index: null, section, regions: [], confidence: null, flag: null, errors: [], suggested: [],
});

export function fromDraft(sentence, index, section = null) {
  const [named, , bare] = beheaded(sentence.text);
  return {
    ...newSentence(bare, section ?? named ?? "findings"), drafted: bare, state: "untouched", draft_index: index,
    regions: sentence.regions ?? [], confidence: sentence.confidence ?? null, flag: sentence.flag ?? null,
  };
}

export function cardsOfDraft(draft) {
  const { sentences } = draft.report;
  const sections = sectioned(sentences.map(({ text }) => text));
  return sentences.map((sentence, index) => fromDraft(sentence, index, sections[index].section));
}

// A reading as it was kept, {text, draft_index, state} each, back into cards: what the draft knew of a sentence comes
// from the draft, and a sentence of the draft that is missing was deleted.
export function fromReading(kept, draft) {
  const drafted = cardsOfDraft(draft);
  const sections = sectioned(kept.map(({ text }) => text));
  const cards = kept.map((one, index) => {
    const { section, bare } = sections[index];
    const source = Number.isInteger(one.draft_index) ? drafted[one.draft_index] : undefined;
    if (!source) return { ...newSentence(bare, section), regions: (one.regions ?? []).map((name) => ({ name })) };
    const state = bare === source.text ? (one.state === "accepted" ? "accepted" : "untouched") : "edited";
    return { ...source, text: bare, section, state };
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

function written(cards, heads) {
  const begun = new Set();
  return live(cards).map((one) => {
    const head = begun.has(one.section) ? "" : heads[one.section];
    begun.add(one.section);
    return { card: one, text: head + one.text.trim() };
  });
}

export const toReading = (cards, heads) =>
  written(cards, heads).map(({ card, text }) => ({
    text, draft_index: card.draft_index, state: card.state, ...(card.draft_index === null && card.regions.length ? { regions: card.regions.map(({ name }) => name) } : {}),
  }));

export const reportText = (cards, heads) => written(cards, heads).map(({ text }) => text).join(" ");

// The same report laid out for one text box: findings, an empty line, the impression.
export function textOf(cards, heads) {
  const parts = { findings: [], impression: [] };
  for (const { card, text } of written(cards, heads)) parts[card.section].push(text);
  return [parts.findings.join(" "), parts.impression.join(" ")].filter(Boolean).join("\n\n");
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
  ...card, text, state: card.drafted === null ? "added" : text.trim() !== card.drafted ? "edited" : card.state === "accepted" ? "accepted" : "untouched",
});

// The cards after somebody wrote `text` into the one box: each sentence finds the card it came from.
export function cardsOfText(text, cards) {
  const wanted = sectioned(splitSentences(text));
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
  for (const change of diffArrays(kept.map(({ text: was }) => was.trim()), wanted.map(({ bare }) => bare))) {
    const count = change.value.length;
    if (change.removed) {
      waiting = kept.slice(from, from + count);
      from += count;
    } else if (change.added) {
      for (const { bare, section } of wanted.slice(at, at + count)) {
        const best = waiting.map((card) => alikeness(bare, card.text)).reduce((top, value, index, all) => (value > (all[top] ?? 0) ? index : top), 0);
        const revived = [...gone].find((card) => card.drafted === bare);
        if (waiting[best] && alikeness(bare, waiting[best].text) >= ALIKE) {
          result.push({ ...withText(waiting[best], bare), section });
          waiting.splice(best, 1);
        } else if (revived) {
          gone.delete(revived);
          result.push({ ...withText(revived, bare), state: "untouched", section });
        } else result.push(newSentence(bare, section));
      }
      at += count;
      settle();
    } else {
      settle();
      for (let i = 0; i < count; i++) result.push({ ...kept[from + i], section: wanted[at + i].section });
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
