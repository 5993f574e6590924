// The images of one study on the wall: side by side, or one large with all of them as thumbnails beside it; one of them
// is in hand. Tells "active" when another one is taken. Knows nothing about reports.
import { fill, h } from "../kit/dom.js";
import { viewName } from "./images.js";
import { fetchAhead } from "./pixel_store.js";

const aspectOf = ({ image }) => (image ? image.columns / image.rows : 1);

export class Hanging extends EventTarget {
  // makePane: () => a Pane; they are kept and used again for the next study.
  constructor(makePane, label) {
    super();
    this.makePane = makePane;
    this.pool = [];
    this.panes = [];
    this.beside = false;
    this.marked = new Set();
    this.films = h("div", { class: "panes" });
    this.thumbnails = h("div", { class: "thumbnails", role: "group", "aria-label": label });
    this.tools = h("div", { class: "hanging-tools" }); // filled by the owner
    this.strip = h("div", { class: "beside-panes" }, this.thumbnails, this.tools);
    this.root = h("div", { class: "hanging" }, this.films, this.strip);
    this.set([]);
  }

  // A study's images; there is always a pane, so that there is always one in hand.
  set(images, active = 0) {
    while (this.pool.length < Math.max(1, images.length)) this.pool.push(this.#madePane());
    for (const [index, pane] of this.pool.entries()) pane.assign(images[index] ?? null, { named: images.length > 1 });
    this.panes = this.pool.slice(0, Math.max(1, images.length));
    this.images = images;
    this.active = this.panes[active];
    this.marked = new Set();
    fill(this.thumbnails, images.length > 1 ? this.panes.map((pane) => this.#madeThumbnail(pane)) : []);
    this.#hang();
  }

  #madePane() {
    const pane = this.makePane();
    const take = () => this.take(pane);
    pane.root.addEventListener("pointerdown", take, { capture: true });
    pane.root.addEventListener("wheel", take, { capture: true, passive: true });
    return pane;
  }

  get shown() {
    return this.beside ? this.panes : [this.active];
  }

  // Width over height of everything that is shown, together.
  get aspect() {
    return this.shown.reduce((sum, pane) => sum + aspectOf(pane), 0);
  }

  // Fetches the image in hand, then the others: as pictures where they are shown, else only their pixels.
  async open() {
    const { images, active } = this;
    if (!images.length) return;
    await active.open();
    if (this.images !== images) return;
    for (const pane of this.panes) {
      if (this.shown.includes(pane)) pane.open();
      else fetchAhead(pane.image);
    }
  }

  take(pane) {
    if (this.active === pane || !this.panes.includes(pane)) return;
    this.active = pane;
    this.#hang();
    this.open();
    this.dispatchEvent(new Event("active"));
  }

  step(by) {
    const { panes } = this;
    this.take(panes[(panes.indexOf(this.active) + by + panes.length) % panes.length]);
  }

  setBeside(beside) {
    if (this.beside === beside) return;
    this.beside = beside;
    this.#hang();
    if (this.active.viewer.pixels) this.open();
  }

  // Images that show something about what the reader has in hand.
  mark(panes) {
    this.marked = new Set(panes);
    this.#showThumbnails();
  }

  #hang() {
    const roots = this.shown.map(({ root }) => root);
    // What hangs already stays in place: otherwise it would lose the pointer that holds it.
    if (roots.length !== this.films.children.length || roots.some((root, index) => this.films.children[index] !== root)) this.films.replaceChildren(...roots);
    const several = this.panes.length > 1;
    for (const pane of this.panes) {
      pane.root.classList.toggle("in-hand", several && this.beside && pane === this.active);
      pane.root.style.flexGrow = this.beside ? String(aspectOf(pane)) : "";
      pane.viewer.fit();
    }
    this.#showThumbnails();
  }

  #madeThumbnail(pane) {
    const name = viewName(pane.image);
    return h("button", { type: "button", onclick: () => this.take(pane) }, h("img", { src: `${pane.image.address}/thumbnail`, alt: "", draggable: false }), h("span", {}, name));
  }

  #showThumbnails() {
    const { panes, active } = this;
    this.strip.hidden = this.beside || panes.length < 2;
    for (const [index, button] of [...this.thumbnails.children].entries()) {
      const pane = panes[index];
      const marked = this.marked.has(pane) && pane !== active;
      const name = viewName(pane.image);
      button.className = [pane === active && "on", marked && "marked"].filter(Boolean).join(" ");
      button.title = marked ? `${name}: what is in hand lies here` : name;
      button.setAttribute("aria-pressed", String(pane === active));
      button.setAttribute("aria-label", `${name}, ${index + 1} of ${panes.length}${marked ? "; what is in hand lies here" : ""}`);
    }
  }
}
