// One sentence of the report as a card: its words with what changed in them, its regions, its marks, its tools.
// Knows neither its neighbours nor a server; `cards` hears what is asked of it.
import { diffNodes } from "../../../words/diff.js";
import { h } from "../../../kit/dom.js";
import { errorChips, errorRow } from "./error_marks.js";

const STATES = { untouched: "", accepted: "accepted", edited: "edited", added: "added", deleted: "deleted" };
const REGIONS_SHOWN = 4;

export function wordsOf(one) {
  if (one.state === "edited") return diffNodes(one.drafted, one.text);
  if (one.state === "deleted") return h("del", {}, one.drafted ?? one.text);
  if (one.state === "added") return h("ins", {}, one.text);
  return one.text;
}

export function cardNode(cards, index) {
  const one = cards.sentences[index];
  const pinned = cards.pinned === index;
  const editing = cards.editing === index;
  const inside = (event) => event.target.closest("button, textarea");
  const classes = ["sentence", one.state, pinned && "pinned", cards.lit.has(index) && "lit", editing && "editing"];
  const card = h("article", {
    class: classes.filter(Boolean).join(" "), "data-index": String(index), tabindex: editing ? null : "0", "aria-current": pinned ? "true" : null,
    "aria-label": `Sentence ${index + 1}${one.state === "untouched" ? "" : `, ${one.state}`}`,
    onpointerenter: () => cards.onHover(index), onpointerleave: () => cards.onHover(null),
    onclick: (event) => { if (!inside(event)) cards.pin(index); },
    ondblclick: (event) => { if (!inside(event)) cards.edit(index); },
    onkeydown: (event) => { if (event.target === card && event.key === "Enter" && !event.ctrlKey && !event.metaKey) { event.preventDefault(); event.stopPropagation(); cards.pin(index); } },
  });
  card.append(editing ? area(cards, index) : h("p", { class: "text" }, wordsOf(one)));
  const state = [STATES[one.state], one.confidence === null ? "" : one.confidence.toFixed(2)].filter(Boolean).join(" · ");
  const act = cards.readOnly ? null : {
    onToggle: (category, significant) => cards.mark(index, category, significant),
    onConfirm: (category) => cards.confirm(index, category),
    onDismiss: (category) => cards.dismiss(index, category),
  };
  card.append(h("div", { class: "under" },
    one.regions.slice(0, REGIONS_SHOWN).map(({ name, weight }) => h("button", { type: "button", class: "region", title: weight === undefined ? "Show this region" : `Weight ${weight.toFixed(2)}. Show this region`, onclick: () => cards.onRegion(name, index) }, name)),
    errorChips(one, act),
    h("span", { class: "state meta number", title: one.confidence === null ? null : "How sure the model was of these words" }, state)));
  if (one.flag) card.append(h("p", { class: "flag" }, `⚑ ${one.flag}`));
  if (act && pinned && !editing && (cards.marking || ["edited", "deleted", "added"].includes(one.state))) card.append(errorRow(one, act.onToggle));
  if (act && !editing) card.append(tools(cards, index, one));
  return card;
}

function area(cards, index) {
  const box = h("textarea", {
    rows: "1", "aria-label": `Sentence ${index + 1}`, placeholder: "Write a sentence",
    oninput: () => {
      cards.expand(box);
      grow();
      cards.typed(index, box.value);
    },
    onblur: () => {
      if (cards.editing === index && cards.expand(box, { atEnd: true })) cards.typed(index, box.value);
      cards.finish(index);
    },
    onkeydown: (event) => {
      if ((event.key === "Enter" && !event.ctrlKey && !event.metaKey) || event.key === "Escape") {
        event.preventDefault();
        event.stopPropagation();
        box.blur();
      }
    },
  });
  box.value = cards.sentences[index].text;
  const grow = () => {
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + 2}px`;
  };
  requestAnimationFrame(grow);
  return box;
}

function tools(cards, index, one) {
  const tool = (label, sign, act) => h("button", { class: "quiet", type: "button", tabindex: "-1", title: label, "aria-label": label, onclick: act }, sign);
  const marking = tool("Mark an error (1 – 6)", "!", () => cards.startMarking(index));
  if (one.state === "deleted") return h("div", { class: "tools" }, tool("Bring back (U)", "↩", () => cards.restore(index)), marking);
  return h("div", { class: "tools" },
    one.state === "edited" ? tool("Back to the draft's words (U)", "↩", () => cards.restore(index)) : null,
    one.drafted !== null && one.state !== "edited" ? tool("Accept (A)", "✓", () => cards.accept(index)) : null,
    tool("Edit (E)", "✎", () => cards.edit(index)), marking,
    tool("Move up (Shift+K)", "↑", () => cards.move(index, -1)), tool("Move down (Shift+J)", "↓", () => cards.move(index, 1)),
    tool("Add a sentence below (O)", "+", () => cards.add(index + 1, one.section)),
    tool("Delete (X)", "✕", () => cards.remove(index)));
}
