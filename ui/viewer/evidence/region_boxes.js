// The reader's own boxes: drawn, moved, resized or taken away, always in the original image's pixels.
// A viewer's tool: takes a press on the grips of the chosen box, or any press while drawing. Knows nothing about
// servers.

const REACH = 7; // CSS pixels from a grip or an edge within which a press takes hold of it
const SMALLEST = 5; // CSS pixels; less was a click, not a box
const EDGES = { n: [0, 1, 0, 0], s: [0, 0, 0, 1], w: [1, 0, 0, 0], e: [0, 0, 1, 0] };

const tenth = (value) => Math.round(value * 10) / 10;

function overlap([ax, ay, aw, ah], [bx, by, bw, bh]) {
  const width = Math.min(ax + aw, bx + bw) - Math.max(ax, bx);
  const height = Math.min(ay + ah, by + bh) - Math.max(ay, by);
  const both = Math.max(0, width) * Math.max(0, height);
  return both / (aw * ah + bw * bh - both);
}

export class RegionBoxes extends EventTarget {
  constructor(viewer) {
    super();
    this.viewer = viewer;
    this.marks = new Map();
    this.readOnly = true;
    this.drawing = null; // null, or {region: name | null} while the next drag draws a box
    this.unnamed = null; // a box that was drawn where nothing tells which region it could be
    viewer.tools.push(this);
    viewer.addEventListener("point", (event) => this.#cursor(event.detail));
  }

  attach(overlay) {
    this.overlay = overlay;
  }

  set(marks, readOnly) {
    this.marks.clear();
    for (const [name, mark] of marks) this.marks.set(name, mark);
    this.readOnly = readOnly;
    this.stopDrawing();
    this.overlay.show({ grips: !readOnly });
  }

  startDrawing(region) {
    if (this.readOnly || !this.viewer.pixels) return;
    this.unnamed = null;
    this.drawing = { region };
    this.viewer.host.classList.add("drawing");
    this.dispatchEvent(new Event("drawing"));
  }

  get busy() {
    return this.drawing !== null || this.unnamed !== null;
  }

  stopDrawing() {
    if (!this.busy) return;
    this.drawing = this.unnamed = null;
    this.viewer.host.classList.remove("drawing");
    this.overlay.show({ rubber: null });
    this.dispatchEvent(new Event("drawing"));
  }

  // Says where a region lies. A region that the model sees nowhere, or a box drawn anew, is "drawn"; else "moved".
  place(region, box, action) {
    if (this.readOnly) return;
    const [x, y, width, height] = this.#within(box).map(tenth);
    const known = this.marks.get(region)?.action;
    this.marks.set(region, { action: known === "drawn" ? "drawn" : action, box_xywh: [x, y, width, height] });
    this.#changed(region);
  }

  remove(region) {
    if (this.readOnly || !this.overlay.region(region)) return;
    this.marks.set(region, { action: "removed", box_xywh: null });
    this.#changed(region);
  }

  // Back to what the model saw.
  restore(region) {
    if (this.readOnly || !this.marks.has(region)) return;
    this.marks.delete(region);
    this.#changed(region);
  }

  rename(from, to) {
    if (this.readOnly || from === to || !this.marks.has(from)) return;
    const mark = this.marks.get(from);
    this.marks.delete(from);
    this.#changed(from);
    this.marks.set(to, mark);
    this.#changed(to);
  }

  // Moves the chosen box, or its right and lower edge, by whole image pixels.
  nudge(x, y, { size = false } = {}) {
    const region = this.overlay.chosen && this.overlay.region(this.overlay.chosen);
    if (!region || this.readOnly) return;
    const [left, top, width, height] = region.box_xywh;
    const box = size ? this.#within([left, top, Math.max(1, width + x), Math.max(1, height + y)], true) : [left + x, top + y, width, height];
    this.place(region.name, box, "moved");
  }

  grab(point) {
    if (this.readOnly) return null;
    if (this.drawing) return this.#draw(point);
    const held = this.#held(point);
    return held ? this.#drag(point, held) : null;
  }

  #draw(from) {
    const { viewer, overlay } = this;
    const start = viewer.toImage(...from);
    const boxTo = (to) => {
      const [x, y] = viewer.toImage(...to);
      return this.#within([Math.min(x, start[0]), Math.min(y, start[1]), Math.abs(x - start[0]), Math.abs(y - start[1])], true);
    };
    return {
      move: (to) => overlay.show({ rubber: boxTo(to) }),
      end: (to, cancelled) => {
        const { region } = this.drawing ?? {};
        this.stopDrawing();
        if (cancelled || Math.hypot(to[0] - from[0], to[1] - from[1]) < SMALLEST) return;
        const box = boxTo(to);
        const name = region ?? this.#likeliest(box);
        this.unnamed = box;
        if (name) this.name(name);
        else {
          overlay.show({ rubber: box });
          this.dispatchEvent(new Event("drawing"));
        }
      },
    };
  }

  // Names the region of the box that was drawn last.
  name(region) {
    const box = this.unnamed;
    this.stopDrawing();
    this.marks.delete(region);
    this.place(region, box, "drawn");
    this.dispatchEvent(new CustomEvent("drawn", { detail: region }));
  }

  #drag(from, { name, box, edges }) {
    const { viewer, overlay } = this;
    const before = this.marks.get(name);
    const [x0, y0] = viewer.toImage(...from);
    const boxTo = (to) => {
      const [x1, y1] = viewer.toImage(...to);
      const [dx, dy] = [x1 - x0, y1 - y0];
      let [left, top, right, bottom] = [box[0], box[1], box[0] + box[2], box[1] + box[3]];
      left += edges[0] * dx;
      top += edges[1] * dy;
      right += edges[2] * dx;
      bottom += edges[3] * dy;
      return this.#within([Math.min(left, right), Math.min(top, bottom), Math.abs(right - left), Math.abs(bottom - top)], edges.includes(0));
    };
    return {
      move: (to) => {
        this.marks.set(name, { action: "moved", box_xywh: boxTo(to) });
        overlay.paint();
      },
      end: (to, cancelled) => {
        if (before) this.marks.set(name, before);
        else this.marks.delete(name);
        const moved = Math.hypot(to[0] - from[0], to[1] - from[1]) >= 1;
        if (!cancelled && moved) this.place(name, boxTo(to), "moved");
        else overlay.paint();
      },
    };
  }

  // The part of the chosen box under a point: {name, box, edges: [left, top, right, bottom] that follow the drag}.
  #held(point) {
    const { overlay } = this;
    const region = overlay?.chosen && overlay.region(overlay.chosen);
    if (!region || !point || this.readOnly) return null;
    const { x, y, width, height } = overlay.onHost(region.box_xywh);
    const near = (a, b) => Math.abs(a - b) <= REACH;
    const [px, py] = point;
    if (px < x - REACH || px > x + width + REACH || py < y - REACH || py > y + height + REACH) return null;
    const sides = [near(py, y) && "n", near(py, y + height) && "s", near(px, x) && "w", near(px, x + width) && "e"].filter(Boolean);
    if (!sides.length) return null;
    const corner = sides.length >= 2;
    const middle = near(px, x + width / 2) || near(py, y + height / 2);
    // A corner or the middle of a side is a grip that resizes; the line between them moves the whole box.
    const pulled = corner || middle ? sides : Object.keys(EDGES);
    const edges = pulled.map((side) => EDGES[side]).reduce((sum, one) => sum.map((value, index) => Math.min(1, value + one[index])), [0, 0, 0, 0]);
    return { name: region.name, box: region.box_xywh, edges, cursor: corner || middle ? `${sides.slice(0, 2).join("")}-resize` : "move" };
  }

  #cursor(point) {
    this.viewer.host.style.cursor = this.drawing ? "crosshair" : this.#held(point)?.cursor ?? "";
  }

  // The box inside the image: cut off at its border, or else pushed back as a whole.
  #within([x, y, width, height], cut = false) {
    const { rows, columns } = this.viewer.meta;
    const left = Math.min(Math.max(0, x), columns);
    const top = Math.min(Math.max(0, y), rows);
    if (!cut) return [Math.min(left, Math.max(0, columns - width)), Math.min(top, Math.max(0, rows - height)), Math.max(1, Math.min(width, columns)), Math.max(1, Math.min(height, rows))];
    return [left, top, Math.max(0, Math.min(x + width, columns) - left), Math.max(0, Math.min(y + height, rows) - top)];
  }

  #likeliest(box) {
    const regions = this.overlay.report?.regions ?? [];
    return [...regions].sort((a, b) => overlap(b.box_xywh, box) - overlap(a.box_xywh, box))[0]?.name ?? null;
  }

  #changed(region) {
    this.overlay.paint();
    this.dispatchEvent(new CustomEvent("changed", { detail: region }));
  }
}
