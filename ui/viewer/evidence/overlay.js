// Draws over the radiograph what the reader asked for: region boxes with their names, and one map as warmth.
// Knows the evidence that lies on this image and the reader's own boxes, not the text. Boxes and a map's extent are in
// image pixels.
import { warmth } from "./maps.js";

const BLUE = "#5db3f5";
const AMBER = "#e0a84a";
const GREEN = "#57b894";
const HANDLE = 3.5; // half the side of a grip, CSS pixels

export class Overlay extends EventTarget {
  // marks: region name → {action, box_xywh}, what the reader said of boxes; read here, written by region_boxes.js.
  constructor(viewer, marks) {
    super();
    this.viewer = viewer;
    this.marks = marks;
    this.canvas = document.createElement("canvas");
    this.canvas.className = "overlay";
    viewer.host.append(this.canvas);
    this.context = this.canvas.getContext("2d");
    this.colourised = new WeakMap();
    this.opacity = 0.6;
    this.allBoxes = false;
    this.clear();
    viewer.addEventListener("drawn", () => this.paint());
    viewer.addEventListener("point", (event) => this.#point(event.detail));
    viewer.addEventListener("press", (event) => this.#press(event.detail));
  }

  clear() {
    this.report = null;
    this.focus = new Map(); // region name → weight, those of the sentence in focus
    this.map = null;
    this.under = null;
    this.chosen = null;
    this.grips = false; // whether the chosen box can be taken hold of
    this.rubber = null; // [x, y, width, height] of a box being drawn
  }

  show(changes) {
    Object.assign(this, changes);
    this.paint();
  }

  // The region as the reader left it: {name, box_xywh, visible, yours}; null where there is no box.
  region(name) {
    const seen = this.report?.regions.find((region) => region.name === name);
    const mark = this.marks.get(name);
    if (mark?.action === "removed") return null;
    if (mark) return { name, box_xywh: mark.box_xywh, visible: 1, yours: true };
    return seen ? { ...seen, yours: false } : null;
  }

  boxes() {
    const names = new Set([...(this.report?.regions ?? []).map(({ name }) => name), ...this.marks.keys()]);
    return [...names].map((name) => this.region(name)).filter((region) =>
      region && (this.focus.has(region.name) || region.name === this.chosen || (this.allBoxes && region.visible >= 0.5)));
  }

  paint() {
    const { viewer, context } = this;
    const { width, height } = viewer.canvas;
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    if (!viewer.pixels || (!this.report && !this.rubber)) return;
    context.setTransform(viewer.ratio, 0, 0, viewer.ratio, 0, 0);
    const place = viewer.placement();
    context.save();
    if (viewer.lens) this.#spareLens();
    if (this.map) this.#paintMap(place);
    this.#paintBoxes(place);
    if (this.rubber) this.#paintRubber(place);
    context.restore();
  }

  // Under the magnifier lies another part of the image than beside it: nothing is drawn there.
  #spareLens() {
    const { x, y, radius } = this.viewer.lensCircle();
    const hole = new Path2D();
    hole.rect(0, 0, this.viewer.cssWidth, this.viewer.cssHeight);
    hole.arc(x, y, radius, 0, 2 * Math.PI);
    this.context.clip(hole, "evenodd");
  }

  #paintMap(place) {
    if (!this.colourised.has(this.map)) this.colourised.set(this.map, warmth(this.map));
    const [x, y, width, height] = this.map.extent_xywh;
    const { context } = this;
    context.save();
    context.beginPath();
    context.rect(place.x, place.y, place.width, place.height);
    context.clip();
    context.globalAlpha = this.opacity;
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    context.drawImage(this.colourised.get(this.map), place.x + x * place.scale, place.y + y * place.scale, width * place.scale, height * place.scale);
    context.restore();
  }

  // A box in image pixels as a rectangle on the host, in CSS pixels.
  onHost([x, y, width, height], place = this.viewer.placement()) {
    return { x: place.x + x * place.scale, y: place.y + y * place.scale, width: width * place.scale, height: height * place.scale };
  }

  #paintBoxes(place) {
    const { context } = this;
    const taken = [];
    const importance = (region) => (region.name === this.chosen ? 3 : region.name === this.under ? 2 : this.focus.get(region.name) ?? 0);
    const order = this.boxes().sort((a, b) => importance(b) - importance(a) || a.box_xywh[2] * a.box_xywh[3] - b.box_xywh[2] * b.box_xywh[3]);
    for (const region of order) {
      const box = this.onHost(region.box_xywh, place);
      const focused = this.focus.has(region.name) || region.name === this.chosen;
      const bold = region.name === this.chosen || region.name === this.under;
      const colour = region.yours ? GREEN : focused ? AMBER : BLUE;
      context.globalAlpha = focused || bold ? 1 : 0.55;
      context.strokeStyle = colour;
      context.lineWidth = bold ? 2 : focused ? 1.5 : 1;
      context.strokeRect(box.x, box.y, box.width, box.height);
      if (region.name === this.chosen && this.grips) this.#paintGrips(box, colour);
      if (!focused && !bold && !region.yours) continue; // 29 names at once would hide the image
      const weight = this.focus.get(region.name);
      const label = [region.name, weight === undefined ? "" : weight.toFixed(2), region.yours ? "· yours" : ""].filter(Boolean).join(" ");
      this.#label(label, box, colour, taken, focused || bold);
    }
    context.globalAlpha = 1;
  }

  #paintGrips(box, colour) {
    const { context } = this;
    context.globalAlpha = 1;
    for (const [fx, fy] of [[0, 0], [0.5, 0], [1, 0], [0, 0.5], [1, 0.5], [0, 1], [0.5, 1], [1, 1]]) {
      context.fillStyle = "#0b0d10";
      context.fillRect(box.x + fx * box.width - HANDLE - 1, box.y + fy * box.height - HANDLE - 1, 2 * HANDLE + 2, 2 * HANDLE + 2);
      context.fillStyle = colour;
      context.fillRect(box.x + fx * box.width - HANDLE, box.y + fy * box.height - HANDLE, 2 * HANDLE, 2 * HANDLE);
    }
  }

  #paintRubber(place) {
    const { context } = this;
    const box = this.onHost(this.rubber, place);
    context.globalAlpha = 1;
    context.strokeStyle = GREEN;
    context.lineWidth = 1.5;
    context.setLineDash([5, 4]);
    context.strokeRect(box.x, box.y, box.width, box.height);
    context.setLineDash([]);
  }

  #label(text, box, colour, taken, needed) {
    const { context } = this;
    context.font = "11px Inter, 'Segoe UI', system-ui, 'DejaVu Sans', sans-serif";
    const width = context.measureText(text).width + 10;
    const spots = [
      [box.x, box.y - 17], [box.x + box.width - width, box.y - 17], [box.x, box.y + box.height + 1],
      [box.x + box.width - width, box.y + box.height + 1], [box.x + 1, box.y + 1], [box.x + box.width - width - 1, box.y + 1],
    ].map(([x, y]) => ({ x: Math.min(Math.max(2, x), this.viewer.cssWidth - width - 2), y: Math.min(Math.max(2, y), this.viewer.cssHeight - 18), width, height: 16 }));
    const free = spots.find((spot) => !taken.some((other) =>
      spot.x < other.x + other.width && other.x < spot.x + spot.width && spot.y < other.y + other.height && other.y < spot.y + spot.height));
    const spot = free ?? (needed ? spots[0] : null);
    if (!spot) return;
    taken.push(spot);
    context.globalAlpha = 1;
    context.fillStyle = "rgb(11 13 16 / 78%)";
    context.beginPath();
    context.roundRect(spot.x, spot.y, spot.width, spot.height, 3);
    context.fill();
    context.fillStyle = colour;
    context.textBaseline = "middle";
    context.fillText(text, spot.x + 5, spot.y + 8.5);
  }

  // The smallest shown box under a point of the host, or null.
  #boxAt(point) {
    if (!point || !this.viewer.pixels || !this.report) return null;
    const [x, y] = this.viewer.toImage(...point);
    const inside = this.boxes().filter(({ box_xywh: [left, top, width, height] }) =>
      x >= left && y >= top && x <= left + width && y <= top + height);
    inside.sort((a, b) => a.box_xywh[2] * a.box_xywh[3] - b.box_xywh[2] * b.box_xywh[3]);
    return inside[0]?.name ?? null;
  }

  #point(point) {
    const under = this.#boxAt(point);
    if (under === this.under) return;
    this.under = under;
    this.viewer.host.classList.toggle("over-box", under !== null);
    this.paint();
  }

  #press(point) {
    this.dispatchEvent(new CustomEvent("region", { detail: this.#boxAt(point) }));
  }
}
