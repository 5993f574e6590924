// Compare: two drafts of one study, unnamed and in an order that only the server knows. A choice, how strong, and why;
// then the winner can be edited. Does not know which model wrote which draft.
import { ask } from "../../kit/dialog.js";
import { fill, h, studyNumber } from "../../kit/dom.js";
import { Film } from "../../viewer/film.js";
import { viewsOf } from "../../viewer/images.js";
import { listen, showKeys } from "../../kit/keys.js";
import { contentOf } from "../reading/keeping/content.js";
import { cardsOfDraft, cardsOfSentences, headsOf } from "../../words/report_text.js";
import { go, register } from "../../shell/router.js";
import { server } from "../../kit/server.js";
import { announce } from "../../kit/session.js";
import { wanted } from "../worklist/query.js";

const CHOICES = [["left", "1", "Left is better"], ["right", "2", "Right is better"], ["tie", "3", "As good"], ["both_bad", "4", "Both bad"]];
const SAID = { left: "You preferred the left draft.", right: "You preferred the right draft.", tie: "You found them equally good.", both_bad: "You found both bad." };
const STRENGTHS = [["1", "slightly"], ["2", "clearly"], ["3", "much"]];
const REASONS = ["findings", "location", "severity", "comparison", "wording", "length"];

class Compare {
  constructor(section) {
    const box = h("div", {});
    this.side = h("aside", { class: "report compare-side", "aria-label": "Two drafts" });
    fill(section, box, this.side);
    this.film = new Film(box, { evidence: false });
    this.commands = this.#commands();
    listen(() => this.here && this.study, this.commands);
  }

  #commands() {
    const key = (group) => (keys, shown, what, run) => ({ keys, shown, what, run, group });
    const choice = key("Choice");
    const image = key("Image and study");
    return [
      ...CHOICES.map(([outcome, number, label]) => choice([number], number, label.toLowerCase(), () => this.#pick({ outcome }))),
      ...["5", "6", "7"].map((number, index) => choice([number], number, `${STRENGTHS[index][1]} better`, () => this.#pick({ strength: index + 1 }))),
      ...REASONS.map((reason, index) => choice([`Shift+${index + 1}`], `Shift+${index + 1}`, `because of ${reason}`, () => this.#reason(reason))),
      choice(["Enter"], "Enter", "keep the choice", () => this.#keep()), choice(["E"], "E", "edit the winner", () => this.#editWinner()),
      image(["I"], "I", "invert", () => this.film.viewer.invert()), image(["R"], "R", "reset", () => this.film.viewer.reset()), image(["W"], "W", "next window preset", () => this.film.viewer.nextPreset(1)),
      image(["M"], "M", "magnifier", () => this.film.toggleLens()), image(["+", "="], "+ −", "zoom", () => this.film.viewer.zoomBy(1.25)), image(["-"], "", "", () => this.film.viewer.zoomBy(0.8)),
      image(["Shift+V", "PageDown"], "Shift+V", "next image of the study", () => this.film.stepImage(1)), image(["PageUp"], "", "", () => this.film.stepImage(-1)),
      image(["Shift+B"], "Shift+B", "images side by side, or one large", () => this.film.toggleBeside()), image(["Shift+L"], "Shift+L", "one zoom for all images", () => this.film.toggleLinked()),
      image(["N"], "N", "next study", () => this.#next()), image(["C"], "C", "back to reading", () => go("reading", this.study.id)),
      image(["?"], "?", "this list", () => showKeys("Keys of Compare", this.commands)),
    ];
  }

  async enter(id) {
    this.leave();
    this.here = true;
    const visit = (this.visit = new AbortController());
    this.#frame(this.#working("Opening the study"));
    try {
      if (id === null) {
        const first = (await server.worklist({ limit: 1, waiting: 1, order: "needs_eye" })).rows[0] ?? (await server.worklist({ limit: 1 })).rows[0];
        if (visit.signal.aborted) return;
        if (first) go("compare", first.id);
        else this.#frame(h("div", { class: "empty" }, h("h1", {}, "No studies yet"), h("p", {}, h("a", { href: "#/worklist" }, "Add a radiograph first"))));
        return;
      }
      this.study = await server.study(id);
      if (visit.signal.aborted) return;
      announce({
        where: [h("b", {}, `Study ${studyNumber(id)}`), [this.study.site && ` · site ${this.study.site}`, viewsOf(this.study) && ` · ${viewsOf(this.study)}`]],
        chips: [this.study.position ? h("span", { class: "chip number" }, `${this.study.position} of ${this.study.total}`) : null],
      });
      this.film.open(this.study);
      for await (const event of server.pair(id, visit.signal)) {
        if (event.kind === "state") this.#frame(this.#working(event.text));
        if (event.kind === "error") throw new Error(event.message);
        if (event.kind === "pair") {
          this.pair = event.pair;
          this.kept = Boolean(event.pair.outcome);
          this.winner = event.pair.draft_id ?? null;
          this.film.warn(event.pair.notices);
          this.choice = { outcome: event.pair.outcome, strength: event.pair.strength ?? 2, reasons: new Set(event.pair.reasons ?? []) };
          this.#show();
        }
      }
    } catch (error) {
      if (error.name === "AbortError" || visit.signal.aborted) return;
      this.#frame(h("div", { class: "notice red", role: "alert" }, error.message), h("p", {}, h("button", { type: "button", onclick: () => this.enter(id) }, "Try again")));
    }
  }

  leave() {
    this.here = false;
    this.visit?.abort();
    this.pair = null;
    this.study = null;
    this.problem = null;
    fill(this.side);
    this.film.close();
    announce({});
  }

  #working(text) {
    return h("div", { class: "working", role: "status" }, h("span", { class: "spinner" }), text);
  }

  #frame(...content) {
    fill(this.side, h("header", {}, h("span", {}, "Which draft would you rather sign?"), h("span", { class: "chip" }, "unnamed, random order")), h("div", { class: "scroll" }, content));
  }

  get #decided() {
    return ["left", "right"].includes(this.choice.outcome);
  }

  #show() {
    const { pair, choice, kept, study } = this;
    // What both say in the same words is dimmed, so that the eye falls on the difference.
    const column = (title, sentences, others, side) => h("section", { class: `card side ${choice.outcome === side ? "chosen" : ""}`, "data-side": side }, h("h2", {}, title), sentences.map((text) => h("p", { class: others.includes(text) ? "same" : "" }, text)));
    this.#frame(
      study.indication ? h("p", { class: "indication" }, h("b", {}, "Indication "), study.indication) : null,
      pair.same ? h("p", { class: "notice" }, "Both drafts came out word for word alike. There is nothing to choose; go on to the next study.") : null,
      kept ? h("p", { class: "notice blue said" }, `${SAID[choice.outcome]} It is kept, and will count in the next training.`) : null,
      this.problem ? h("p", { class: "notice red", role: "alert" }, this.problem) : null,
      h("div", { class: "two" }, column("Left", pair.left, pair.right, "left"), column("Right", pair.right, pair.left, "right")));
    this.side.append(...[pair.same ? null : this.#choices(), this.#footer()].filter(Boolean));
  }

  #choices() {
    const { choice, kept } = this;
    const toggle = (key, label, on, act, more = {}) => h("button", { type: "button", class: on ? "on" : "", "aria-pressed": String(Boolean(on)), disabled: kept, onclick: act, ...more }, h("kbd", {}, key), ` ${label}`);
    return h("div", { class: "choices" },
      h("div", { class: "outcomes" }, CHOICES.map(([value, key, label]) => toggle(key, label, choice.outcome === value, () => this.#pick({ outcome: value }), { "data-outcome": value }))),
      h("div", { class: `why ${choice.outcome ? "" : "waiting"}` },
        this.#decided ? h("div", { role: "group", "aria-label": "How much better" }, h("span", { class: "meta" }, "Better"), STRENGTHS.map(([value, label]) => toggle(String(Number(value) + 4), label, choice.strength === Number(value), () => this.#pick({ strength: Number(value) })))) : null,
        choice.outcome ? h("div", { role: "group", "aria-label": "Because of" }, h("span", { class: "meta" }, "Because of"), REASONS.map((reason, index) => toggle(`⇧${index + 1}`, reason, choice.reasons.has(reason), () => this.#reason(reason), { "data-reason": reason }))) : h("span", { class: "meta" }, "Choose, then say how clear it is and why, if you like.")));
  }

  #footer() {
    const { kept, pair, choice } = this;
    const done = kept || pair.same;
    const winner = kept && this.#decided && this.winner;
    return h("footer", {},
      done ? null : h("button", { type: "button", class: "primary", "data-act": "keep", disabled: !choice.outcome, onclick: () => this.#keep() }, "Keep the choice"),
      winner ? h("button", { type: "button", class: "primary", "data-act": "edit-winner", title: "E", onclick: () => this.#editWinner() }, "Edit the winner") : null,
      h("button", { type: "button", class: done && !winner ? "primary" : "", onclick: () => this.#next() }, "Next study"),
      h("button", { type: "button", onclick: () => go("reading", this.study.id) }, "Back to reading"),
      h("span", { class: "keys" }, h("button", { type: "button", class: "quiet", onclick: () => showKeys("Keys of Compare", this.commands) }, h("kbd", {}, "?"), " keys")));
  }

  #pick(changes) {
    if (!this.pair || this.pair.same || this.kept) return;
    Object.assign(this.choice, changes);
    this.#show();
  }

  #reason(reason) {
    if (!this.pair || this.kept || !this.choice.outcome) return;
    if (!this.choice.reasons.delete(reason)) this.choice.reasons.add(reason);
    this.#show();
  }

  async #keep() {
    const { pair, study, choice } = this;
    if (!pair || this.kept || !choice.outcome) return;
    try {
      const answer = await server.choose(study.id, {
        pair: pair.id, outcome: choice.outcome, reasons: [...choice.reasons], ...(this.#decided ? { strength: choice.strength } : {}),
      });
      if (pair !== this.pair) return;
      this.kept = true;
      this.problem = null;
      this.winner = answer.draft_id ?? null;
    } catch (error) {
      if (pair !== this.pair) return;
      this.problem = `${error.message} Your choice was not kept; keep it again.`;
    }
    this.#show();
  }

  // The better draft becomes the reader's own text to go on with; what they had written stays in the revisions. Where
  // they have signed already, it becomes the beginning of an amendment, if they want one.
  async #editWinner() {
    const { pair, winner, study } = this;
    if (!this.kept || !winner || this.taking) return;
    this.taking = true;
    try {
      const reading = await server.open(study.id, winner);
      if (pair !== this.pair) return;
      if (reading.status === "signed") {
        if (!(await this.#wantsToAmend(reading)) || pair !== this.pair) return;
        await this.#beginAmendment(reading);
      } else if (reading.draft_id !== winner) await server.adopt(reading.id, reading.revision, winner);
      if (pair === this.pair) go("reading", study.id);
    } catch (error) {
      if (pair !== this.pair) return;
      this.problem = error.message;
      this.#show();
    } finally {
      this.taking = false;
    }
  }

  #wantsToAmend(reading) {
    return ask({
      title: "Amend your signed report with this draft?",
      body: h("p", {}, `You have signed a report of this study. It stays in force until you sign again${reading.amendment ? "; the amendment that you had begun gives way to this draft and stays in the record" : ""}.`),
      actions: [{ label: "Leave it signed", value: false }, { label: "Amend", value: true, kind: "primary" }],
    });
  }

  // The winner's sentences, each linked to the one of the reading's own draft that it comes closest to.
  async #beginAmendment(reading) {
    const { draft } = await server.held(this.study.id);
    const cards = cardsOfSentences(this.pair[this.choice.outcome], cardsOfDraft(draft));
    const { text, sentences } = contentOf(cards, headsOf(draft), []);
    await server.keepAmendment(reading.id, { revision: reading.revision, text, sentences });
  }

  async #next() {
    const { study } = this;
    if (!study) return;
    const { id } = await server.next(study.id, wanted()).catch(() => ({ id: study.next }));
    if (id) go("compare", id);
    else go("worklist");
  }
}

export function mount(section) {
  const page = new Compare(section);
  register(section, { enter: (id) => page.enter(id), leave: () => page.leave() });
}
