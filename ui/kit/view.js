// Views that are drawn again and again: what is on the page is brought to what the view says, node by node, so that the
// caret, the focus and a half-pressed button stay where they are. htm and preact in one file; no build step.
// As in `dom`, every text goes in as a text node: nothing that came from a file or a person is ever markup.
// A host that was drawn by `show` belongs to it: nobody else puts nodes there.
import { html, render } from "./vendor/htm-preact/standalone.module.js";

export { html };

/** Draws the view into the host, at once. @param {Element} host @param {unknown} view */
export const show = (host, view) => render(view, host);
