// The radiograph on a canvas: window, zoom, pan, invert, reset and a magnifier. 16-bit pixels, fetched once.
// Knows nothing about reports: overlay.js draws over it and is told where the image lies; a tool may take a press
// before the window does. Units: image pixels, CSS pixels of the host. It never flips or turns an image.
import { pixelsOf } from "./pixel_store.js";
import { listenToPointer } from "./pointer.js";
import { presetsOf } from "./window_presets.js";

const LENS = { radius: 110, power: 2.5 };
const MOST_ZOOM = 24;

export class Viewer extends EventTarget {
  constructor(host) {
    super();
    this.host = host;
    this.canvas = document.createElement("canvas");
    this.canvas.className = "film";
    host.append(this.canvas);
    this.context = this.canvas.getContext("2d", { alpha: false });
    this.developed = document.createElement("canvas");
    this.table = new Uint32Array(65536);
    this.pixels = null;
    this.tools = []; // {grab(point, event) → {move(point), end(point)} | null}, asked in turn at a press
    this.lens = false;
    this.centre = this.width = 0; // of the grey window
    this.pointer = null;
    this.stale = true;
    this.pending = false;
    this.fit();
    new ResizeObserver(() => this.fit()).observe(host);
    listenToPointer(this);
  }

  async open(meta) {
    this.close();
    this.asked = meta;
    const pixels = await pixelsOf(meta);
    if (this.asked !== meta) return false;
    this.meta = meta;
    this.pixels = pixels;
    this.developed.width = meta.columns;
    this.developed.height = meta.rows;
    this.presets = presetsOf(pixels, meta);
    this.reset();
    return true;
  }

  close() {
    this.asked = null;
    this.pixels = null;
    this.draw();
  }

  reset() {
    if (!this.pixels) return;
    this.chosenPreset = 0;
    [this.centre, this.width] = this.presets[0].window;
    this.inverted = false;
    this.zoom = 1;
    this.panX = 0;
    this.panY = 0;
    this.redevelop();
    this.moved();
  }

  preset(index) {
    const chosen = this.presets?.[index];
    if (!chosen) return;
    this.chosenPreset = index;
    [this.centre, this.width] = chosen.window;
    this.redevelop();
  }

  nextPreset(by) {
    if (this.presets) this.preset((this.chosenPreset + by + this.presets.length) % this.presets.length);
  }

  // One step of brightness and contrast is a hundredth of the greys that the image uses.
  nudgeWindow(brightness, contrast) {
    if (!this.pixels) return;
    // The last of that name is ours; a file may call a window of its own “full”.
    const step = this.presets.findLast(({ name }) => name === "full").window[1] / 100;
    this.centre -= brightness * step;
    this.width = Math.max(2, this.width - contrast * step);
    this.chosenPreset = -1;
    this.redevelop();
  }

  invert() {
    if (!this.pixels) return;
    this.inverted = !this.inverted;
    this.redevelop();
  }

  toggleLens() {
    this.lens = !this.lens;
    this.draw();
  }

  redevelop() {
    this.stale = true;
    this.draw();
  }

  fit() {
    if (this.cssWidth && !this.host.clientWidth) return; // taken down: stays as it hung last
    const ratio = window.devicePixelRatio || 1;
    this.cssWidth = this.host.clientWidth;
    this.cssHeight = this.host.clientHeight;
    this.canvas.width = Math.max(1, Math.round(this.cssWidth * ratio));
    this.canvas.height = Math.max(1, Math.round(this.cssHeight * ratio));
    this.ratio = ratio;
    this.draw();
  }

  // Where the whole image lies on the host, in CSS pixels.
  placement() {
    const { rows, columns } = this.meta;
    const scale = Math.min(this.cssWidth / columns, this.cssHeight / rows) * this.zoom;
    return {
      scale,
      x: (this.cssWidth - columns * scale) / 2 + this.panX,
      y: (this.cssHeight - rows * scale) / 2 + this.panY,
      width: columns * scale,
      height: rows * scale,
    };
  }

  toImage(x, y) {
    const place = this.placement();
    return [(x - place.x) / place.scale, (y - place.y) / place.scale];
  }

  // How far in, and which part of the image (0 … 1) is in the middle: what a linked film shows too.
  get view() {
    const [x, y] = this.toImage(this.cssWidth / 2, this.cssHeight / 2);
    return { zoom: this.zoom, u: x / this.meta.columns, v: y / this.meta.rows };
  }

  set view({ zoom, u, v }) {
    if (!this.pixels) return;
    this.zoom = zoom;
    const { scale } = this.placement();
    this.panX = (0.5 - u) * this.meta.columns * scale;
    this.panY = (0.5 - v) * this.meta.rows * scale;
    this.draw();
  }

  zoomAt(x, y, factor) {
    if (!this.pixels) return;
    const [imageX, imageY] = this.toImage(x, y);
    this.zoom = Math.min(MOST_ZOOM, Math.max(0.5, this.zoom * factor));
    const place = this.placement();
    this.panX += x - (place.x + imageX * place.scale);
    this.panY += y - (place.y + imageY * place.scale);
    this.draw();
    this.moved();
  }

  zoomBy(factor) {
    this.zoomAt(this.cssWidth / 2, this.cssHeight / 2, factor);
  }

  panBy(x, y) {
    if (!this.pixels) return;
    this.panX += x;
    this.panY += y;
    this.draw();
    this.moved();
  }

  draw() {
    if (this.pending) return;
    this.pending = true;
    requestAnimationFrame(() => {
      this.pending = false;
      this.#paint();
    });
  }

  moved() {
    this.dispatchEvent(new Event("moved"));
  }

  #paint() {
    const { context } = this;
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.fillStyle = "#000";
    context.fillRect(0, 0, this.cssWidth, this.cssHeight);
    if (this.pixels && this.cssWidth > 0) {
      if (this.stale) this.#develop();
      const place = this.placement();
      this.#film(place);
      if (this.lens) this.#magnify(place);
    }
    this.dispatchEvent(new Event("drawn"));
  }

  #film(place) {
    const { context } = this;
    context.imageSmoothingEnabled = place.scale * this.ratio < 3;
    context.imageSmoothingQuality = "high";
    context.drawImage(this.developed, place.x, place.y, place.width, place.height);
  }

  lensCircle() {
    const [x, y] = this.pointer ?? [this.cssWidth / 2, this.cssHeight / 2];
    return { x, y, radius: LENS.radius };
  }

  #magnify(place) {
    const { context } = this;
    const { x, y, radius } = this.lensCircle();
    const { power } = LENS;
    context.save();
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.clip();
    context.fillStyle = "#000";
    context.fill();
    this.#film({ scale: place.scale * power, x: x - (x - place.x) * power, y: y - (y - place.y) * power, width: place.width * power, height: place.height * power });
    context.restore();
    context.strokeStyle = "#5db3f5";
    context.lineWidth = 1.5;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.stroke();
  }

  #develop() {
    const low = this.centre - this.width / 2;
    for (let value = 0; value < 65536; value++) {
      let grey = ((value - low) / this.width) * 255;
      grey = grey < 0 ? 0 : grey > 255 ? 255 : Math.round(grey);
      if (this.inverted) grey = 255 - grey;
      this.table[value] = 0xff000000 | (grey << 16) | (grey << 8) | grey;
    }
    const context = this.developed.getContext("2d");
    const data = context.createImageData(this.meta.columns, this.meta.rows);
    const out = new Uint32Array(data.data.buffer);
    const { pixels, table } = this;
    for (let i = 0; i < pixels.length; i++) out[i] = table[pixels[i]];
    context.putImageData(data, 0, 0);
    this.stale = false;
  }
}
