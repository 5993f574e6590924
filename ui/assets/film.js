// A viewer with its overlay, readouts and buttons: one radiograph as the reading room and Compare show it.
import { fill, h } from "./dom.js";
import { Overlay } from "./overlay.js";
import { Viewer } from "./viewer.js";

// The strongest of the sentences' maps at every place: what the report as a whole was written from.
function reportMap(report) {
  const maps = report.sentences.map((one) => one.map).filter(Boolean);
  if (!maps.length) return null;
  const { rows, columns } = maps[0];
  const strongest = new Uint8Array(rows * columns);
  for (const map of maps) {
    const values = Uint8Array.from(atob(map.values), (letter) => letter.charCodeAt(0));
    for (let i = 0; i < values.length; i++) strongest[i] = Math.max(strongest[i], values[i]);
  }
  return { rows, columns, values: btoa(String.fromCharCode(...strongest)) };
}

export class Film extends EventTarget {
  // evidence: false where there is nothing to lay over the image, and the number keys mean something else.
  constructor(host, { evidence = true } = {}) {
    super();
    // The readouts stand above the film, not on it: a side marker in its corner must never be covered.
    host.classList.add("film-frame");
    const box = h("div", { class: "light-box" });
    this.viewer = new Viewer(box);
    this.overlay = new Overlay(this.viewer);
    this.topLeft = h("div", { class: "readout left number" });
    this.topRight = h("div", { class: "readout right number" });
    this.message = h("div", { class: "film-message" });
    this.evidence = evidence;
    this.tools = h("div", { class: "film-tools" });
    box.append(this.message, this.tools);
    host.append(h("div", { class: "strip" }, this.topLeft, this.topRight), box);
    this.report = null;
    this.wholeMap = false;
    this.focused = null;
    this.viewer.addEventListener("drawn", () => this.#read());
    this.overlay.addEventListener("region", (event) => this.dispatchEvent(new CustomEvent("region", { detail: event.detail })));
    this.#makeTools();
  }

  async open(meta) {
    this.setReport(null);
    fill(this.message, h("span", { class: "spinner" }), "Fetching the radiograph");
    try {
      await this.viewer.open(meta);
      fill(this.message);
    } catch (error) {
      fill(this.message, `The radiograph could not be fetched. ${error.message}`);
    }
  }

  setReport(report) {
    this.report = report;
    this.focused = null;
    this.combined = report ? reportMap(report) : null;
    this.overlay.show({ report, focus: new Map(), map: null, chosen: null, under: null });
    this.#look();
  }

  // A sentence of the report, by its place in the draft and its regions; null for none.
  focus(sentence) {
    this.focused = sentence;
    this.#look();
  }

  choose(region) {
    this.overlay.show({ chosen: region });
  }

  toggleBoxes() {
    this.overlay.show({ allBoxes: !this.overlay.allBoxes });
    this.#makeTools();
  }

  toggleMap() {
    this.wholeMap = !this.wholeMap;
    this.#look();
    this.#makeTools();
  }

  #look() {
    const one = this.focused;
    const focus = new Map((one?.regions ?? []).map(({ name, weight }) => [name, weight]));
    const map = one && this.report ? this.report.sentences[one.draft_index]?.map ?? null : this.wholeMap ? this.combined : null;
    this.overlay.show({ focus, map });
  }

  #makeTools() {
    const tool = (key, label, act, on, hint) =>
      h("button", { type: "button", class: on ? "on" : "", "aria-pressed": String(Boolean(on)), title: hint ?? label, onclick: act }, key ? h("b", {}, `${key} `) : null, label);
    fill(this.tools,
      tool("I", "invert", () => this.viewer.invert()),
      tool("R", "reset", () => this.viewer.reset()),
      ["stored", "full", "lungs", "bone"].map((name, index) => tool(this.evidence ? String(index + 1) : "", name, () => this.viewer.preset(index))),
      !this.evidence ? null : [tool("H", "heat", () => this.toggleMap(), this.wholeMap, "Where the whole report was written from"),
      tool("B", "boxes", () => this.toggleBoxes(), this.overlay.allBoxes, "All regions that the model sees")]);
  }

  #read() {
    const { viewer } = this;
    if (!viewer.pixels) {
      fill(this.topLeft);
      fill(this.topRight);
      return;
    }
    const { columns, rows, bits, pixel_spacing_mm: spacing } = viewer.meta;
    const scale = Math.round(viewer.placement().scale * 100);
    fill(this.topLeft, h("span", {}, `C ${Math.round(viewer.centre)}  W ${Math.round(viewer.width)}`), h("span", {}, `zoom ${Math.round(viewer.zoom * 100)} %`),
      h("span", {}, `${scale} % of pixels`), viewer.inverted ? h("span", { class: "inverted" }, "inverted") : null);
    fill(this.topRight, h("span", {}, `${columns} × ${rows} · ${bits} bit${spacing ? ` · ${spacing[0].toFixed(3)} mm` : ""}`), h("b", {}, "R ← patient → L"));
  }
}
