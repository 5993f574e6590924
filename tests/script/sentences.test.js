// Where sentences end: the same vectors as tests/lmrrg/test_sentences.py, which also compares both splitters.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { sentencesOf } from "../../ui/words/sentences.js";

const vectors = JSON.parse(readFileSync(new URL("../sentences.json", import.meta.url), "utf-8"));
for (const { text, sentences } of vectors) test(JSON.stringify(text), () => assert.deepEqual(sentencesOf(text).map((one) => one.text), sentences));

test("what stands between sentences is kept with them", () => {
  assert.deepEqual(sentencesOf("Clear.\n\nHeart: big.  No"), [{ gap: "", text: "Clear." }, { gap: "\n\n", text: "Heart: big." }, { gap: "  ", text: "No" }]);
});
