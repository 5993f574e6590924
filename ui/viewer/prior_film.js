// The patient's earlier study beside the one that is read: its image of the same view, and its others as thumbnails.
// Knows nothing about either study's report, or about which image follows the other's zoom.
import { fill, h, studyNumber } from "../kit/dom.js";
import { Hanging } from "./hanging.js";
import { counterpart, imagesOf } from "./images.js";
import { Pane } from "./pane.js";

function ago({ days_before: days, order_known: known }) {
  if (days === null) return "day not known";
  if (days < 1) return known ? "the same day" : "the same day, order not known";
  if (days < 60) return `${days} day${days === 1 ? "" : "s"} before`;
  const months = Math.round(days / 30.44);
  return months < 24 ? `${months} months before` : `${Math.round(days / 365.25)} years before`;
}

export class PriorFilm extends EventTarget {
  // moved, opened: (pane) => its image was zoomed or moved; is there.
  constructor({ moved, opened }) {
    super();
    this.isOpen = false;
    this.hanging = new Hanging(() => {
      const pane = new Pane({ lead: () => this.#title() });
      pane.strip.classList.add("prior-head");
      pane.viewer.addEventListener("moved", () => moved(pane));
      pane.addEventListener("opened", () => opened(pane));
      return pane;
    }, "Images of the prior study");
    this.hanging.addEventListener("active", () => this.dispatchEvent(new Event("active")));
    this.root = h("section", { class: "prior", hidden: true, "aria-label": "Prior study" });
  }

  get pane() {
    return this.hanging.active;
  }

  // image: the one in hand, whose counterpart is shown.
  toggle(prior, image) {
    if (this.isOpen) this.close();
    else this.#show(prior, image);
  }

  close() {
    this.isOpen = false;
    this.prior = null;
    this.root.hidden = true;
    fill(this.root);
    this.hanging.set([]);
    this.dispatchEvent(new Event("shown"));
  }

  // Turns to the image that is best compared with this one.
  follow(image) {
    const { images, panes } = this.hanging;
    if (this.isOpen && images.length) this.hanging.take(panes[counterpart(images, image)]);
  }

  #show(prior, image) {
    this.isOpen = true;
    this.prior = prior;
    this.root.hidden = false;
    const images = imagesOf(prior);
    fill(this.root, images.length ? this.hanging.root : h("p", { class: "film-message" }, "The files of the prior's images are missing or damaged. Tell whoever runs this server."));
    this.hanging.set(images, counterpart(images, image));
    this.dispatchEvent(new Event("shown"));
    this.hanging.open();
  }

  #title() {
    return this.prior ? h("span", {}, h("b", {}, `Prior ${studyNumber(this.prior.id)}`), ` · ${ago(this.prior)}`) : null;
  }
}
