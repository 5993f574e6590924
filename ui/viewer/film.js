// One radiograph as the reading room and Compare show it: viewer, overlay, readouts, tools, the reader's boxes, and
// the prior study beside it. What is shown is what the reader asked for: maps are held, not left on.
import { fill, h, hear } from "../kit/dom.js";
import { Overlay } from "./overlay.js";
import { PriorFilm } from "./prior_film.js";
import { readouts, warningOf } from "./readouts.js";
import { RegionBar } from "./region_bar.js";
import { RegionBoxes } from "./region_boxes.js";
import { Ruler } from "./ruler.js";
import { Viewer } from "./viewer.js";

// The strongest of the sentences' maps at every place: what the report as a whole was written from. Maps over another
// image, or on another grid, than the first are left out.
function strongest(every) {
  if (!every.length) return null;
  const { rows, columns, image, kind, extent_xywh } = every[0];
  const maps = every.filter((map) => map.image === image && map.rows === rows && map.columns === columns);
  const result = new Uint8Array(rows * columns);
  for (const map of maps) {
    const values = Uint8Array.from(atob(map.values), (letter) => letter.charCodeAt(0));
    for (let i = 0; i < values.length; i++) result[i] = Math.max(result[i], values[i]);
  }
  return { rows, columns, image, kind, extent_xywh, values: btoa(String.fromCharCode(...result)) };
}

const MAPS = { heat: (sentence) => sentence.map, gradcam: (sentence) => sentence.gradcam };

export class Film extends EventTarget {
  // evidence: false where there is nothing to lay over the image (Compare).
  constructor(host, { evidence = true } = {}) {
    super();
    this.evidence = evidence;
    // Readouts and warning stand above the film and the tools below it: nothing lies on the image but what was asked for.
    host.classList.add("film-frame");
    const box = (this.box = h("div", { class: "light-box" }));
    this.viewer = new Viewer(box);
    this.boxes = new RegionBoxes(this.viewer);
    this.overlay = new Overlay(this.viewer, this.boxes.marks);
    this.boxes.attach(this.overlay);
    this.ruler = new Ruler(this.viewer);
    this.prior = new PriorFilm(this.viewer);
    this.topLeft = h("div", { class: "readout left number" });
    this.topRight = h("div", { class: "readout right number" });
    this.message = h("div", { class: "film-message" });
    this.warning = h("div", { class: "film-warning", role: "status", hidden: true });
    this.tools = h("div", { class: "film-tools", role: "toolbar", "aria-label": "Image" });
    this.bar = new RegionBar(this);
    box.append(this.message, ...(evidence ? [this.bar.root] : []));
    host.append(h("div", { class: "strip" }, this.topLeft, this.topRight), this.warning, h("div", { class: "films" }, box, ...(evidence ? [this.prior.root] : [])), this.tools);
    this.report = null;
    this.notices = []; // what study and draft say of the image
    this.focused = null;
    this.latched = null; // the map that stays on: "heat", "gradcam" or null
    this.held = null; // the map that is on while its key is held
    this.viewer.addEventListener("drawn", () => this.#read());
    hear(this.overlay, "region", (region) => this.dispatchEvent(new CustomEvent("region", { detail: region })));
    for (const name of ["changed", "drawing"]) this.boxes.addEventListener(name, () => this.#refresh());
    this.ruler.addEventListener("changed", () => this.#read());
    this.ruler.addEventListener("measuring", () => this.#refresh());
    this.prior.addEventListener("shown", () => this.#refresh());
    this.#refresh();
  }

  async open(meta) {
    this.meta = meta;
    this.setReport(null);
    this.prior.close();
    this.latched = null;
    this.ruler.clear();
    fill(this.message, h("span", { class: "spinner" }), "Fetching the radiograph");
    try {
      await this.viewer.open(meta);
      fill(this.message);
    } catch (error) {
      fill(this.message, h("div", { class: "notice red" }, `The radiograph could not be fetched. ${error.message} Open the study again in a moment.`));
    }
    this.#refresh();
  }

  // Nothing of one study, its warning least of all, may stand when the next one comes.
  close() {
    this.meta = null;
    this.viewer.close();
    this.prior.close();
    this.setReport(null);
  }

  // What a draft says of the image beside what its study says.
  warn(notices) {
    this.notices = [...(this.meta?.notices ?? []), ...notices];
    const warning = warningOf(this.notices);
    this.warning.hidden = !warning;
    this.warning.textContent = warning ?? "";
    this.#read();
  }

  // gradCams: asks the model that wrote the report for its sentences' Grad-CAMs, one map for each.
  setReport(report, gradCams = null) {
    this.report = report;
    this.gradCams = gradCams;
    this.gradCamState = "";
    this.focused = null;
    this.#gatherMaps();
    this.overlay.clear();
    this.overlay.show({ report, grips: !this.boxes.readOnly });
    this.warn(report?.notices ?? []);
    this.#look();
    this.#refresh();
  }

  #gatherMaps() {
    this.maps = {};
    for (const [kind, of] of Object.entries(MAPS)) this.maps[kind] = this.report ? strongest(this.report.sentences.map(of).filter(Boolean)) : null;
  }

  // Grad-CAM costs a pass forth and back through the model for each sentence: computed when first looked at, then kept.
  async #askForGradCams() {
    const { report, gradCams } = this;
    if (!report || !gradCams || this.maps.gradcam || this.gradCamState) return;
    this.gradCamState = "computing";
    let failure = "";
    try {
      const { maps } = await gradCams();
      for (const [index, sentence] of report.sentences.entries()) sentence.gradcam = maps[index];
    } catch (error) {
      failure = error.message;
    }
    if (this.report !== report) return;
    this.gradCamState = failure;
    this.#gatherMaps();
    this.#look();
    this.#refresh();
  }

  // What failed is asked for again when the reader asks again, not by itself.
  #forgetFailure() {
    if (this.gradCamState !== "computing") this.gradCamState = "";
  }

  // A sentence of the report, by its place in the draft and its regions; null for none.
  focus(sentence) {
    this.focused = sentence;
    this.#look();
  }

  choose(region) {
    if (this.overlay.chosen === region) return;
    this.overlay.show({ chosen: region });
    this.bar.update();
  }

  // The next region in the list, so that a region can be chosen without a mouse.
  stepRegion(by) {
    const names = (this.report?.regions ?? []).filter(({ visible, name }) => visible >= 0.5 || this.boxes.marks.has(name)).map(({ name }) => name);
    if (!names.length) return;
    const at = names.indexOf(this.overlay.chosen);
    const next = at < 0 ? (by > 0 ? 0 : names.length - 1) : (at + by + names.length) % names.length;
    this.dispatchEvent(new CustomEvent("region", { detail: names[next] }));
  }

  toggleLens() {
    this.viewer.toggleLens();
    this.#makeTools();
  }

  toggleRuler() {
    this.boxes.stopDrawing();
    this.ruler.set(!this.ruler.measuring);
  }

  startDrawing() {
    this.ruler.set(false);
    this.boxes.startDrawing(this.overlay.chosen);
  }

  toggleBoxes() {
    this.overlay.show({ allBoxes: !this.overlay.allBoxes });
    this.#refresh();
  }

  hold(kind) {
    if (this.held === kind) return;
    this.held = kind;
    this.#forgetFailure();
    this.#look();
    this.#refresh();
  }

  latch(kind) {
    this.latched = this.latched === kind ? null : kind;
    this.#forgetFailure();
    this.#look();
    this.#refresh();
  }

  setOpacity(value) {
    this.overlay.show({ opacity: Math.min(1, Math.max(0.1, value)) });
    this.#read();
  }

  togglePrior() {
    if (this.meta?.prior) this.prior.toggle(this.meta.prior);
  }

  get shownMap() {
    return this.held ?? this.latched;
  }

  #look() {
    const one = this.focused;
    const focus = new Map((one?.regions ?? []).map(({ name, weight }) => [name, weight]));
    const kind = this.shownMap;
    if (kind === "gradcam") this.#askForGradCams();
    const own = one && this.report ? MAPS[kind ?? "heat"](this.report.sentences[one.draft_index] ?? {}) ?? null : null;
    this.overlay.show({ focus, map: kind ? (one ? own : this.maps?.[kind] ?? null) : null });
    this.#read();
  }

  #refresh() {
    this.bar.update();
    this.#makeTools();
  }

  #makeTools() {
    const { viewer, overlay } = this;
    const tool = (key, label, act, { on = false, hint = label, off = false } = {}) =>
      h("button", { type: "button", class: on ? "on" : "", "aria-pressed": String(Boolean(on)), disabled: off, title: `${hint} (${key})`, onclick: act }, h("b", {}, key), ` ${label}`);
    this.presetName = h("span", {}, "");
    fill(this.tools,
      tool("I", "invert", () => viewer.invert()),
      tool("R", "reset", () => viewer.reset(), { hint: "Window, zoom and place as at first" }),
      h("button", { type: "button", title: "Next window preset (W); 7, 8, 9 and 0 go straight to one", onclick: () => viewer.nextPreset(1) }, h("b", {}, "W"), " ", this.presetName),
      tool("M", "lens", () => this.toggleLens(), { on: viewer.lens, hint: "Magnifier" }),
      !this.evidence ? null : [
        tool("Q", "measure", () => this.toggleRuler(), { on: this.ruler.measuring, hint: "Drag to measure a distance; Esc ends it, Esc again takes the lines away" }),
        tool("H", "heat", () => this.latch("heat"), { on: this.shownMap === "heat", off: !this.maps?.heat, hint: "What the sentence, or else the report, was written from. Hold H" }),
        tool("G", "grad-cam", () => this.latch("gradcam"), { on: this.shownMap === "gradcam", off: !this.gradCams, hint: "Second opinion on the map: where another image would have made the sentence less likely. Hold G" }),
        tool("B", "boxes", () => this.toggleBoxes(), { on: overlay.allBoxes, hint: "All regions that the model sees" }),
        tool("D", "draw", () => (this.boxes.drawing ? this.boxes.stopDrawing() : this.startDrawing()), { on: Boolean(this.boxes.drawing), off: this.boxes.readOnly, hint: "Draw a box" }),
        this.meta?.prior ? tool("P", "prior", () => this.togglePrior(), { on: this.prior.open, hint: "The patient's earlier study beside this one" }) : null,
        tool("V", "tags", () => this.dispatchEvent(new Event("tags")), { hint: "What the file says, without identifiers" }),
      ]);
    this.#read();
  }

  #gradCamWords() {
    const words = this.gradCamState === "computing" ? "grad-cam is being computed" : this.gradCamState;
    return words ? h("span", { class: "opacity" }, words) : null;
  }

  #read() {
    const { viewer, overlay } = this;
    const shown = viewer.pixels ? readouts(viewer, { notices: this.notices }) : { left: [], right: [] };
    const measured = this.ruler.lengths.length ? h("span", { class: "measured" }, this.ruler.lengths.join("  ")) : null;
    const slider = this.topLeft.querySelector("input");
    const opacity = String(Math.round(overlay.opacity * 100));
    if (!this.shownMap || !overlay.map) fill(this.topLeft, shown.left, measured, this.shownMap === "gradcam" ? this.#gradCamWords() : null);
    else if (slider?.matches(":active, :focus")) slider.value = opacity;
    else fill(this.topLeft, shown.left, measured, h("label", { class: "opacity" }, this.shownMap === "heat" ? "heat" : "grad-cam", h("input", { type: "range", min: "10", max: "100", step: "5", value: opacity, "aria-label": "Opacity of the map", oninput: (event) => overlay.show({ opacity: event.target.value / 100 }) })));
    fill(this.topRight, shown.right);
    const preset = viewer.presets?.[viewer.chosenPreset];
    this.presetName.textContent = preset?.name ?? "window";
    this.presetName.title = preset?.title ?? "";
  }
}
