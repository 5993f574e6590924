// One image in its frame: the line above it, the warning where its orientation is in doubt, and its viewer.
// An EvidencePane also carries what lies over the image: evidence, the reader's boxes, the ruler. Knows nothing about
// other images.
import { fill, h } from "../kit/dom.js";
import { viewName } from "./images.js";
import { Overlay } from "./evidence/overlay.js";
import { readouts, warningOf } from "./readouts.js";
import { RegionBoxes } from "./evidence/region_boxes.js";
import { Ruler } from "./ruler.js";
import { Viewer } from "./viewer.js";

const NARROW = 720; // CSS pixels; in less the line above says the least

export class Pane extends EventTarget {
  // lead: () => what comes first in the line above the image. Tells "opened" when its image is there.
  constructor({ lead = () => null } = {}) {
    super();
    this.lead = lead;
    this.box = h("div", { class: "light-box" });
    this.viewer = new Viewer(this.box);
    this.message = h("div", { class: "film-message" });
    this.box.append(this.message);
    this.left = h("div", { class: "readout left number" });
    this.right = h("div", { class: "readout right number" });
    this.warning = h("div", { class: "film-warning", role: "status", hidden: true });
    this.strip = h("div", { class: "strip" }, this.left, this.right);
    this.root = h("section", { class: "pane" }, this.strip, this.warning, this.box);
    this.viewer.addEventListener("drawn", () => this.read());
    this.assign(null);
  }

  // Which image it is to show; null for none. Nothing of the one before stays, its warning least of all.
  assign(image, { named = false } = {}) {
    this.image = image;
    this.name = named && image ? viewName(image) : "";
    this.opening = null;
    this.isOpen = false;
    this.viewer.close();
    fill(this.message);
    if (image) this.root.setAttribute("aria-label", viewName(image));
    this.warn([]);
  }

  // Fetches the image, once.
  open() {
    return (this.opening ??= this.#fetch(this.image));
  }

  async #fetch(image) {
    fill(this.message, h("span", { class: "spinner" }), "Fetching the radiograph");
    try {
      await this.viewer.open(image);
      if (this.image !== image) return;
      fill(this.message);
      this.isOpen = true;
      this.dispatchEvent(new Event("opened"));
    } catch (error) {
      if (this.image !== image) return;
      this.opening = null;
      fill(this.message, h("div", { class: "notice red" }, `The radiograph could not be fetched. ${error.message} Open the study again in a moment.`));
    }
  }

  // What is said about the image besides what its file says.
  warn(notices) {
    this.notices = [...(this.image?.notices ?? []), ...notices];
    const warning = warningOf(this.notices);
    this.warning.hidden = !warning;
    this.warning.textContent = warning ?? "";
    this.read();
  }

  // What comes last in the line above the image; null leaves the line as it is.
  extras() {
    return [];
  }

  read() {
    const { viewer } = this;
    const brief = viewer.cssWidth < NARROW;
    const lead = this.lead();
    const shown = viewer.pixels ? readouts(viewer, { brief, grey: !brief || !lead, notices: this.notices, named: this.name !== "" }) : { left: [], right: [] };
    const extras = this.extras();
    const name = this.name ? h("b", {}, this.name) : null;
    this.root.classList.toggle("narrow", brief);
    if (extras) fill(this.left, lead, name, shown.left, extras);
    fill(this.right, shown.right);
  }
}

export class EvidencePane extends Pane {
  // extrasOf: (pane) => what comes last in the line above it.
  constructor({ extrasOf, ...more }) {
    super(more);
    this.extrasOf = extrasOf;
    this.boxes = new RegionBoxes(this.viewer);
    this.overlay = new Overlay(this.viewer, this.boxes.marks);
    this.boxes.attach(this.overlay);
    this.ruler = new Ruler(this.viewer);
  }

  assign(image, options) {
    super.assign(image, options);
    this.ruler?.clear();
  }

  extras() {
    return this.extrasOf?.(this) ?? [];
  }

  // A report with the regions and the warnings of this image alone.
  setReport(report) {
    this.overlay.clear();
    this.overlay.show({ report, grips: !this.boxes.readOnly });
    this.warn(report?.notices ?? []);
  }
}
