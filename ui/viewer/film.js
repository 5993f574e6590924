// The images of a study as the reading room and Compare show them: hung with their evidence, tools and the reader's
// boxes, the prior study beside them. What the tools do, they do to the image in hand. What is shown is what the reader
// asked for: maps are held, not left on.
import { h, hear } from "../kit/dom.js";
import { show } from "../kit/view.js";
import { Evidence } from "./evidence/evidence.js";
import { hangingToolsOf, presetOf, toolsOf } from "./film_tools.js";
import { Hanging } from "./hanging.js";
import { areAlike, imagesOf } from "./images.js";
import { EvidencePane } from "./pane.js";
import { PriorFilm } from "./prior_film.js";
import { RegionBar } from "./evidence/region_bar.js";

const LEAST_BESIDE = 780; // CSS pixels for each image; with less one is shown large, unless the reader wants otherwise

export class Film extends EventTarget {
  // evidence: false where there is nothing to lay over the image (Compare).
  constructor(host, { evidence = true } = {}) {
    super();
    this.bare = !evidence;
    this.evidence = new Evidence();
    // Readouts and warnings stand above the images and the tools below them: only what was asked for lies on an image.
    host.classList.add("film-frame");
    this.linked = false; // one zoom for all images of the study
    this.wish = null; // whether the reader wants images side by side; null: as the room allows
    this.tools = h("div", { class: "film-tools", role: "toolbar", "aria-label": "Image" });
    this.hanging = new Hanging(() => this.#madePane(), "Images of the study");
    this.prior = new PriorFilm({ moved: (pane) => this.#link(pane), opened: (pane) => this.#join(pane) });
    this.bar = new RegionBar(this);
    this.films = h("div", { class: "films" }, this.hanging.root, evidence ? this.prior.root : null);
    host.append(this.films, this.tools);
    this.evidence.addEventListener("focus", () => this.hanging.mark(this.evidence.inFocus));
    this.evidence.addEventListener("changed", () => {
      this.hanging.mark(this.evidence.inFocus);
      this.#refresh();
    });
    this.hanging.addEventListener("active", () => this.#took());
    this.prior.addEventListener("active", () => { this.#spread(); this.#link(this.hanging.active); });
    this.prior.addEventListener("shown", () => { this.#spread(); this.#refresh(); });
    new ResizeObserver(() => this.#spread()).observe(this.films);
    this.#placeBar();
    this.#refresh();
  }

  #madePane() {
    const pane = new EvidencePane({ extrasOf: (one) => this.#extrasOf(one) });
    const { viewer, overlay, boxes, ruler } = pane;
    viewer.addEventListener("moved", () => this.#link(pane));
    pane.addEventListener("opened", () => this.#join(pane));
    viewer.addEventListener("drawn", () => { if (pane === this.hanging?.active) this.#namePreset(); });
    hear(overlay, "region", (region) => this.dispatchEvent(new CustomEvent("region", { detail: region })));
    hear(boxes, "drawn", (region) => this.dispatchEvent(new CustomEvent("drawn", { detail: region })));
    boxes.addEventListener("changed", () => { this.#refresh(); this.dispatchEvent(new Event("marked")); });
    boxes.addEventListener("drawing", () => this.#refresh());
    ruler.addEventListener("changed", () => pane.read());
    ruler.addEventListener("measuring", () => this.#refresh());
    return pane;
  }

  // Of the image in hand.
  get pane() { return this.hanging.active; }
  get viewer() { return this.pane.viewer; }
  get overlay() { return this.pane.overlay; }
  get boxes() { return this.pane.boxes; }
  get ruler() { return this.pane.ruler; }
  get image() { return this.pane.image; }

  async open(study) {
    this.study = study;
    this.prior.close();
    this.hanging.set(imagesOf(study));
    this.evidence.lieOn(this.hanging.panes);
    this.#spread();
    this.#placeBar();
    await this.hanging.open();
    this.#refresh();
  }

  // Nothing of one study, least of all its warning, may remain when the next one comes.
  close() {
    this.study = null;
    this.prior.close();
    this.hanging.set([]);
    this.evidence.lieOn(this.hanging.panes);
  }

  // What drafts say of the images.
  warn(notices) {
    for (const pane of this.hanging.panes) pane.warn(notices);
  }

  // Every box of the reader: [{image_id, region, action, box_xywh}]; one that names no image is on the first.
  get marks() {
    return this.hanging.panes.flatMap(({ image, boxes }) => [...boxes.marks].map(([region, { action, box_xywh }]) => ({ image_id: image?.id, region, action, box_xywh })));
  }

  setMarks(marks, readOnly) {
    const { panes } = this.hanging;
    for (const pane of panes) {
      const own = marks.filter(({ image_id }) => (panes.find(({ image }) => image_id != null && image?.id === image_id) ?? panes[0]) === pane);
      pane.boxes.set(new Map(own.map(({ region, action, box_xywh }) => [region, { action, box_xywh }])), readOnly);
    }
  }

  // Takes what ``Evidence.set`` takes.
  setReport(report, about = {}) {
    this.evidence.set(report, about);
  }

  // A region that lies on another image alone brings that image into hand.
  choose(region) {
    if (this.overlay.chosen === region) return;
    for (const { overlay } of this.hanging.panes) overlay.show({ chosen: region });
    const shows = ({ overlay, boxes }) => overlay.region(region) || boxes.marks.has(region);
    const there = region && !shows(this.pane) && this.hanging.panes.find(shows);
    if (there) this.hanging.take(there);
    this.bar.update();
  }

  // The next region in the list, so that a region can be chosen without a mouse.
  stepRegion(by) {
    const seen = (this.overlay.report?.regions ?? []).filter(({ visible }) => visible >= 0.5).map(({ name }) => name);
    const names = [...new Set([...seen, ...this.boxes.marks.keys()])];
    if (!names.length) return;
    const at = names.indexOf(this.overlay.chosen);
    const next = at < 0 ? (by > 0 ? 0 : names.length - 1) : (at + by + names.length) % names.length;
    this.dispatchEvent(new CustomEvent("region", { detail: names[next] }));
  }

  stepImage(by) {
    if (this.hanging.panes.length > 1) this.hanging.step(by);
  }

  #took() {
    const others = this.hanging.panes.filter((pane) => pane !== this.pane);
    // What was begun on one image goes on where the reader goes.
    const drawing = others.some(({ boxes }) => boxes.drawing);
    const measuring = others.some(({ ruler }) => ruler.measuring);
    for (const pane of others) {
      pane.boxes.stopDrawing();
      if (pane.ruler.measuring) pane.ruler.set(false);
      pane.read();
    }
    if (drawing) this.startDrawing();
    if (measuring) this.ruler.set(true);
    this.prior.follow(this.image);
    this.#link(this.pane);
    this.#placeBar();
    this.#refresh();
  }

  #placeBar() {
    if (!this.bare && this.bar.root.parentNode !== this.pane.box) this.pane.box.append(this.bar.root);
  }

  toggleBeside() {
    if (this.hanging.panes.length < 2) return;
    this.wish = !this.hanging.beside;
    this.#spread();
  }

  // Side by side where the room allows it, or as the reader wants it.
  #spread() {
    const { panes } = this.hanging;
    const each = this.films.clientWidth / (panes.length + (this.prior.isOpen ? 1 : 0));
    this.hanging.setBeside(panes.length > 1 && (this.wish ?? each >= LEAST_BESIDE));
    // Side by side all are equally high, the prior's too.
    const { beside } = this.hanging;
    this.films.style.setProperty("--beside", String(beside ? this.hanging.aspect : 1));
    this.films.style.setProperty("--prior", String(beside ? this.prior.hanging.aspect : 1));
    this.#refresh();
  }

  toggleLinked() {
    this.linked = !this.linked;
    this.#link(this.pane);
    this.#refresh();
  }

  // The images that show the same place at the same zoom: the one in hand and the prior's, where both are frontal or both
  // are not, and all of the study where the reader has linked them.
  #linkedTo(pane) {
    const { hanging, prior, linked } = this;
    const pair = [hanging.active, prior.isOpen ? prior.pane : null].filter(Boolean);
    const bound = [...(pair.includes(pane) ? pair.filter((one) => one.isOpen && areAlike(one.image, pane.image)) : []), ...(linked && hanging.panes.includes(pane) ? hanging.panes : [])];
    return bound.filter((one) => one !== pane && one.isOpen);
  }

  // An image that was zoomed or moved takes along those linked to it; one that has just appeared joins them.
  #link(pane) {
    if (pane.isOpen) for (const other of this.#linkedTo(pane)) other.viewer.view = pane.viewer.view;
  }

  #join(pane) {
    const [other] = this.#linkedTo(pane);
    if (other) pane.viewer.view = other.viewer.view;
  }

  toggleLens() {
    this.viewer.toggleLens();
    this.#refresh();
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
    const allBoxes = !this.overlay.allBoxes;
    for (const { overlay } of this.hanging.panes) overlay.show({ allBoxes });
    this.#refresh();
  }

  setOpacity(value) {
    const opacity = Math.min(1, Math.max(0.1, value));
    for (const pane of this.hanging.panes) {
      pane.overlay.show({ opacity });
      pane.read();
    }
  }

  togglePrior() {
    if (this.study?.prior) this.prior.toggle(this.study.prior, this.image);
  }

  #refresh() {
    if (!this.bar) return; // the first pane is being made
    this.bar.update();
    this.#showTools();
    for (const pane of this.hanging.panes) pane.read();
  }

  // Called with every frame of a drag: what has not changed is left alone.
  #namePreset() {
    const preset = presetOf(this.viewer);
    if (preset !== this.preset) this.#showTools();
  }

  #showTools() {
    this.preset = presetOf(this.viewer);
    show(this.tools, toolsOf(this));
    show(this.hanging.tools, this.hanging.panes.length > 1 ? hangingToolsOf(this) : null);
  }

  // What was measured on an image, and how strong the map over the one in hand is.
  #extrasOf(pane) {
    const measured = pane.ruler?.lengths.length ? h("span", { class: "measured" }, pane.ruler.lengths.join("  ")) : null;
    const { shown, words } = this.evidence;
    if (pane !== this.hanging?.active || !shown) return [measured];
    const { overlay } = pane;
    if (!overlay.map) return [measured, shown === "gradcam" && words ? h("span", { class: "opacity" }, words) : null];
    const slider = pane.left.querySelector("input");
    const opacity = String(Math.round(overlay.opacity * 100));
    if (slider?.matches(":active, :focus")) {
      slider.value = opacity;
      return null;
    }
    return [measured, h("label", { class: "opacity" }, shown === "heat" ? "heat" : "grad-cam", h("input", { type: "range", min: "10", max: "100", step: "5", value: opacity, "aria-label": "Opacity of the map", oninput: (event) => this.setOpacity(event.target.value / 100) }))];
  }
}
