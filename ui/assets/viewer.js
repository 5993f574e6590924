// The radiograph on a canvas: 16-bit pixels fetched once; window, zoom, pan, invert and reset happen here.
// Knows no report: overlay.js draws over it and is told where the image lies. Units: image pixels, CSS pixels.
import { request } from "./api.js";
import { presetsOf } from "./window_presets.js";

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
    this.stale = true;
    this.pending = false;
    this.fit();
    new ResizeObserver(() => this.fit()).observe(host);
    this.#listen();
  }

  async open(meta) {
    this.close();
    const asked = (this.asked = meta.id);
    const response = await request("GET", `/api/studies/${meta.id}/pixels`);
    const buffer = await response.arrayBuffer();
    if (asked !== this.asked) return false;
    this.meta = meta;
    this.pixels = new Uint16Array(buffer);
    this.developed.width = meta.columns;
    this.developed.height = meta.rows;
    this.presets = presetsOf(this.pixels, meta);
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
    [this.centre, this.width] = this.meta.window;
    this.inverted = false;
    this.zoom = 1;
    this.panX = 0;
    this.panY = 0;
    this.redevelop();
  }

  preset(index) {
    const chosen = this.presets?.[index];
    if (!chosen) return;
    [this.centre, this.width] = chosen.window;
    this.redevelop();
  }

  invert() {
    this.inverted = !this.inverted;
    this.redevelop();
  }

  redevelop() {
    this.stale = true;
    this.draw();
  }

  fit() {
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

  zoomAt(x, y, factor) {
    if (!this.pixels) return;
    const [imageX, imageY] = this.toImage(x, y);
    this.zoom = Math.min(16, Math.max(0.5, this.zoom * factor));
    const place = this.placement();
    this.panX += x - (place.x + imageX * place.scale);
    this.panY += y - (place.y + imageY * place.scale);
    this.draw();
  }

  draw() {
    if (this.pending) return;
    this.pending = true;
    requestAnimationFrame(() => {
      this.pending = false;
      this.#paint();
    });
  }

  #paint() {
    const { context } = this;
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    context.fillStyle = "#000";
    context.fillRect(0, 0, this.cssWidth, this.cssHeight);
    if (this.pixels && this.cssWidth > 0) {
      if (this.stale) this.#develop();
      const place = this.placement();
      context.imageSmoothingEnabled = place.scale * this.ratio < 3;
      context.imageSmoothingQuality = "high";
      context.drawImage(this.developed, place.x, place.y, place.width, place.height);
    }
    this.dispatchEvent(new Event("drawn"));
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

  #listen() {
    const host = this.host;
    let drag = null;
    let space = false;
    const here = (event) => {
      const box = host.getBoundingClientRect();
      return [event.clientX - box.left, event.clientY - box.top];
    };
    window.addEventListener("keydown", (event) => { if (event.code === "Space") space = true; });
    window.addEventListener("keyup", (event) => { if (event.code === "Space") space = false; });
    window.addEventListener("blur", () => { space = false; });
    host.addEventListener("contextmenu", (event) => event.preventDefault());
    host.addEventListener("wheel", (event) => {
      event.preventDefault();
      this.zoomAt(...here(event), Math.exp(-event.deltaY * 0.0015));
    }, { passive: false });
    host.addEventListener("pointerdown", (event) => {
      if (!this.pixels || event.target.closest("button")) return;
      event.preventDefault();
      const pan = event.button !== 0 || event.shiftKey || space;
      drag = { x: event.clientX, y: event.clientY, pan, centre: this.centre, width: this.width, panX: this.panX, panY: this.panY, far: false };
      host.setPointerCapture(event.pointerId);
    });
    host.addEventListener("pointermove", (event) => {
      if (!drag) {
        this.dispatchEvent(new CustomEvent("point", { detail: here(event) }));
        return;
      }
      const dx = event.clientX - drag.x;
      const dy = event.clientY - drag.y;
      if (Math.hypot(dx, dy) > 3) drag.far = true;
      if (!drag.far) return;
      if (drag.pan) {
        this.panX = drag.panX + dx;
        this.panY = drag.panY + dy;
        this.draw();
      } else {
        // A drag over half the screen covers the range of grey values that the image uses.
        const step = this.presets[1].window[1] / 700;
        this.width = Math.max(2, drag.width + dx * step);
        this.centre = drag.centre + dy * step;
        this.redevelop();
      }
    });
    const release = (event) => {
      if (drag && !drag.far && !drag.pan && event.type === "pointerup") this.dispatchEvent(new CustomEvent("press", { detail: here(event) }));
      drag = null;
    };
    host.addEventListener("pointerup", release);
    host.addEventListener("pointercancel", release);
    host.addEventListener("pointerleave", () => this.dispatchEvent(new CustomEvent("point", { detail: null })));
  }
}
