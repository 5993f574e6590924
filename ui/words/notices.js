// How a page shows a notice of the server: as gravely as it is meant, and compared by code and values, never by
// sentence.
import { html } from "../kit/view.js";

const CLASSES = { info: "meta", caution: "notice", stop: "notice red" };

export const noticeView = ({ code, severity, sentence }, attributes = {}) => html`<p class=${CLASSES[severity]} data-code=${code} ...${attributes}>${sentence}</p>`;

const keyOf = ({ code, values }) => JSON.stringify([code, values]);

// Those of the notices that are not shown already.
export function without(notices, said) {
  const known = new Set(said.map(keyOf));
  return notices.filter((one) => !known.has(keyOf(one)));
}
