// Word differences between two texts, coloured. The comparison itself is jsdiff's. Knows no page state.
import { h } from "../kit/dom.js";
import { alikeness } from "./report_text.js";
import { diffWordsWithSpace } from "../kit/vendor/jsdiff/diff/word.js";

const UNLIKE = 0.34; // below this share of common words a mosaic of both says less than one after the other

// With gone: false only what is new in `after` is marked, for two texts that stand side by side.
export function diffNodes(before, after, { gone = true } = {}) {
  if (gone && before && after && alikeness(before, after) < UNLIKE) return [h("del", {}, before), " ", h("ins", {}, after)];
  return diffWordsWithSpace(before, after)
    .filter((piece) => gone || !piece.removed)
    .map((piece) => (piece.removed ? h("del", {}, piece.value) : piece.added ? h("ins", {}, piece.value) : piece.value));
}
