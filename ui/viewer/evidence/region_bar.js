// The line over the film for the region in hand: its name, its box in image pixels, and what can be done with it.
import { fill, h } from "../../kit/dom.js";
import { profile } from "../../kit/session.js";

export class RegionBar {
  constructor(film) {
    this.film = film;
    this.root = h("div", { class: "region-bar", hidden: true });
  }

  // While the model is asked for a sentence.
  ask(asking) {
    this.asking = asking;
    this.update();
  }

  update() {
    const { film } = this;
    const { overlay, boxes } = film;
    const name = overlay.chosen;
    this.root.hidden = !boxes.busy && !name;
    if (boxes.unnamed) {
      const select = h("select", { "aria-label": "Region of this box", onchange: () => boxes.name(select.value), onkeydown: (event) => { if (event.key === "Escape") boxes.stopDrawing(); } }, h("option", { value: "", disabled: true, selected: true }, "which region?"), profile().regions.map((one) => h("option", { value: one }, one)));
      fill(this.root, h("span", {}, "Box of"), select, h("span", { class: "dim" }, h("kbd", {}, "Esc"), " leaves it"));
      select.focus();
      return;
    }
    if (boxes.drawing) {
      fill(this.root, h("span", {}, boxes.drawing.region ? `Draw the box of the ${boxes.drawing.region}: drag over the image` : "Drag a box over the image"), h("span", { class: "dim" }, h("kbd", {}, "Esc"), " leaves it"));
      return;
    }
    if (!name) return;
    const region = overlay.region(name);
    const mark = boxes.marks.get(name);
    const size = region ? region.box_xywh.map(Math.round) : null;
    const nowhere = film.hanging.panes.length > 1 ? "not on this image" : "";
    const button = (key, label, act, hint) => h("button", { type: "button", title: `${hint} (${key})`, "data-region-act": label, onclick: act }, h("b", {}, key), ` ${label}`);
    fill(this.root,
      mark && !boxes.readOnly && mark.action !== "removed"
        ? h("select", { "aria-label": "Region of this box", onchange: (event) => film.dispatchEvent(new CustomEvent("rename", { detail: { from: name, to: event.target.value } })) }, profile().regions.map((one) => h("option", { value: one, selected: one === name }, one)))
        : h("b", {}, name),
      h("span", { class: "meta number" }, mark?.action === "removed" ? "box removed by you" : size ? `x ${size[0]}  y ${size[1]}  ${size[2]} × ${size[3]} px` : nowhere, mark && mark.action !== "removed" ? ` · ${mark.action} by you` : ""),
      boxes.readOnly ? null : [
        this.asking ? h("span", { class: "working" }, h("span", { class: "spinner" }), "asking the model") : button("S", "sentence", () => film.dispatchEvent(new Event("write")), "Draft a sentence for this region"),
        mark ? button("⇧D", "model's box", () => boxes.restore(name), "Back to what the model saw") : null,
        !region ? null : button("⌫", "remove box", () => boxes.remove(name), "This region is not there")]);
  }
}
