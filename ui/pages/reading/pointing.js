// What joins the report and the images: a sentence in hand shows where it was written from, a region in hand lights its
// sentences. Knows nothing about words or servers.
import { hear } from "../../kit/dom.js";
import { showTags } from "./tags_dialog.js";

export class Pointing {
  constructor(room) {
    this.room = room;
    const { film } = room;
    hear(film, "region", (region) => this.#take(region));
    hear(film, "drawn", (region) => this.#take(region));
    hear(film, "rename", ({ from, to }) => {
      film.boxes.rename(from, to);
      film.choose(to);
    });
    film.addEventListener("tags", () => this.showTags());
  }

  #take(region) {
    this.room.film.choose(region);
    this.room.cards.light(region);
  }

  // The sentence under the pointer, else the pinned one.
  at(hovered = null) {
    const { cards, film } = this.room;
    const index = hovered ?? cards.pinned;
    film.evidence.focus(index === null ? null : cards.sentences[index] ?? null);
  }

  // A region that was pressed on a card.
  pressed(name, index) {
    const { cards, film } = this.room;
    if (cards.pinned !== index) cards.pin(index);
    film.choose(film.overlay.chosen === name ? null : name);
  }

  showTags() {
    const { study, film } = this.room;
    if (study) showTags({ ...film.image, notices: film.pane.notices });
  }

  // One thing at a time, the innermost first.
  letGo() {
    const { cards, film } = this.room;
    if (film.boxes.busy) film.boxes.stopDrawing();
    else if (film.ruler.measuring) film.ruler.set(false);
    else if (film.ruler.lines.length) film.ruler.clear();
    else if (film.overlay.chosen) {
      film.choose(null);
      cards.lit = new Set();
      cards.render();
    } else if (cards.pinned !== null) cards.pin(cards.pinned);
  }
}
