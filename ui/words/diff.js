// Word differences between two texts, coloured. The comparison itself is jsdiff's. Knows nothing about pages.
import { h } from "../kit/dom.js";
import { html } from "../kit/view.js";
import { alikeness } from "./report_text.js";
import { diffWordsWithSpace } from "../kit/vendor/jsdiff/diff/word.js";

const UNLIKE = 0.34; // below this share of common words a mosaic of both says less than one after the other

/**
 * What became of the words, in order. With gone: false what was taken out is left out, for two texts side by side.
 * @param {string} before @param {string} after
 * @returns {{kind: "same" | "gone" | "new", text: string}[]}
 */
export function changes(before, after, { gone = true } = {}) {
  if (gone && before && after && alikeness(before, after) < UNLIKE)
    return [{ kind: "gone", text: before }, { kind: "same", text: " " }, { kind: "new", text: after }];
  return diffWordsWithSpace(before, after)
    .filter((piece) => gone || !piece.removed)
    .map((piece) => ({ kind: piece.removed ? "gone" : piece.added ? "new" : "same", text: piece.value }));
}

const TAGS = { gone: "del", new: "ins" };

// As part of a view, or as nodes.
export const diffView = (before, after, options = {}) =>
  changes(before, after, options).map(({ kind, text }) => (kind === "same" ? text : html`<${TAGS[kind]}>${text}</>`));

export const diffNodes = (before, after, options = {}) =>
  changes(before, after, options).map(({ kind, text }) => (kind === "same" ? text : h(TAGS[kind], {}, text)));
