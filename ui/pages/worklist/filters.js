// Search, filters and order of the worklist. What may be chosen comes from the server; what is chosen stays with the tab.
import { fill, h } from "../../kit/dom.js";
import { server } from "../../kit/server.js";
import { want, wanted } from "./query.js";

const PAUSE_MS = 250;
const ORDERS = [["needs_eye", "Most needs an eye"], ["newest", "Newest"]];
const STATUSES = ["new", "drafted", "in reading", "signed", "amended"];
const CONFIDENCES = [["0.9", "below 0.90"], ["0.8", "below 0.80"], ["0.6", "below 0.60"]];

export class WorklistFilters {
  constructor(onChange) {
    this.onChange = onChange;
    this.search = h("input", { type: "text", placeholder: "Search", title: "Indication, site, or the number of a study (/)", "aria-label": "Search", autocomplete: "off", spellcheck: "false", oninput: () => this.#later(), onkeydown: (event) => { if (event.key === "Escape" || event.key === "Enter") this.search.blur(); } });
    this.selects = {};
    const select = (name, label) => {
      this.selects[name] = h("select", { "aria-label": label, onchange: (event) => { this.set({ [name]: event.target.value }); event.target.blur(); } });
      return this.selects[name];
    };
    this.segments = h("div", { class: "segments", role: "group", "aria-label": "Status" });
    this.disagreement = h("button", { type: "button", class: "toggle", title: "Where the image's own opinion differs from the draft's text", onclick: () => this.set({ disagreement: wanted().disagreement ? "" : "1" }) }, "⚑ disagreement");
    this.root = h("div", { class: "filters", role: "search" }, this.search, this.segments, select("site", "Site"), select("reader", "Reader"), select("finding", "Finding"), select("confidence_below", "Confidence"), select("claimed", "Claimed"), this.disagreement);
    this.order = h("div", { class: "segments", role: "group", "aria-label": "Order" });
    this.choices = { sites: [], readers: [], findings: [] };
    this.show();
  }

  async load() {
    try {
      this.choices = await server.choices();
    } catch {
      // The list itself says that the server does not answer.
    }
    this.show();
  }

  set(changes) {
    want(changes);
    this.show();
    this.onChange();
  }

  show() {
    const now = wanted();
    if (document.activeElement !== this.search) this.search.value = now.search;
    const options = (name, first, list) => {
      fill(this.selects[name], h("option", { value: "" }, first), list.map(([value, label]) => h("option", { value, selected: String(now[name]) === String(value) }, label)));
      this.selects[name].classList.toggle("on", now[name] !== "");
    };
    options("site", "Every site", this.choices.sites.filter(Boolean).map((site) => [site, `Site ${site}`]));
    options("reader", "Every reader", this.choices.readers.map(({ id, name }) => [String(id), name]));
    options("finding", "Every finding", this.choices.findings.map((name) => [name, name]));
    options("confidence_below", "Any confidence", CONFIDENCES);
    options("claimed", "Claimed or not", [["me", "Mine"], ["nobody", "Nobody's"], ["free", "Mine or nobody's"]]);
    fill(this.order, ORDERS.map(([value, label]) => h("button", { type: "button", class: now.order === value ? "on" : "", "aria-pressed": String(now.order === value), title: "Order (O)", onclick: () => this.set({ order: value }) }, label)));
    this.disagreement.classList.toggle("on", Boolean(now.disagreement));
    this.disagreement.setAttribute("aria-pressed", String(Boolean(now.disagreement)));
    fill(this.segments, ["", ...STATUSES].map((status) => h("button", { type: "button", class: now.status === status ? "on" : "", "aria-pressed": String(now.status === status), onclick: () => this.set({ status }) }, status || "all")));
  }

  #later() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.set({ search: this.search.value.trim() }), PAUSE_MS);
  }
}
