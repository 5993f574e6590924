// What became of the words between two texts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { changes } from "../../ui/words/diff.js";

const told = (pieces) => pieces.map(({ kind, text }) => `${{ same: "", gone: "-", new: "+" }[kind]}${text}`);

test("words that were changed stand between those that were kept", () => {
  assert.deepEqual(told(changes("The heart is normal in size.", "The heart is enlarged in size.")), ["The heart is ", "-normal", "+enlarged", " in size."]);
});

test("side by side only the new words are marked", () => {
  assert.deepEqual(told(changes("The heart is normal.", "The heart is large.", { gone: false })), ["The heart is ", "+large", "."]);
});

test("texts with hardly a word in common stand one after the other", () => {
  assert.deepEqual(told(changes("No effusion.", "Bones are intact.")), ["-No effusion.", " ", "+Bones are intact."]);
});

test("nothing is marked where nothing differs", () => {
  assert.deepEqual(told(changes("Clear lungs.", "Clear lungs.")), ["Clear lungs."]);
});

test("a text that begins or ends is all new or all gone", () => {
  assert.deepEqual(told(changes("", "Clear lungs.")), ["+Clear lungs."]);
  assert.deepEqual(told(changes("Clear lungs.", "")), ["-Clear lungs."]);
});
