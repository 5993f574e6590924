// The six categories of error on one sentence: confirmed by the reader, or suggested and waiting for that.
// A mark is {category, significant}. Pure except for the chips it draws; knows nothing about servers.
import { html } from "../../../kit/view.js";
import { ERROR_CATEGORIES } from "../../../words/vocabulary.js";

const numberOf = (category) => ERROR_CATEGORIES.indexOf(category) + 1;
const has = (marks, category) => marks.find((one) => one.category === category);
const without = (marks, category) => marks.filter((one) => one.category !== category);
const inOrder = (marks) => [...marks].sort((a, b) => numberOf(a.category) - numberOf(b.category));

// Sets a category; the same key again takes it away, the other key changes whether it is significant.
export function toggled(card, category, significant) {
  const known = has(card.errors, category);
  const rest = without(card.errors, category);
  card.errors = known && known.significant === significant ? rest : inOrder([...rest, { category, significant }]);
  card.suggested = without(card.suggested, category);
}

export function confirmed(card, category = null) {
  const taken = card.suggested.filter((one) => category === null || one.category === category);
  card.errors = inOrder([...card.errors, ...taken.filter((one) => !has(card.errors, one.category))]);
  card.suggested = card.suggested.filter((one) => !taken.includes(one));
}

export function suggest(card, marks) {
  card.suggested = inOrder(marks.filter(({ category }) => !has(card.errors, category)));
}

const label = ({ category, significant }) => `${numberOf(category)} ${category}${significant ? " · significant" : ""}`;

// Chips under a sentence. act: {onToggle(category, significant), onConfirm(category), onDismiss(category)}; null when read-only.
export function errorChips(card, act) {
  const chips = card.errors.map((one) => html`<button type="button" class=${`error ${one.significant ? "significant" : ""}`} disabled=${!act} data-error=${one.category}
    title=${act ? "Press to take this mark away" : null} onclick=${() => act?.onToggle(one.category, one.significant)}>${label(one)}</button>`);
  if (!act) return chips;
  return [...chips, card.suggested.map((one) => html`<span class="suggested">
    <button type="button" class=${`error suggestion ${one.significant ? "significant" : ""}`} data-suggested=${one.category}
      title="Suggested by the edit. Press to confirm (Y confirms all)" onclick=${() => act.onConfirm(one.category)}>${label(one)} ?</button>
    <button type="button" class="error dismiss" title="Not so" aria-label=${`Dismiss: ${one.category}`} onclick=${() => act.onDismiss(one.category)}>×</button>
  </span>`)];
}

// All six, to press with the mouse; Shift makes it significant there too.
export function errorRow(card, onToggle) {
  return html`<div class="error-row" role="group" aria-label="What was wrong with this sentence">
    ${ERROR_CATEGORIES.map((category, index) => {
      const known = has(card.errors, category);
      return html`<button type="button" class=${known ? `on ${known.significant ? "significant" : ""}` : ""} aria-pressed=${String(Boolean(known))}
        title=${`${category}; with Shift: significant`} onclick=${(event) => onToggle(category, event.shiftKey)}><b>${index + 1}</b> ${category}</button>`;
    })}
  </div>`;
}
