// Grey windows of a radiograph: [centre, width].
import assert from "node:assert/strict";
import { test } from "node:test";
import { presetsOf } from "../../ui/viewer/window_presets.js";

const RAMP = Uint16Array.from({ length: 3000 }, (_, index) => index); // every third is looked at
const of = (meta, pixels = RAMP) => Object.fromEntries(presetsOf(pixels, meta).map(({ name, window }) => [name, window]));

test("one window of the file is shown as stored, then three of the histogram", () => {
  assert.deepEqual(Object.keys(of({ window: [100, 50] })), ["stored", "full", "lungs", "bone"]);
  assert.deepEqual(of({ window: [100, 50] }).stored, [100, 50]);
});

test("the whole range spans all but the outermost pixels", () => {
  const [centre, width] = of({ window: [0, 1] }).full;
  assert.ok(Math.abs(centre - 1500) < 5 && Math.abs(width - 3000) < 10, `${centre} ${width}`);
});

test("lungs are the dark two thirds, bone the bright part", () => {
  const { lungs, bone } = of({ window: [0, 1] });
  assert.ok(lungs[0] < bone[0]);
  assert.ok(lungs[0] - lungs[1] / 2 < 100 && bone[0] + bone[1] / 2 > 2900);
});

test("an image of one grey has windows all the same", () => {
  assert.deepEqual(of({ window: [7, 1] }, new Uint16Array(30).fill(7)).full, [7, 2]);
});
