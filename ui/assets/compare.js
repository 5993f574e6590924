// Compare: two drafts of one study, unnamed and in an order that only the server knows. One choice, then the next.
import { lines, get, post } from "./api.js";
import { fill, h, studyNumber, typing } from "./dom.js";
import { Film } from "./film.js";
import { go, register } from "./router.js";
import { announce } from "./session.js";

const CHOICES = [["left", "1", "Left is better"], ["right", "2", "Right is better"], ["tie", "3", "As good"], ["both_bad", "4", "Both bad"]];
const SAID = { left: "You preferred the left draft.", right: "You preferred the right draft.", tie: "You found them equally good.", both_bad: "You found both bad." };

class Compare {
  constructor(section) {
    const box = h("div", {});
    this.side = h("aside", { class: "report compare-side", "aria-label": "Two drafts" });
    fill(section, box, this.side);
    this.film = new Film(box, { evidence: false });
    window.addEventListener("keydown", (event) => {
      if (!this.here || typing(event) || event.ctrlKey || event.metaKey || event.altKey) return;
      const choice = CHOICES.find(([, key]) => key === event.key);
      if (choice && this.pair && !this.pair.outcome) this.#choose(choice[0]);
      else if (event.key.toLowerCase() === "n") this.#next();
      else if (event.key.toLowerCase() === "i") this.film.viewer.invert();
      else if (event.key.toLowerCase() === "r") this.film.viewer.reset();
    });
  }

  async enter(id) {
    this.leave();
    this.here = true;
    const visit = (this.visit = new AbortController());
    fill(this.side, this.#head(), h("div", { class: "scroll" }, this.#working("Opening the study")));
    try {
      if (id === null) {
        const first = (await get("/api/studies?limit=1&waiting=1")).rows[0] ?? (await get("/api/studies?limit=1")).rows[0];
        if (visit.signal.aborted) return;
        if (first) go("compare", first.id);
        else fill(this.side, this.#head(), h("div", { class: "scroll" }, h("div", { class: "empty" }, h("h1", {}, "No studies yet"), h("p", {}, h("a", { href: "#/worklist" }, "Add a radiograph first")))));
        return;
      }
      this.study = await get(`/api/studies/${id}`);
      if (visit.signal.aborted) return;
      announce({
        where: [h("b", {}, `Study ${studyNumber(id)}`), [this.study.site && ` · site ${this.study.site}`, this.study.view && ` · ${this.study.view}`]],
        chips: [h("span", { class: "chip number" }, `${this.study.position} of ${this.study.total}`)],
      });
      this.film.open(this.study);
      for await (const event of lines(`/api/studies/${id}/pair`, {}, { signal: visit.signal })) {
        if (event.kind === "state") fill(this.side, this.#head(), h("div", { class: "scroll" }, this.#working(event.text)));
        if (event.kind === "error") throw new Error(event.message);
        if (event.kind === "pair") {
          this.pair = event.pair;
          this.#show();
        }
      }
    } catch (error) {
      if (error.name === "AbortError" || visit.signal.aborted) return;
      fill(this.side, this.#head(), h("div", { class: "scroll" }, h("div", { class: "notice red" }, error.message), h("p", {}, h("button", { type: "button", onclick: () => this.enter(id) }, "Try again"))));
    }
  }

  leave() {
    this.here = false;
    this.visit?.abort();
    this.pair = null;
    this.study = null;
    this.film.viewer.close();
    announce({});
  }

  #working(text) {
    return h("div", { class: "working" }, h("span", { class: "spinner" }), text);
  }

  #head() {
    return h("header", {}, h("span", {}, "Which draft would you rather sign?"), h("span", { class: "chip" }, "unnamed, random order"));
  }

  #show() {
    const { left, right, outcome, same } = this.pair;
    const column = (title, sentences, side) => h("section", { class: `card side ${outcome === side ? "chosen" : ""}`, "data-side": side }, h("h2", {}, title), sentences.map((text) => h("p", {}, text)));
    const buttons = CHOICES.map(([value, key, label]) =>
      h("button", { type: "button", "data-outcome": value, class: outcome === value ? "primary" : "", disabled: Boolean(outcome), onclick: () => this.#choose(value) }, h("kbd", {}, key), ` ${label}`));
    fill(this.side, this.#head(),
      h("div", { class: "scroll" },
        this.study.indication ? h("p", { class: "indication" }, h("b", {}, "Indication "), this.study.indication) : null,
        same ? h("p", { class: "notice" }, "Both drafts came out word for word alike. There is nothing to choose; go on to the next study.") : null,
        outcome ? h("p", { class: "notice blue said" }, `${SAID[outcome]} It is kept, and will count in the next training.`) : null,
        h("div", { class: "two" }, column("Left", left, "left"), column("Right", right, "right"))),
      same ? null : h("div", { class: "choices" }, buttons),
      h("footer", {}, h("button", { type: "button", class: outcome || same ? "primary" : "", onclick: () => this.#next() }, "Next study"),
        h("button", { type: "button", onclick: () => go("reading", this.study.id) }, "Back to reading"),
        h("span", { class: "keys" }, ["1", "2", "3", "4"].map((key) => h("kbd", {}, key)), "choose", h("kbd", {}, "N"), "next")));
  }

  async #choose(outcome) {
    const { pair, study } = this;
    try {
      await post(`/api/studies/${study.id}/choice`, { outcome, pair: pair.id });
      if (pair !== this.pair) return;
      pair.outcome = outcome;
      this.#show();
    } catch (error) {
      this.side.querySelector(".scroll").append(h("div", { class: "notice red" }, `${error.message} Your choice was not kept; press it again.`));
    }
  }

  #next() {
    if (this.study?.next) go("compare", this.study.next);
    else go("worklist");
  }
}

export function mount(section) {
  const page = new Compare(section);
  register("compare", section, { enter: (id) => page.enter(id), leave: () => page.leave() });
}
