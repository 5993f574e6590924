// Distances that the reader measures on a film: lines between two points in the original image's pixels, told in
// millimetres where the file says how large a pixel is. A viewer's tool; keeps nothing and knows nothing about reports.

const COLOUR = "#57b894";
const TICK = 5; // half the length of a line's end mark, CSS pixels
const SHORTEST = 4; // CSS pixels; less was a click
const PLANES = { patient: "", detector: " at the detector" };

// [x0, y0, x1, y1] in image pixels as words. At the detector everything is drawn larger than it is in the patient.
export function lengthOf([x0, y0, x1, y1], { pixel_spacing_mm: spacing, spacing_plane: plane }) {
  if (!spacing) return `${Math.round(Math.hypot(x1 - x0, y1 - y0))} pixels`;
  const [down, across] = spacing;
  return `${Math.hypot((x1 - x0) * across, (y1 - y0) * down).toFixed(1)} mm${PLANES[plane] ?? " (plane not said)"}`;
}

export class Ruler extends EventTarget {
  constructor(viewer) {
    super();
    this.viewer = viewer;
    this.lines = [];
    this.measuring = false;
    this.canvas = document.createElement("canvas");
    this.canvas.className = "ruler";
    viewer.host.append(this.canvas);
    viewer.tools.unshift(this);
    viewer.addEventListener("drawn", () => this.#paint());
  }

  // The lengths on the film in words, the newest last.
  get lengths() {
    return this.viewer.pixels ? this.lines.map((line) => lengthOf(line, this.viewer.meta)) : [];
  }

  // While on, a drag measures; it stays on for the next line.
  set(measuring) {
    this.measuring = measuring && Boolean(this.viewer.pixels);
    this.viewer.host.classList.toggle("drawing", this.measuring);
    this.#paint();
    this.dispatchEvent(new Event("measuring"));
  }

  clear() {
    this.lines = [];
    this.set(false);
  }

  grab(from) {
    if (!this.measuring) return null;
    const line = [...this.viewer.toImage(...from), ...this.viewer.toImage(...from)];
    this.lines.push(line);
    const follow = (to) => {
      line.splice(2, 2, ...this.viewer.toImage(...to));
      this.#changed();
    };
    return {
      move: follow,
      end: (to, cancelled) => {
        follow(to);
        if (cancelled || Math.hypot(to[0] - from[0], to[1] - from[1]) < SHORTEST) this.lines = this.lines.filter((one) => one !== line);
        this.#changed();
      },
    };
  }

  #changed() {
    this.#paint();
    this.dispatchEvent(new Event("changed"));
  }

  #paint() {
    const { viewer, canvas } = this;
    const { width, height } = viewer.canvas;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const context = canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.clearRect(0, 0, width, height);
    if (!viewer.pixels || !this.lines.length) return;
    context.setTransform(viewer.ratio, 0, 0, viewer.ratio, 0, 0);
    const { x, y, scale } = viewer.placement();
    for (const line of this.lines) this.#paintLine(context, line.map((value, index) => (index % 2 ? y : x) + value * scale), lengthOf(line, viewer.meta));
  }

  #paintLine(context, [x0, y0, x1, y1], words) {
    const angle = Math.atan2(y1 - y0, x1 - x0);
    const [dx, dy] = [Math.sin(angle) * TICK, -Math.cos(angle) * TICK];
    for (const [style, thick] of [["rgb(11 13 16 / 80%)", 4], [COLOUR, 1.5]]) {
      context.strokeStyle = style;
      context.lineWidth = thick;
      context.beginPath();
      for (const [ax, ay, bx, by] of [[x0, y0, x1, y1], [x0 - dx, y0 - dy, x0 + dx, y0 + dy], [x1 - dx, y1 - dy, x1 + dx, y1 + dy]]) {
        context.moveTo(ax, ay);
        context.lineTo(bx, by);
      }
      context.stroke();
    }
    context.font = "11px Inter, 'Segoe UI', system-ui, 'DejaVu Sans', sans-serif";
    const width = context.measureText(words).width + 10;
    const left = Math.min(Math.max(2, x1 + 8), this.viewer.cssWidth - width - 2);
    const top = Math.min(Math.max(2, y1 - 20), this.viewer.cssHeight - 18);
    context.fillStyle = "rgb(11 13 16 / 78%)";
    context.beginPath();
    context.roundRect(left, top, width, 16, 3);
    context.fill();
    context.fillStyle = COLOUR;
    context.textBaseline = "middle";
    context.fillText(words, left + 5, top + 8.5);
  }
}
