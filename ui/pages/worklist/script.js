// The worklist: which studies there are, how far each is, which most needs a human eye; and the way in for new ones.
// Paging, search, filters and order are the server's; this page only asks.
import { addStudyForm } from "./add_study.js";
import { ask, tell } from "../../kit/dialog.js";
import { fill, h, studyNumber } from "../../kit/dom.js";
import { listen, showKeys } from "../../kit/keys.js";
import { go, register } from "../../shell/router.js";
import { server } from "../../kit/server.js";
import { announce, me } from "../../kit/session.js";
import { WorklistFilters } from "./filters.js";
import { headRow, studyRow } from "./row.js";
import { filtered, unfiltered, wanted } from "./query.js";

const PAGE = 25;
const AGAIN_MS = 3000;

class Worklist {
  constructor(section) {
    this.section = section;
    this.reader = null;
    this.offset = 0;
    this.chosen = 0;
    this.rows = [];
    this.body = h("tbody", {});
    this.table = h("table", { class: "studies" },
      h("thead", {}, headRow()), this.body);
    this.state = h("div", { "aria-live": "polite" });
    this.pager = h("div", { class: "pager" });
    this.counts = h("span", { class: "meta number" });
    this.filters = new WorklistFilters(() => this.#turn(0));
    this.add = addStudyForm({ dropOn: section, onAdded: (id) => go("reading", id) });
    this.adding = h("details", { class: "adding" }, h("summary", { class: "button" }, "Add study"), this.add);
    fill(section, h("div", { class: "inner" },
      h("div", { class: "title" }, h("h1", {}, "Worklist"), this.counts, this.filters.order, this.adding),
      this.filters.root, this.state, h("div", { class: "table-frame" }, this.table), this.pager));
    section.addEventListener("dragover", () => { this.adding.open = true; });
    this.commands = this.#commands();
    listen(() => this.here, this.commands);
  }

  async enter() {
    announce({});
    this.here = true;
    this.filters.load();
    await this.load();
  }

  leave() {
    this.here = false;
  }

  #commands() {
    const list = (keys, shown, what, run) => ({ keys, shown, what, run, group: "Worklist" });
    return [
      list(["J", "ArrowDown"], "J ↓", "next study", () => this.#step(1)), list(["K", "ArrowUp"], "K ↑", "the study before", () => this.#step(-1)),
      list(["Enter", "E"], "Enter", "open the study", () => this.rows[this.chosen] && go("reading", this.rows[this.chosen].id)),
      list(["L"], "L", "claim it, or release it", () => this.rows[this.chosen] && this.#claim(this.rows[this.chosen])),
      list(["/"], "/", "search", () => this.filters.search.focus()), list(["]"], "[ ]", "the page before, the next", () => this.#turn(1)), list(["["], "", "", () => this.#turn(-1)),
      list(["O"], "O", "order: needs an eye, newest", () => this.filters.set({ order: wanted().order === "newest" ? "needs_eye" : "newest" })),
      list(["Z"], "Z", "no filter", () => this.#unfilter()), list(["Shift+A"], "Shift+A", "add a study", () => { this.adding.open = true; this.add.querySelector("button").focus(); }),
      list(["?"], "?", "this list", () => showKeys("Keys of the worklist", this.commands)),
    ];
  }

  async load() {
    const asked = (this.asked = {});
    try {
      this.reader ??= (await me()).reader;
      const page = await server.worklist({ ...wanted(), offset: this.offset, limit: PAGE });
      if (asked === this.asked) this.#show(page);
    } catch (error) {
      if (asked !== this.asked) return;
      fill(this.state, h("div", { class: "notice red", role: "alert" }, `${error.message} The list will be fetched again in a moment.`));
      if (this.here) setTimeout(() => this.here && this.load(), AGAIN_MS);
    }
  }

  #turn(by) {
    if (by === 0) this.offset = 0;
    else if ((by < 0 && this.offset === 0) || (by > 0 && !this.more)) return;
    else this.offset = Math.max(0, this.offset + by * PAGE);
    this.chosen = 0;
    this.load();
  }

  #unfilter() {
    unfiltered();
    this.filters.show();
    this.#turn(0);
  }

  #show({ rows, total, more }) {
    this.rows = rows;
    this.more = this.offset + rows.length < total || Boolean(more);
    this.chosen = Math.min(this.chosen, Math.max(0, rows.length - 1));
    this.table.parentElement.hidden = rows.length === 0;
    this.counts.textContent = total ? `${total}${more ? "+" : ""} ${total === 1 ? "study" : "studies"}${filtered() ? " match" : ""}` : "";
    fill(this.state, rows.length ? null : filtered()
      ? h("div", { class: "empty" }, h("h1", {}, "No study matches"), h("p", {}, "Every study is left out by the filters or the search above."), h("p", {}, h("button", { type: "button", onclick: () => this.#unfilter() }, "Show all studies")))
      : h("div", { class: "empty" }, h("h1", {}, "No studies yet"), h("p", {}, "Add a chest radiograph: a DICOM, PNG or JPEG file. You can also drop it on this page.")));
    if (!rows.length && !filtered()) this.adding.open = true;
    this.#draw();
    const last = this.offset + rows.length;
    fill(this.pager, total > PAGE || this.offset ? [
      h("button", { type: "button", disabled: this.offset === 0, title: "[", onclick: () => this.#turn(-1) }, "Before"),
      h("span", { class: "meta number" }, `${this.offset + 1} – ${last} of ${total}${more ? "+" : ""}`),
      h("button", { type: "button", disabled: !this.more, title: "]", onclick: () => this.#turn(1) }, "Next")] : null,
    h("button", { type: "button", class: "quiet", onclick: () => showKeys("Keys of the worklist", this.commands) }, h("kbd", {}, "?"), " keys"));
  }

  #draw() {
    fill(this.body, this.rows.map((row, index) => studyRow(row, { chosen: index === this.chosen, reader: this.reader, onOpen: () => go("reading", row.id), onClaim: () => this.#claim(row) })));
  }

  #step(by) {
    const to = this.chosen + by;
    if (to < 0 || to >= this.rows.length) return;
    this.chosen = to;
    this.#draw();
    this.body.children[to].scrollIntoView({ block: "nearest" });
  }

  async #claim(row) {
    const holder = row.claimed_by;
    const mine = holder?.id === this.reader.id;
    if (holder && !mine) {
      if (this.reader.role === "reader") return void tell("Claimed already", `${holder.name} has claimed this study. You can read it all the same; your text is kept apart.`);
      if (!(await ask({ title: `Release it for ${holder.name}?`, body: h("p", {}, `${holder.name} has claimed study ${studyNumber(row.id)}.`), actions: [{ label: "Leave it", value: false }, { label: "Release", value: true, kind: "primary" }] }))) return;
    }
    try {
      row.claimed_by = (await (holder ? server.release(row.id) : server.claim(row.id))).claimed_by;
    } catch (error) {
      if (error.body?.claimed_by) row.claimed_by = error.body.claimed_by;
      tell("The study was not claimed", error.message);
    }
    this.#draw();
  }
}

export function mount(section) {
  const list = new Worklist(section);
  register(section, { enter: () => list.enter(), leave: () => list.leave() });
}
