// Which list the reader works through; kept for the tab.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { filtered, unfiltered, want, wanted } from "../../ui/pages/worklist/query.js";

const kept = new Map();
globalThis.sessionStorage = /** @type {any} */ ({ getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => kept.set(key, value) });
beforeEach(() => kept.clear());

test("at first what most needs an eye, with no filter", () => {
  assert.equal(wanted().order, "needs_eye");
  assert.equal(filtered(), false);
});

test("what is wanted stays wanted", () => {
  want({ site: "B" });
  want({ status: "drafted" });
  assert.deepEqual([wanted().site, wanted().status, filtered()], ["B", "drafted", true]);
});

test("no filter leaves the order as it is", () => {
  want({ order: "newest", search: "cough" });
  unfiltered();
  assert.deepEqual([wanted().order, wanted().search, filtered()], ["newest", "", false]);
});

test("an order is no filter", () => {
  want({ order: "newest" });
  assert.equal(filtered(), false);
});

test("what another release kept and nobody can read is as if nothing was kept", () => {
  kept.set("lmrrg:worklist", "{");
  assert.equal(wanted().order, "needs_eye");
});
