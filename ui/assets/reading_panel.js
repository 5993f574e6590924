// The right side of the reading room: who drafted, the cards' frame, what can be done next. No server calls here.
import { reportText } from "./cards.js";
import { clock, fill, h } from "./dom.js";
import { go } from "./router.js";

export class Panel {
  constructor(room) {
    this.room = room;
    this.view = "cards";
    this.header = h("header", {});
    this.notes = h("div", { class: "study-notes" });
    this.sentences = h("div", { class: "sentences" });
    this.final = h("p", { class: "final", hidden: true });
    this.busy = h("div", { class: "working", hidden: true });
    this.scroll = h("div", { class: "scroll" }, this.notes, h("h2", {}, "Report"), this.sentences, this.final, this.busy);
    this.footer = h("footer", {});
    this.root = h("aside", { class: "report", "aria-label": "Report" }, this.header, this.scroll, this.footer);
  }

  clear() {
    this.view = "cards";
    fill(this.header, h("span", { class: "dim" }, "Opening the study"));
    fill(this.notes);
    this.working("Opening the study");
    this.#buttons();
  }

  empty() {
    this.working(null);
    fill(this.header, "No study is open");
    fill(this.notes, h("div", { class: "empty" }, h("h1", {}, "No studies yet"), h("p", {}, "Add a radiograph from the worklist; it opens here."),
      h("p", {}, h("a", { href: "#/worklist" }, "To the worklist"))));
  }

  working(text) {
    this.busy.hidden = text === null;
    if (text !== null) fill(this.busy, h("span", { class: "spinner" }), text);
  }

  trouble(error, again) {
    this.working(null);
    this.#head();
    fill(this.notes, h("div", { class: "notice red" }, h("p", {}, error.message)), h("div", {}, h("button", { type: "button", onclick: again }, "Try again")));
  }

  // Everything but the cards, from what the room holds now.
  update() {
    const { room } = this;
    this.#head();
    const { study, held, draft } = room;
    const other = held.others?.[0];
    fill(this.notes,
      study.indication ? h("p", { class: "indication" }, h("b", {}, "Indication "), study.indication) : null,
      study.notices.map((text) => h("p", { class: study.origin === "phantom" ? "meta" : "notice" }, text)),
      other ? h("p", { class: "notice blue" }, `${other.reader} ${other.status === "open" ? "is reading this study too" : "has signed a report of this study"}. Yours is kept apart.`) : null,
      room.amending ? h("p", { class: "notice blue" }, "You are amending a signed report. The signed text stays in force until you sign again; until then your changes are kept on this computer.") : null,
      held.live && draft.model_version_id !== held.live.id && !room.reading
        ? h("p", { class: "notice blue" }, `${held.live.name} ${held.live.version} is live now; this draft is older. `, h("a", { href: "#", onclick: (event) => { event.preventDefault(); room.draftAgain(); } }, "Draft again"))
        : null);
    this.sentences.hidden = this.view !== "cards";
    this.final.hidden = this.view !== "text";
    this.final.textContent = reportText(room.cards.sentences);
    this.#buttons();
  }

  #head() {
    const { draft, cards, readOnly, reading } = this.room;
    if (!draft) return fill(this.header, h("span", { class: "dim" }, "No draft"));
    const trusted = cards.sentences.filter((one) => one.confidence !== null);
    const mean = trusted.reduce((sum, one) => sum + one.confidence, 0) / Math.max(1, trusted.length);
    const flags = cards.sentences.filter((one) => one.flag).length;
    const view = (name, label) => h("button", { type: "button", class: this.view === name ? "on" : "", "aria-pressed": String(this.view === name), onclick: () => this.#turn(name) }, label);
    return fill(this.header,
      h("span", { class: "author" }, "Draft by ", h("b", {}, this.room.author)),
      h("span", { class: "chip number" }, `confidence ${mean.toFixed(2)}`),
      flags ? h("span", { class: "chip amber", title: "Sentences where the image's own opinion differs" }, `${flags} ⚑`) : null,
      readOnly ? h("span", { class: "chip green" }, `${reading.amended ? "amended" : "signed"} by ${this.room.reader.name}`) : null,
      h("div", { class: "segments" }, view("cards", "Cards"), view("text", "Text")));
  }

  #turn(view) {
    this.view = view;
    this.update();
  }

  #buttons() {
    const { room } = this;
    const compare = h("button", { type: "button", disabled: !room.study, onclick: () => go("compare", room.study.id) }, "Compare drafts");
    const next = h("button", { type: "button", disabled: !room.study, onclick: () => room.neighbour("next") }, "Next");
    const keys = h("span", { class: "keys" }, ["J", "K", "A", "E"].map((key) => h("kbd", {}, key)), h("button", { class: "quiet", type: "button", onclick: () => room.showKeys() }, "? keys"));
    if (room.readOnly) return fill(this.footer, h("button", { type: "button", "data-act": "amend", onclick: () => room.amend() }, "Amend"), compare, next, keys);
    return fill(this.footer,
      h("button", { type: "button", class: "primary", "data-act": "sign", disabled: !room.draft, onclick: () => room.sign() }, room.amending ? "Sign amendment…" : "Sign…"),
      room.amending ? h("button", { type: "button", onclick: () => room.dropAmendment() }, "Drop changes")
        : h("button", { type: "button", "data-act": "save", disabled: !room.draft, onclick: () => room.save() }, "Save draft"), compare, next, keys);
  }

  savedChip(state, reading) {
    const chip = (kind, ...content) => h("span", { class: `chip number ${kind}`, "data-saved": state?.kind ?? "none" }, h("span", { class: "dot" }), ...content);
    if (!state) return h("span", { class: "chip" }, "drafting");
    if (reading?.status === "signed" && state.kind !== "local") return chip("green", `signed ${clock(reading.signed_at)}`);
    switch (state.kind) {
      case "saved": return chip("green", `saved ${clock(state.at)}`);
      case "local": return chip("amber", "amendment kept here until signed");
      case "saving": return chip("", "saving");
      case "unsaved": return chip("", "not saved yet");
      case "gone": return chip("amber", "server gone: kept on this computer, will be sent");
      case "stale": return chip("red", "changed elsewhere");
      case "refused": return chip("red", "not saved");
      default: return chip("", "no edits");
    }
  }
}
