// The right side of the reading room: who drafted, the views of the report, what can be done next. No server calls here.
import { diffNodes } from "../../words/diff.js";
import { clock, fill, h, studyNumber } from "../../kit/dom.js";
import { FreeText } from "./report/free_text.js";
import { noticeOf, without } from "../../words/notices.js";
import { noticesOf } from "../../viewer/images.js";
import { cardsOfDraft, headsOf, textOf } from "../../words/report_text.js";
import { go } from "../../shell/router.js";
import { html } from "../../kit/view.js";

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
    this.sentences.hidden = false;
    this.textHost.hidden = this.diff.hidden = true;
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
    fill(this.notes, h("div", { class: "notice red", role: "alert" }, h("p", {}, error.message)), h("div", {}, h("button", { type: "button", onclick: again }, "Try again"), " ", h("a", { href: "#/worklist" }, "Back to the worklist")));
  }

  // Everything but the cards, from what the room holds now.
  update() {
    this.#head();
    this.#notes();
    const { room } = this;
    this.sentences.hidden = this.view !== "cards";
    this.textHost.hidden = this.view !== "text";
    this.diff.hidden = this.view !== "diff";
    if (this.view === "text") this.freeText.show();
    if (this.view === "diff" && room.draft) {
      const nodes = diffNodes(textOf(cardsOfDraft(room.draft), headsOf(room.draft)), textOf(room.cards.sentences, room.heads));
      fill(this.diff, nodes.length === 1 && typeof nodes[0] === "string" ? [h("span", { class: "meta block" }, "Nothing differs from the draft."), nodes] : nodes);
    }
    this.#left();
    this.#buttons();
  }

  #left() {
    const left = this.room.writing.leftToReader();
    this.left.hidden = left.length === 0;
    fill(this.left, `Not understood, so the impression leaves it to you: ${left.map((text) => `“${text}”`).join(" ")}`);
  }

  #notes() {
    const { study, held, draft, reading, amending, companions } = this.room;
    const here = companions.map(({ reader }) => reader.name);
    const others = (held.others ?? []).filter(({ reader }) => !here.includes(reader));
    const link = (label, act) => h("a", { href: "#", onclick: (event) => { event.preventDefault(); act(); } }, label);
    const newer = held.newer_draft;
    fill(this.notes,
      study.indication ? h("p", { class: "indication" }, h("b", {}, "Indication "), study.indication) : null,
      noticesOf(study).map((notice) => noticeOf(notice)),
      without(draft?.report.notices ?? [], noticesOf(study)).map((notice) => noticeOf(notice, { "data-from": "draft" })),
      draft?.id === null ? h("p", { class: "notice", "data-from": "no draft" }, draft.why || "This report was begun without a draft.", " Write it yourself: ", h("kbd", {}, "O"), " adds a sentence.") : null,
      draft?.prior_study ? h("p", { class: "meta", "data-prior": String(draft.prior_study) }, `The model was given the signed report of the prior, study ${studyNumber(draft.prior_study)}.`) : null,
      here.length ? h("p", { class: "notice", "data-companion": here.join(" ") }, `${here.join(" and ")} ${here.length > 1 ? "have" : "has"} this study open now. Your text is kept apart from theirs.`) : null,
      others.map((other) => h("p", { class: "notice blue" }, `${other.reader} ${other.status === "open" ? "has begun a report of this study" : "has signed a report of this study"}. Yours is kept apart.`)),
      amending ? h("p", { class: "notice blue" }, "You are amending a signed report. The signed text stays in force until you sign again.") : null,
      newer && !amending && !this.room.readOnly ? h("p", { class: "notice blue" }, `A newer draft by ${newer.model.name} ${newer.model.version ?? newer.model.number} is there. `, link("Start over from it", () => this.room.adopt(newer.id)))
        : held.live && draft?.model && draft.model_version_id !== held.live.id && !reading ? h("p", { class: "notice blue" }, `This draft was written by ${this.room.author}, which is not live; ${held.live.name} ${held.live.version} is. `, link("Draft again", () => this.room.draftAgain())) : null);
  }

  #head() {
    const { draft, cards, readOnly, reading } = this.room;
    if (!draft) return fill(this.header, h("span", { class: "dim" }, "No draft"));
    const author = draft.id === null ? h("span", { class: "author" }, "Your own report") : h("span", { class: "author" }, "Draft by ", h("b", {}, this.room.author));
    const trusted = cards.sentences.filter((one) => one.confidence !== null);
    const mean = trusted.reduce((sum, one) => sum + one.confidence, 0) / Math.max(1, trusted.length);
    const flags = cards.sentences.filter((one) => one.flag).length;
    const view = ([name, label]) => h("button", { type: "button", class: this.view === name ? "on" : "", "aria-pressed": String(this.view === name), "data-view": name, title: `${label} (T)`, onclick: () => this.turn(name) }, label);
    return fill(this.header,
      author,
      trusted.length ? h("span", { class: `chip number ${mean < 0.6 ? "amber" : ""}`, title: "Mean confidence of the draft's sentences" }, `confidence ${mean.toFixed(2)}`) : null,
      flags ? h("span", { class: "chip amber", title: "Sentences where the image's own opinion differs" }, `${flags} ⚑`) : null,
      readOnly ? h("span", { class: "chip green" }, reading.amended ? "amended" : "signed") : null,
      h("div", { class: "segments", role: "group", "aria-label": "How the report is shown" }, VIEWS.map(view)));
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

  #buttons() {
    const { room } = this;
    const compare = h("button", { type: "button", disabled: !room.study, title: "Compare two drafts (C)", onclick: () => go("compare", room.study.id) }, "Compare drafts");
    const next = h("button", { type: "button", disabled: !room.study, title: "Next study (N)", onclick: () => room.next() }, "Next");
    const keys = h("span", { class: "keys" }, h("span", { class: "few" }, ["J", "K", "A", "E"].map((key) => h("kbd", {}, key))), h("button", { class: "quiet", type: "button", onclick: () => room.showKeys() }, h("kbd", {}, "?"), " keys"));
    if (room.readOnly) return fill(this.footer, h("button", { type: "button", "data-act": "amend", onclick: () => room.signing.amend() }, "Amend"), compare, next, keys);
    return fill(this.footer,
      h("button", { type: "button", class: "primary", "data-act": "sign", disabled: !room.draft, title: "Ctrl+Enter", onclick: () => room.signing.sign() }, room.amending ? "Sign amendment…" : "Sign…"),
      room.amending ? h("button", { type: "button", onclick: () => room.signing.dropAmendment() }, "Drop changes") : null, compare, next, keys);
  }

  savedChip(state, reading, amending) {
    const chip = (kind, ...content) => h("span", { class: `chip number ${kind}`, "data-saved": state?.kind ?? "none", role: "status" }, h("span", { class: "dot" }), ...content);
    if (!state) return h("span", { class: "chip" }, "drafting");
    if (reading?.status === "signed" && !amending) return chip("green", `signed ${clock(reading.signed_at)}`);
    const what = amending ? "amendment " : "";
    switch (state.kind) {
      case "saved": return state.at ? chip("green", `${what}saved ${clock(state.at)}`) : chip("", "no edits");
      case "saving": return chip("", "saving");
      case "unsaved": return chip("", "not saved yet");
      case "gone": return chip("amber", "server gone: kept on this computer, will be sent");
      case "ended": return chip("amber", "session ended: kept until you sign in");
      case "stale": return chip("red", "changed elsewhere");
      case "refused": return chip("red", "not saved");
      default: return chip("", "no edits");
    }
  }
}
