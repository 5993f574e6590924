// Draws over the radiograph what the reader asked for: region boxes with their names, and one map as warmth.
// Knows the report's evidence, not its text. Boxes and the map's extent are in the image's pixels.

const BLUE = "#5db3f5";
const AMBER = "#e0a84a";
const FINE = 224; // the map is interpolated to this many cells a side, then coloured

function decode(map) {
  const bytes = Uint8Array.from(atob(map.values), (letter) => letter.charCodeAt(0));
  return { rows: map.rows, columns: map.columns, values: bytes };
}

// Bilinear between the centres of the cells.
function warmth(map) {
  const { rows, columns, values } = decode(map);
  const canvas = document.createElement("canvas");
  canvas.width = FINE;
  canvas.height = FINE;
  const context = canvas.getContext("2d");
  const data = context.createImageData(FINE, FINE);
  for (let y = 0; y < FINE; y++) {
    const v = Math.min(rows - 1, Math.max(0, ((y + 0.5) / FINE) * rows - 0.5));
    const top = Math.floor(v);
    const below = Math.min(rows - 1, top + 1);
    for (let x = 0; x < FINE; x++) {
      const u = Math.min(columns - 1, Math.max(0, ((x + 0.5) / FINE) * columns - 0.5));
      const left = Math.floor(u);
      const right = Math.min(columns - 1, left + 1);
      const upper = values[top * columns + left] * (1 - (u - left)) + values[top * columns + right] * (u - left);
      const lower = values[below * columns + left] * (1 - (u - left)) + values[below * columns + right] * (u - left);
      const heat = (upper * (1 - (v - top)) + lower * (v - top)) / 255;
      const at = (y * FINE + x) * 4;
      data.data[at] = 224;
      data.data[at + 1] = Math.round(172 - 88 * heat);
      data.data[at + 2] = Math.round(84 + 8 * heat);
      data.data[at + 3] = Math.round(255 * 0.62 * Math.min(1, Math.max(0, heat - 0.06) * 1.15));
    }
  }
  context.putImageData(data, 0, 0);
  return canvas;
}

export class Overlay extends EventTarget {
  constructor(viewer) {
    super();
    this.viewer = viewer;
    this.canvas = document.createElement("canvas");
    this.canvas.className = "overlay";
    viewer.host.append(this.canvas);
    this.context = this.canvas.getContext("2d");
    this.colourised = new WeakMap();
    this.clear();
    viewer.addEventListener("drawn", () => this.paint());
    viewer.addEventListener("point", (event) => this.#point(event.detail));
    viewer.addEventListener("press", (event) => this.#press(event.detail));
  }

  clear() {
    this.report = null;
    this.focus = new Map(); // region name → weight, those of the sentence in focus
    this.map = null;
    this.allBoxes = false;
    this.under = null;
    this.chosen = null;
  }

  show(changes) {
    Object.assign(this, changes);
    this.paint();
  }

  boxes() {
    if (!this.report) return [];
    return this.report.regions.filter((region) =>
      this.focus.has(region.name) || region.name === this.chosen || (this.allBoxes && region.visible >= 0.5));
  }

  paint() {
    const { viewer, context } = this;
    const { width, height } = viewer.canvas;
    if (this.canvas.width !== width || this.canvas.height !== height) Object.assign(this.canvas, { width, height });
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    if (!viewer.pixels || !this.report) return;
    context.setTransform(viewer.ratio, 0, 0, viewer.ratio, 0, 0);
    const place = viewer.placement();
    if (this.map) this.#paintMap(place);
    this.#paintBoxes(place);
  }

  #paintMap(place) {
    if (!this.colourised.has(this.map)) this.colourised.set(this.map, warmth(this.map));
    const [x, y, width, height] = this.report.extent_xywh;
    const { context } = this;
    context.save();
    context.beginPath();
    context.rect(place.x, place.y, place.width, place.height);
    context.clip();
    context.imageSmoothingEnabled = true;
    context.imageSmoothingQuality = "high";
    context.drawImage(this.colourised.get(this.map), place.x + x * place.scale, place.y + y * place.scale, width * place.scale, height * place.scale);
    context.restore();
  }

  #paintBoxes(place) {
    const { context } = this;
    const taken = [];
    const importance = (region) => (region.name === this.chosen ? 3 : region.name === this.under ? 2 : this.focus.get(region.name) ?? 0);
    const order = this.boxes().sort((a, b) => importance(b) - importance(a) || a.box_xywh[2] * a.box_xywh[3] - b.box_xywh[2] * b.box_xywh[3]);
    for (const region of order) {
      const [x, y, width, height] = region.box_xywh;
      const box = { x: place.x + x * place.scale, y: place.y + y * place.scale, width: width * place.scale, height: height * place.scale };
      const focused = this.focus.has(region.name) || region.name === this.chosen;
      const bold = region.name === this.chosen || region.name === this.under;
      context.globalAlpha = focused || bold ? 1 : 0.55;
      context.strokeStyle = focused ? AMBER : BLUE;
      context.lineWidth = bold ? 2 : focused ? 1.5 : 1;
      context.strokeRect(box.x + 0.5, box.y + 0.5, box.width, box.height);
      const weight = this.focus.get(region.name);
      this.#label(weight === undefined ? region.name : `${region.name} ${weight.toFixed(2)}`, box, focused ? AMBER : BLUE, taken, focused || bold);
    }
    context.globalAlpha = 1;
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
    if (!point || !this.viewer.pixels) return null;
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
