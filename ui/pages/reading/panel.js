// The right side of the reading room: who drafted, the views of the report, what can be done next. No server calls here.
// The cards and the box of free text draw themselves.
import { h } from "../../kit/dom.js";
import { html, show } from "../../kit/view.js";
import { go } from "../../shell/router.js";
import { diffView } from "../../words/diff.js";
import { cardsOfDraft, headsOf, textOf } from "../../words/report_text.js";
import { emptyNotes, notesView, troubleNotes } from "./notes.js";
import { FreeText } from "./report/free_text.js";

const VIEWS = [["cards", "Cards"], ["text", "Text"], ["diff", "Diff"]];

export class Panel {
  constructor(room) {
    this.room = room;
    this.view = "cards";
    this.header = h("header", {});
    this.notes = h("div", { class: "study-notes" });
    this.sentences = h("div", { class: "sentences" });
    this.diff = h("p", { class: "final", hidden: true });
    this.textHost = h("div", { class: "text-host", hidden: true });
    this.left = h("p", { class: "notice", role: "status", "data-left": "", hidden: true });
    this.busy = h("div", { class: "working", role: "status", hidden: true });
    this.scroll = h("div", { class: "scroll", tabindex: "-1" }, this.notes, this.sentences, this.textHost, this.diff, this.left, this.busy);
    this.footer = h("footer", {});
    this.root = h("aside", { class: "report", "aria-label": "Report" }, this.header, this.scroll, this.footer);
  }

  // Called once, when the room has its cards.
  attach(cards) {
    const { room } = this;
    this.freeText = new FreeText(cards, {
      heads: () => room.heads, onChange: () => room.changed(), onFinished: (one) => room.finished(one),
    });
    this.textHost.append(this.freeText.box, h("p", { class: "meta" }, "Findings, an empty line, the impression. The cards follow what you write; ", h("kbd", {}, "Esc"), " leaves the box."));
  }

  clear() {
    this.left.hidden = true;
    this.view = "cards";
    this.#turn();
    show(this.header, html`<span class="dim">Opening the study</span>`);
    show(this.notes, null);
    this.working("Opening the study");
    show(this.footer, this.#foot());
  }

  empty() {
    this.working(null);
    show(this.header, "No study is open");
    show(this.notes, emptyNotes());
  }

  working(text) {
    this.busy.hidden = text === null;
    if (text !== null) show(this.busy, html`<span class="spinner"></span>${text}`);
  }

  trouble(error, again) {
    this.working(null);
    show(this.header, this.#head());
    show(this.notes, troubleNotes(error, again));
  }

  // Everything but the cards, from what the room holds now.
  update() {
    const { room } = this;
    show(this.header, this.#head());
    show(this.notes, notesView(room));
    this.#turn();
    if (this.view === "text") this.freeText.show();
    if (this.view === "diff" && room.draft) show(this.diff, this.#differences());
    const left = room.writing.leftToReader();
    this.left.hidden = left.length === 0;
    show(this.left, `Not understood, so the impression leaves it to you: ${left.map((text) => `“${text}”`).join(" ")}`);
    show(this.footer, this.#foot());
  }

  #turn() {
    for (const [name, host] of Object.entries({ cards: this.sentences, text: this.textHost, diff: this.diff })) host.hidden = this.view !== name;
  }

  #differences() {
    const { room } = this;
    const [drafted, written] = [textOf(cardsOfDraft(room.draft), headsOf(room.draft)), textOf(room.cards.sentences, room.heads)];
    return drafted === written ? html`<span class="meta block">Nothing differs from the draft.</span>${written}` : diffView(drafted, written);
  }

  #head() {
    const { draft, cards, readOnly, reading, author } = this.room;
    if (!draft) return html`<span class="dim">No draft</span>`;
    const trusted = cards.sentences.filter((one) => one.confidence !== null);
    const mean = trusted.reduce((sum, one) => sum + one.confidence, 0) / Math.max(1, trusted.length);
    const flags = cards.sentences.filter((one) => one.flag).length;
    return html`
      <span class="author">${draft.id === null ? "Your own report" : html`Draft by <b>${author}</b>`}</span>
      ${trusted.length > 0 && html`<span class=${`chip number ${mean < 0.6 ? "amber" : ""}`} title="Mean confidence of the draft's sentences">confidence ${mean.toFixed(2)}</span>`}
      ${flags > 0 && html`<span class="chip amber" title="Sentences where the image's own opinion differs">${flags} ⚑</span>`}
      ${readOnly && html`<span class="chip green">${reading.amended ? "amended" : "signed"}</span>`}
      <div class="segments" role="group" aria-label="How the report is shown">
        ${VIEWS.map(([name, label]) => html`<button key=${name} type="button" class=${this.view === name ? "on" : ""} aria-pressed=${String(this.view === name)} data-view=${name} title=${`${label} (T)`} onclick=${() => this.turn(name)}>${label}</button>`)}
      </div>`;
  }

  turn(view) {
    if (!this.room.draft) return;
    this.view = view;
    this.room.cards.render();
    this.update();
    if (view === "text" && !this.room.readOnly) this.freeText.box.focus();
  }

  nextView() {
    const at = VIEWS.findIndex(([name]) => name === this.view);
    this.turn(VIEWS[(at + 1) % VIEWS.length][0]);
  }

  // What belongs under a section of the cards.
  extras(section) {
    const { room } = this;
    const button = (key, label, act, hint) => html`<button type="button" class="quiet" title=${hint} data-act=${label} onclick=${act}><kbd>${key}</kbd> ${label}</button>`;
    return section === "findings"
      ? [button("F", "findings", () => room.writing.showFindings(), "Add or remove a finding"), button("⇧M", "macros", () => room.macros.edit(), "Your abbreviations")]
      : [button("⇧I", "from the findings", () => room.writing.draftImpression(), "Write the impression from the findings as they stand")];
  }

  // Each button has a key of its own: one that has the focus never becomes another under the reader's hand.
  #foot() {
    const { room } = this;
    const button = (key, label, act, more = {}) => html`<button key=${key} type="button" onclick=${act} ...${more}>${label}</button>`;
    const whereOpen = { disabled: !room.study };
    return [
      ...(room.readOnly
        ? [button("amend", "Amend", () => room.signing.amend(), { "data-act": "amend" })]
        : [button("sign", room.amending ? "Sign amendment…" : "Sign…", () => room.signing.sign(), { class: "primary", "data-act": "sign", disabled: !room.draft, title: "Ctrl+Enter" }),
          room.amending && button("drop", "Drop changes", () => room.signing.dropAmendment())]),
      button("compare", "Compare drafts", () => go("compare", room.study.id), { ...whereOpen, title: "Compare two drafts (C)" }),
      button("next", "Next", () => room.place.next(), { ...whereOpen, title: "Next study (N)" }),
      html`<span key="keys" class="keys"><span class="few">${["J", "K", "A", "E"].map((key) => html`<kbd>${key}</kbd>`)}</span><button class="quiet" type="button" onclick=${() => room.showKeys()}><kbd>?</kbd> keys</button></span>`,
    ];
  }
}
