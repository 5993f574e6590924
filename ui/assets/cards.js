// The report as sentence cards: accept, edit in place, delete, add; hover and pin. Knows no server and no image:
// whoever made it hears what is pointed at, pinned and changed.
import { diffNodes } from "./diff.js";
import { h } from "./dom.js";

const STATES = { untouched: "", accepted: "accepted", edited: "edited", added: "added", deleted: "deleted" };

export function fromDraft(sentence, index) {
  return {
    text: sentence.text, drafted: sentence.text, state: "untouched", draft_index: index,
    regions: sentence.regions ?? [], confidence: sentence.confidence ?? null, flag: sentence.flag ?? null,
  };
}

// A reading as the server keeps it, {text, draft_index, state} each, back into cards: what the draft knew of a sentence
// comes from the draft, and a sentence of the draft that is missing was deleted.
export function fromReading(kept, draft) {
  const drafted = draft.report.sentences;
  const cards = kept.map((one) => {
    const source = Number.isInteger(one.draft_index) ? drafted[one.draft_index] : undefined;
    if (!source) return { text: one.text, drafted: null, state: "added", draft_index: null, regions: [], confidence: null, flag: null };
    const state = one.text === source.text ? (one.state === "accepted" ? "accepted" : "untouched") : "edited";
    return { ...fromDraft(source, one.draft_index), text: one.text, state };
  });
  drafted.forEach((source, index) => {
    if (cards.some((card) => card.draft_index === index)) return;
    const after = cards.findLastIndex((card) => card.draft_index !== null && card.draft_index < index);
    cards.splice(after + 1, 0, { ...fromDraft(source, index), state: "deleted" });
  });
  return cards;
}

export const toReading = (cards) =>
  cards.filter((one) => one.state !== "deleted" && one.text.trim()).map(({ text, draft_index, state }) => ({ text: text.trim(), draft_index, state }));

export const reportText = (sentences) =>
  sentences.filter((one) => one.state !== "deleted" && one.text.trim()).map((one) => one.text.trim()).join(" ");

export class Cards {
  constructor(host, { onHover, onPin, onChange }) {
    Object.assign(this, { host, onHover, onPin, onChange });
    this.sentences = [];
    this.readOnly = true;
    this.pinned = null;
    this.editing = null;
    this.lit = new Set();
  }

  set(sentences, readOnly) {
    this.sentences = sentences;
    this.readOnly = readOnly;
    this.pinned = null;
    this.editing = null;
    this.lit = new Set();
    this.render();
  }

  append(sentence) {
    this.sentences.push(sentence);
    this.host.append(this.#card(this.sentences.length - 1));
    this.host.lastElementChild.scrollIntoView({ block: "nearest" });
  }

  render() {
    const nodes = [];
    this.sentences.forEach((_, index) => nodes.push(this.#card(index)));
    if (!this.readOnly) nodes.push(h("button", { class: "quiet add", type: "button", onclick: () => this.add(this.sentences.length) }, "+ Add a sentence"));
    this.host.replaceChildren(...nodes);
    this.host.querySelector("textarea")?.focus();
  }

  // Cards whose sentence was written from this region are lit.
  light(region) {
    this.lit = new Set();
    if (region) {
      this.sentences.forEach((one, index) => { if (one.regions.some(({ name }) => name === region)) this.lit.add(index); });
    }
    this.render();
    const first = Math.min(...this.lit);
    if (Number.isFinite(first)) this.host.children[first]?.scrollIntoView({ block: "nearest" });
  }

  pin(index) {
    this.pinned = this.pinned === index ? null : index;
    this.lit = new Set();
    this.render();
    this.onPin(this.pinned);
    this.host.children[this.pinned]?.scrollIntoView({ block: "nearest" });
  }

  step(by) {
    const from = this.pinned ?? (by > 0 ? -1 : this.sentences.length);
    const to = from + by;
    if (to >= 0 && to < this.sentences.length) {
      this.pinned = null;
      this.pin(to);
    }
  }

  accept(index) {
    const one = this.sentences[index];
    if (this.readOnly || !one || one.state === "deleted") return;
    if (one.state === "accepted") one.state = "untouched";
    else if (one.state === "untouched") one.state = "accepted";
    this.#changed();
  }

  remove(index) {
    const one = this.sentences[index];
    if (this.readOnly || !one) return;
    if (one.state === "deleted") one.state = one.text === one.drafted ? "untouched" : "edited";
    else if (one.state === "added") {
      this.sentences.splice(index, 1);
      if (this.pinned !== null) this.onPin((this.pinned = null));
    } else one.state = "deleted";
    this.#changed();
  }

  restore(index) {
    const one = this.sentences[index];
    one.text = one.drafted;
    one.state = "untouched";
    this.#changed();
  }

  add(index) {
    if (this.readOnly) return;
    this.sentences.splice(index, 0, { text: "", drafted: null, state: "added", draft_index: null, regions: [], confidence: null, flag: null });
    this.edit(index);
  }

  edit(index) {
    if (this.readOnly || !this.sentences[index] || this.sentences[index].state === "deleted") return;
    this.editing = index;
    if (this.pinned !== index) {
      this.pinned = index;
      this.onPin(index);
    }
    this.render();
    const area = this.host.querySelector("textarea");
    area?.setSelectionRange(area.value.length, area.value.length);
  }

  #finish(index) {
    if (this.editing !== index) return;
    this.editing = null;
    const one = this.sentences[index];
    if (one && one.state === "added" && !one.text.trim()) {
      this.sentences.splice(index, 1);
      this.onPin((this.pinned = null));
    }
    this.#changed();
  }

  #typed(index, text) {
    const one = this.sentences[index];
    one.text = text.replace(/\s*\n\s*/g, " ");
    if (one.drafted !== null) one.state = one.text.trim() === one.drafted ? "untouched" : "edited";
    this.onChange(this.sentences);
  }

  #changed() {
    this.render();
    this.onChange(this.sentences);
  }

  #card(index) {
    const one = this.sentences[index];
    const editing = this.editing === index;
    const classes = ["sentence", one.state, this.pinned === index && "pinned", this.lit.has(index) && "lit", editing && "editing"];
    const card = h("article", {
      class: classes.filter(Boolean).join(" "), "data-index": String(index), tabindex: editing ? null : "0",
      onpointerenter: () => this.onHover(index), onpointerleave: () => this.onHover(null),
      onclick: (event) => { if (!event.target.closest("button, textarea")) this.pin(index); },
      ondblclick: (event) => { if (!event.target.closest("button, textarea")) this.edit(index); },
    });
    card.append(editing ? this.#area(index) : h("p", { class: "text" }, this.#text(one)));
    const state = [STATES[one.state], one.confidence === null ? "" : one.confidence.toFixed(2)].filter(Boolean).join(" · ");
    card.append(h("div", { class: "under" },
      one.regions.slice(0, 4).map(({ name }) => h("span", { class: "region" }, name)),
      h("span", { class: "state meta number" }, state)));
    if (one.flag) card.append(h("p", { class: "flag" }, `⚑ ${one.flag}`));
    if (!this.readOnly && !editing) card.append(this.#tools(index, one));
    return card;
  }

  #text(one) {
    if (one.state === "edited") return diffNodes(one.drafted, one.text);
    if (one.state === "deleted") return h("del", {}, one.drafted);
    if (one.state === "added") return h("ins", {}, one.text);
    return one.text;
  }

  #area(index) {
    const area = h("textarea", {
      rows: "1", "aria-label": `Sentence ${index + 1}`, placeholder: "Write a sentence",
      oninput: () => {
        grow();
        this.#typed(index, area.value);
      },
      onblur: () => this.#finish(index),
      onkeydown: (event) => {
        if (event.key === "Enter" || event.key === "Escape") {
          event.preventDefault();
          area.blur();
        }
      },
    });
    area.value = this.sentences[index].text;
    const grow = () => {
      area.style.height = "auto";
      area.style.height = `${area.scrollHeight + 2}px`;
    };
    requestAnimationFrame(grow);
    return area;
  }

  #tools(index, one) {
    const tool = (label, sign, act) => h("button", { class: "quiet", type: "button", title: label, "aria-label": label, onclick: act }, sign);
    if (one.state === "deleted") return h("div", { class: "tools" }, tool("Bring back", "↩", () => this.remove(index)));
    return h("div", { class: "tools" },
      one.state === "edited" ? tool("Back to the draft's words", "↩", () => this.restore(index)) : null,
      one.drafted !== null && one.state !== "edited" ? tool("Accept (A)", "✓", () => this.accept(index)) : null,
      tool("Edit (E)", "✎", () => this.edit(index)),
      tool("Add a sentence below", "+", () => this.add(index + 1)),
      tool("Delete (Del)", "✕", () => this.remove(index)));
  }
}
