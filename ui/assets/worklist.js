// The worklist: which studies there are, how far each is, and the way in for new ones.
import { get } from "./api.js";
import { addStudyForm } from "./add_study.js";
import { day, fill, h, studyNumber } from "./dom.js";
import { go, register } from "./router.js";
import { announce } from "./session.js";

const PAGE = 12;
const COLOURS = { new: "", drafted: "blue", "in reading": "amber", signed: "green", amended: "amber" };

class Worklist {
  constructor(section) {
    this.offset = 0;
    this.status = "";
    this.body = h("tbody", {});
    this.table = h("table", { class: "studies" },
      h("thead", {}, h("tr", {}, ["", "Study", "Site", "View", "Indication", "Status", "Reader", "Drafted by", "Added"].map((label) => h("th", { scope: "col" }, label)))), this.body);
    this.state = h("div", {});
    this.pager = h("div", { class: "pager" });
    this.counts = h("span", { class: "meta number" });
    this.filters = h("div", { class: "segments" });
    fill(section, h("div", { class: "inner worklist-grid" },
      h("section", {}, h("div", { class: "title" }, h("h1", {}, "Worklist"), this.counts, this.filters), this.state, this.table, this.pager),
      addStudyForm({ dropOn: section, onAdded: (id) => go("reading", id) })));
  }

  async enter() {
    announce({});
    this.here = true;
    this.#filters();
    await this.load();
  }

  leave() {
    this.here = false;
  }

  #filters() {
    const choose = (status) => () => {
      this.status = status;
      this.offset = 0;
      this.#filters();
      this.load();
    };
    fill(this.filters, ["", ...Object.keys(COLOURS)].map((status) =>
      h("button", { type: "button", class: this.status === status ? "on" : "", "aria-pressed": String(this.status === status), onclick: choose(status) }, status || "all")));
  }

  async load() {
    try {
      const asked = `${this.offset}:${this.status}`;
      this.asked = asked;
      const page = await get(`/api/studies?offset=${this.offset}&limit=${PAGE}&status=${encodeURIComponent(this.status)}`);
      if (asked === this.asked) this.#show(page);
    } catch (error) {
      this.table.hidden = true;
      fill(this.state, h("div", { class: "notice red" }, `${error.message} The list will be fetched again in a moment.`));
      if (this.here) setTimeout(() => this.here && this.load(), 3000);
    }
  }

  #show({ rows, total }) {
    this.table.hidden = total === 0;
    this.counts.textContent = total ? `${total} ${total === 1 ? "study" : "studies"}` : "";
    fill(this.state, total ? null : this.status
      ? h("div", { class: "empty" }, h("p", {}, `No study is “${this.status}”.`))
      : h("div", { class: "empty" }, h("h1", {}, "No studies yet"), h("p", {}, "Add a chest radiograph on the right: a DICOM, PNG or JPEG file.")));
    fill(this.body, rows.map((row) => this.#row(row)));
    const turn = (by) => () => {
      this.offset = Math.max(0, this.offset + by * PAGE);
      this.load();
    };
    const last = Math.min(total, this.offset + PAGE);
    fill(this.pager, total > PAGE ? [
      h("button", { type: "button", disabled: this.offset === 0, onclick: turn(-1) }, "Newer"),
      h("span", { class: "meta number" }, `${this.offset + 1} – ${last} of ${total}`),
      h("button", { type: "button", disabled: last >= total, onclick: turn(1) }, "Older")] : null);
  }

  #row(row) {
    const open = () => go("reading", row.id);
    return h("tr", { onclick: open, "data-study": String(row.id) },
      h("td", { class: "thumb" }, h("img", { src: `/api/studies/${row.id}/thumbnail`, alt: "", loading: "lazy", width: "44", height: "44" })),
      h("td", {}, h("a", { href: `#/reading/${row.id}`, class: "number" }, studyNumber(row.id))),
      h("td", {}, row.site || "–", row.origin === "phantom" ? h("span", { class: "meta" }, " phantom") : null),
      h("td", {}, row.view ?? "–"),
      h("td", { class: "indication" }, row.indication || h("span", { class: "dim" }, "–")),
      h("td", {}, h("span", { class: `chip ${COLOURS[row.status]}` }, h("span", { class: "dot" }), row.status)),
      h("td", { class: "dim" }, row.readers.join(", ") || "–"),
      h("td", { class: "dim" }, row.drafted_by ?? "–"),
      h("td", { class: "meta number" }, day(row.created_at)));
  }
}

export function mount(section) {
  const list = new Worklist(section);
  register("worklist", section, { enter: () => list.enter(), leave: () => list.leave() });
}
