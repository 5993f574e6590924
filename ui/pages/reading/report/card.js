// One sentence of the report as a card: its words with what changed in them, its regions, its marks, its tools.
// Knows nothing about its neighbours or a server; `cards` hears what is asked of it.
import { html } from "../../../kit/view.js";
import { diffView } from "../../../words/diff.js";
import { errorChips, errorRow } from "./error_marks.js";

const STATES = { untouched: "", accepted: "accepted", edited: "edited", added: "added", deleted: "deleted" };
const REGIONS_SHOWN = 4;

function wordsOf(one) {
  if (one.state === "edited") return diffView(one.drafted, one.text);
  if (one.state === "deleted") return html`<del>${one.drafted ?? one.text}</del>`;
  if (one.state === "added") return html`<ins>${one.text}</ins>`;
  return one.text;
}

export function cardView(cards, index) {
  const one = cards.sentences[index];
  const pinned = cards.pinned === index;
  const editing = cards.editing === index;
  const inside = (event) => event.target.closest("button, textarea");
  const classes = ["sentence", one.state, pinned && "pinned", cards.lit.has(index) && "lit", editing && "editing"];
  const state = [STATES[one.state], one.confidence === null ? "" : one.confidence.toFixed(2)].filter(Boolean).join(" · ");
  const act = cards.readOnly ? null : {
    onToggle: (category, significant) => cards.mark(index, category, significant),
    onConfirm: (category) => cards.confirm(index, category),
    onDismiss: (category) => cards.dismiss(index, category),
  };
  const pinByKey = (event) => {
    if (event.target !== event.currentTarget || event.key !== "Enter" || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    event.stopPropagation();
    cards.pin(index);
  };
  return html`<article key=${index} class=${classes.filter(Boolean).join(" ")} data-index=${index} tabindex=${editing ? null : "0"} aria-current=${pinned ? "true" : null}
      aria-label=${`Sentence ${index + 1}${one.state === "untouched" ? "" : `, ${one.state}`}`}
      onpointerenter=${() => cards.onHover(index)} onpointerleave=${() => cards.onHover(null)}
      onclick=${(event) => { if (!inside(event)) cards.pin(index); }} ondblclick=${(event) => { if (!inside(event)) cards.edit(index); }} onkeydown=${pinByKey}>
    ${editing ? area(cards, index) : html`<p class="text">${wordsOf(one)}</p>`}
    <div class="under">
      ${one.regions.slice(0, REGIONS_SHOWN).map(({ name, weight }) => html`<button type="button" class="region" onclick=${() => cards.onRegion(name, index)}
        title=${weight === undefined ? "Show this region" : `Weight ${weight.toFixed(2)}. Show this region`}>${name}</button>`)}
      ${errorChips(one, act)}
      <span class="state meta number" title=${one.confidence === null ? null : "How sure the model was of these words"}>${state}</span>
    </div>
    ${one.flag && html`<p class="flag">⚑ ${one.flag}</p>`}
    ${one.state !== "deleted" && cards.isUnread(one.text) && html`<p class="unread meta" data-unread="">Not read by the rules: nothing is derived from it.</p>`}
    ${act && pinned && !editing && (cards.marking || ["edited", "deleted", "added"].includes(one.state)) && errorRow(one, act.onToggle)}
    ${act && !editing && tools(cards, index, one)}
  </article>`;
}

// The box keeps its own words: it is given them when it opens, and drawing the cards again leaves it alone.
function area(cards, index) {
  const grow = (box) => {
    box.style.height = "auto";
    box.style.height = `${box.scrollHeight + 2}px`;
  };
  const opened = (box) => {
    if (!box || box.dataset.opened) return;
    box.dataset.opened = "";
    box.value = cards.sentences[index].text;
    requestAnimationFrame(() => grow(box));
  };
  const typed = ({ currentTarget: box }) => {
    cards.expand(box);
    grow(box);
    cards.typed(index, box.value);
  };
  const left = ({ currentTarget: box }) => {
    if (cards.editing === index && cards.expand(box, { atEnd: true })) cards.typed(index, box.value);
    cards.finish(index);
  };
  const done = (event) => {
    if ((event.key !== "Enter" || event.ctrlKey || event.metaKey) && event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    event.currentTarget.blur();
  };
  return html`<textarea key=${`edit ${index}`} ref=${opened} rows="1" aria-label=${`Sentence ${index + 1}`} placeholder="Write a sentence"
    oninput=${typed} onblur=${left} onkeydown=${done}></textarea>`;
}

function tools(cards, index, one) {
  const tool = (label, sign, act) => html`<button class="quiet" type="button" tabindex="-1" title=${label} aria-label=${label} onclick=${act}>${sign}</button>`;
  const marking = tool("Mark an error (1 – 6)", "!", () => cards.startMarking(index));
  if (one.state === "deleted") return html`<div class="tools">${tool("Bring back (U)", "↩", () => cards.restore(index))}${marking}</div>`;
  return html`<div class="tools">
    ${one.state === "edited" && tool("Back to the draft's words (U)", "↩", () => cards.restore(index))}
    ${one.drafted !== null && one.state !== "edited" && tool("Accept (A)", "✓", () => cards.accept(index))}
    ${tool("Edit (E)", "✎", () => cards.edit(index))}${marking}
    ${tool("Move up (Shift+K)", "↑", () => cards.move(index, -1))}${tool("Move down (Shift+J)", "↓", () => cards.move(index, 1))}
    ${tool("Add a sentence below (O)", "+", () => cards.add(index + 1, one.section))}
    ${tool("Delete (X)", "✕", () => cards.remove(index))}
  </div>`;
}
