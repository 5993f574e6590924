// The report in one box, for those who prefer it: the same sentences as the cards, found again in what is typed.
// Knows nothing about servers or images.
import { cardsOfText, reportText, textOf } from "../../../words/report_text.js";
import { h } from "../../../kit/dom.js";

export class FreeText {
  // cards: the Cards whose sentences this writes, and whose abbreviations; onChange as theirs.
  constructor(cards, { heads, onChange, onFinished }) {
    this.cards = cards;
    this.heads = heads;
    this.onChange = onChange;
    this.onFinished = onFinished;
    this.box = h("textarea", {
      class: "free-text", "aria-label": "Report text", spellcheck: "true",
      oninput: () => {
        cards.expand(this.box);
        this.#typed();
      },
      onblur: () => this.leave(),
      onkeydown: (event) => {
        if (event.key === "Escape") {
          event.stopPropagation();
          this.box.blur();
        }
      },
    });
    this.touched = false;
  }

  // Writes the cards into the box, unless somebody is typing in it.
  show() {
    const text = textOf(this.cards.sentences, this.heads());
    if (document.activeElement !== this.box || reportText(cardsOfText(this.box.value, this.cards.sentences), this.heads()) !== reportText(this.cards.sentences, this.heads())) this.box.value = text;
    this.box.readOnly = this.cards.readOnly;
  }

  leave() {
    if (!this.touched) return;
    if (this.cards.expand(this.box, { atEnd: true })) this.#typed();
    this.touched = false;
    for (const one of this.cards.sentences) if (["edited", "added", "deleted"].includes(one.state)) this.onFinished(one);
    this.onChange();
  }

  #typed() {
    if (this.cards.readOnly) return;
    if (!this.touched) this.cards.remember();
    this.touched = true;
    this.cards.sentences = cardsOfText(this.box.value, this.cards.sentences);
    this.onChange();
  }
}
