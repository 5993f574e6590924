// The report as sentence cards, in two sections: accept, edit in place, delete, insert, move, mark; hover and pin.
// Knows nothing about servers or images: its owner hears what is pointed at, pinned, finished and changed.
import { cardView } from "./card.js";
import { focused } from "../../../kit/dom.js";
import { html, show } from "../../../kit/view.js";
import { confirmed, suggest, toggled } from "./error_marks.js";
import { alikeness, breakOf, inSections, newSentence, withText } from "../../../words/report_text.js";
import { sentencesOf } from "../../../words/sentences.js";

const UNDONE_AT_MOST = 60;
const SECTIONS = [["findings", "Findings"], ["impression", "Impression"]];

export class Cards {
  // expand(textarea, {atEnd}): what a typed abbreviation stands for is put in its place; says whether one was. extras(section): buttons under a section.
  // isUnread(text): whether the rules did not understand it.
  constructor(host, { onHover, onPin, onChange, onFinished, onRegion, expand, extras, isUnread }) {
    this.host = host;
    this.onHover = onHover;
    this.onPin = onPin;
    this.onChange = onChange;
    this.onFinished = onFinished;
    this.onRegion = onRegion;
    this.expand = expand;
    this.extras = extras;
    this.isUnread = isUnread;
    this.set([], true);
  }

  set(sentences, readOnly) {
    this.sentences = sentences;
    this.readOnly = readOnly;
    this.pinned = null;
    this.editing = null;
    this.marking = false;
    this.lit = new Set();
    this.past = [];
    this.render();
  }

  // Puts other cards in place of these, as one step that can be undone.
  replace(sentences) {
    if (this.readOnly) return;
    this.remember();
    this.sentences = inSections(sentences);
    this.#unpin();
    this.#changed();
  }

  append(sentence) {
    this.sentences.push(sentence);
    this.render();
    this.#node(this.sentences.length - 1)?.scrollIntoView({ block: "nearest" });
  }

  render() {
    const at = this.host.contains(document.activeElement) ? /** @type {HTMLElement} */ (focused().closest("[data-index]"))?.dataset.index : undefined;
    show(this.host, SECTIONS.map(([section, title]) => this.#section(section, title)));
    const area = this.host.querySelector("textarea");
    if (area) area.focus();
    else if (at !== undefined) this.#node(this.pinned ?? Number(at))?.focus({ preventScroll: true });
  }

  #section(section, title) {
    const indices = this.sentences.map((_, index) => index).filter((index) => this.sentences[index].section === section);
    if (!indices.length && this.readOnly) return null;
    const after = (indices.at(-1) ?? this.sentences.length - 1) + 1;
    return html`<h2 key=${section}>${title}</h2>
      ${indices.map((index) => cardView(this, index))}
      ${!this.readOnly && html`<div key=${`under ${section}`} class="section-acts"><button class="quiet add" type="button" onclick=${() => this.add(after, section)}>+ Add a sentence</button>${this.extras(section)}</div>`}`;
  }

  // Cards whose sentence was written from this region are lit; the next of them is pinned. Returns how many there are.
  light(region) {
    const found = this.sentences.map((_, index) => index).filter((index) => region && this.sentences[index].regions.some(({ name }) => name === region));
    this.lit = new Set(found);
    const next = found.find((index) => this.pinned !== null && index > this.pinned && found.includes(this.pinned)) ?? found[0];
    this.pinned = next ?? null;
    this.marking = false;
    this.render();
    this.onPin(this.pinned);
    this.#node(next)?.scrollIntoView({ block: "nearest" });
    return found.length;
  }

  pin(index) {
    this.pinned = this.pinned === index ? null : index;
    this.marking = false;
    this.lit = new Set();
    this.render();
    this.onPin(this.pinned);
    this.#node(this.pinned)?.scrollIntoView({ block: "nearest" });
  }

  step(by) {
    const to = (this.pinned ?? (by > 0 ? -1 : this.sentences.length)) + by;
    if (to < 0 || to >= this.sentences.length) return;
    this.pinned = null;
    this.pin(to);
  }

  accept(index) {
    const one = this.sentences[index];
    if (this.readOnly || !one || !["accepted", "untouched"].includes(one.state)) return;
    this.remember();
    one.state = one.state === "accepted" ? "untouched" : "accepted";
    this.#changed();
  }

  // Every sentence that nobody has touched yet; a flagged one has to be looked at by itself.
  acceptRest() {
    if (this.readOnly) return;
    this.remember();
    for (const one of this.sentences) if (one.state === "untouched" && !one.flag) one.state = "accepted";
    this.#changed();
  }

  remove(index) {
    const one = this.sentences[index];
    if (this.readOnly || !one) return;
    this.remember();
    if (one.state === "added") {
      this.sentences.splice(index, 1);
      this.#unpin();
    } else if (one.state !== "deleted") {
      Object.assign(one, { state: "deleted", text: one.drafted });
      this.onFinished(one);
    }
    this.#changed();
  }

  restore(index) {
    const one = this.sentences[index];
    if (this.readOnly || !one || one.drafted === null || one.state === "untouched") return;
    this.remember();
    Object.assign(one, { text: one.drafted, state: "untouched", suggested: [] });
    this.#changed();
  }

  move(index, by) {
    const one = this.sentences[index];
    const other = this.sentences[index + by];
    if (this.readOnly || !one || !other || one.section !== other.section) return;
    this.remember();
    this.sentences.splice(index, 1);
    this.sentences.splice(index + by, 0, one);
    if (this.pinned === index) this.pinned = index + by;
    this.#changed();
    this.#node(index + by)?.scrollIntoView({ block: "nearest" });
  }

  // An empty sentence to be written, or one that is written already.
  add(index, section = "findings", sentence = null) {
    if (this.readOnly) return;
    this.remember();
    this.sentences.splice(index, 0, sentence ?? newSentence("", section));
    if (!sentence) return void this.edit(index);
    this.pinned = null;
    this.onFinished(sentence);
    this.#changed();
    this.pin(index);
  }

  edit(index) {
    const one = this.sentences[index];
    if (this.readOnly || !one || one.state === "deleted") return;
    if (one.text) this.remember();
    this.editing = index;
    if (this.pinned !== index) {
      this.pinned = index;
      this.onPin(index);
    }
    this.render();
    const area = this.host.querySelector("textarea");
    area?.setSelectionRange(area.value.length, area.value.length);
  }

  mark(index, category, significant) {
    if (this.readOnly || !this.sentences[index]) return;
    this.remember();
    toggled(this.sentences[index], category, significant);
    this.#changed();
  }

  confirm(index, category = null) {
    if (this.readOnly || !this.sentences[index]?.suggested.length) return;
    this.remember();
    confirmed(this.sentences[index], category);
    this.#changed();
  }

  dismiss(index, category) {
    const one = this.sentences[index];
    one.suggested = one.suggested.filter((mark) => mark.category !== category);
    this.#changed();
  }

  startMarking(index) {
    if (this.pinned !== index) this.pin(index);
    this.marking = true;
    this.render();
  }

  // What the error counter says about an edit; kept only while the sentence still reads as it did when asked about.
  suggestFor(one, marks) {
    if (!this.sentences.includes(one)) return;
    suggest(one, marks);
    if (this.editing === null) this.render();
  }

  undo() {
    if (this.readOnly || this.editing !== null || !this.past.length) return;
    this.sentences = this.past.pop();
    if (this.pinned >= this.sentences.length) this.#unpin();
    this.#changed();
  }

  typed(index, text) {
    this.sentences[index] = Object.assign(this.sentences[index], withText(this.sentences[index], text));
    this.onChange(this.sentences);
  }

  // Several sentences in one card become several cards; the one most like the draft's stays the draft's.
  finish(index) {
    if (this.editing !== index) return;
    this.editing = null;
    const one = this.sentences[index];
    const written = sentencesOf(one.text);
    const parts = written.map(({ text }) => text.replace(/\s*\n\s*/g, " "));
    if (!parts.length) {
      if (one.drafted === null) this.sentences.splice(index, 1);
      else Object.assign(one, { state: "deleted", text: one.drafted });
      if (one.drafted === null) this.#unpin();
      else this.onFinished(one);
    } else {
      const { gap, head } = one;
      const own = one.drafted === null ? 0 : parts.reduce((best, part, at) => (alikeness(part, one.drafted) > alikeness(parts[best], one.drafted) ? at : best), 0);
      const cards = parts.map((part, at) => (at === own ? Object.assign(one, withText(one, part)) : newSentence(part, one.section)));
      for (const [at, card] of cards.entries()) Object.assign(card, { gap: at === 0 ? gap : breakOf(written[at].gap), head: at === 0 ? head : null });
      this.sentences.splice(index, 1, ...cards);
      for (const card of cards) this.onFinished(card);
    }
    this.#changed();
  }

  #unpin() {
    if (this.pinned === null) return;
    this.pinned = null;
    this.onPin(null);
  }

  remember() {
    this.past.push(structuredClone(this.sentences));
    if (this.past.length > UNDONE_AT_MOST) this.past.shift();
  }

  #changed() {
    this.render();
    this.onChange(this.sentences);
  }

  #node(index) {
    return index === null || index === undefined ? null : this.host.querySelector(`[data-index="${index}"]`);
  }
}
