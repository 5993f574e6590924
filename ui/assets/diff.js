// Word differences between two texts (longest common subsequence of words). Knows no page state.
import { h } from "./dom.js";

const words = (text) => text.match(/[\p{L}\p{N}]+(?:[-'.’][\p{L}\p{N}]+)*|[^\s\p{L}\p{N}]/gu) ?? [];

// [{kind: "same" | "gone" | "new", words: [...]}] in reading order; "gone" before "new".
export function wordDiff(before, after) {
  const a = words(before);
  const b = words(after);
  const common = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      common[i][j] = a[i] === b[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
    }
  }
  const pieces = [];
  const push = (kind, word) => {
    if (pieces.at(-1)?.kind === kind) pieces.at(-1).words.push(word);
    else pieces.push({ kind, words: [word] });
  };
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      push("same", a[i++]);
      j++;
    } else if (i < a.length && (j >= b.length || common[i + 1][j] >= common[i][j + 1])) push("gone", a[i++]);
    else push("new", b[j++]);
  }
  return pieces;
}

const joined = (list) => list.join(" ").replace(/ ([.,;:!?)%])/g, "$1").replace(/([(]) /g, "$1");

// With gone: false only what is new in `after` is marked, for two texts that stand side by side.
export function diffNodes(before, after, { gone = true } = {}) {
  const nodes = [];
  for (const piece of wordDiff(before, after)) {
    if (piece.kind === "gone" && !gone) continue;
    const text = joined(piece.words);
    if (nodes.length && !/^[.,;:!?)%]/.test(text)) nodes.push(" ");
    nodes.push(piece.kind === "same" ? text : h(piece.kind === "gone" ? "del" : "ins", {}, text));
  }
  return nodes;
}
