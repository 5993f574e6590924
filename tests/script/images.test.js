// Which images of a study belong together, and what each is called.
import assert from "node:assert/strict";
import { test } from "node:test";

import { counterpart, imagesOf, noticesOf, viewName, viewsOf } from "../../ui/viewer/images.js";

const PA = { id: 4, view: "PA", side: null, notices: [] };
const LATERAL = { id: 9, view: "LATERAL", side: "L", notices: [] };

test("an image is called by its view, a lateral by its side too", () => {
  const names = [PA, LATERAL, { view: "LATERAL", side: "R" }, { view: "LATERAL", side: null }, { view: null, side: null }].map(viewName);
  assert.deepEqual(names, ["PA", "left lateral", "right lateral", "lateral", "view not said"]);
  assert.equal(viewsOf({ images: [PA, LATERAL] }), "PA + left lateral");
  assert.equal(viewsOf({ images: [{ ...PA, view: null }] }), "");
});

test("an image has an address of its own", () => {
  assert.deepEqual(imagesOf({ id: 7, origin: "upload", images: [PA, LATERAL] }).map(({ address }) => address), ["/api/studies/7/images/4", "/api/studies/7/images/9"]);
});

test("the prior's image of the same view is shown, or else one that is frontal or lateral as this is", () => {
  const AP = { ...PA, view: "AP" };
  assert.equal(counterpart([AP, PA, LATERAL], PA), 1);
  assert.equal(counterpart([LATERAL, AP], PA), 1);
  assert.equal(counterpart([PA, LATERAL], LATERAL), 1);
  assert.equal(counterpart([PA], LATERAL), 0);
});

test("of several images each notice says which it is of", () => {
  const cut = { code: "cut", values: {}, sentence: "The image is cut off." };
  const lateral = { code: "lateral", values: {}, sentence: "Lateral view." };
  const told = (images) => noticesOf({ images }).map(({ sentence }) => sentence);
  assert.deepEqual(told([{ ...PA, notices: [cut] }]), ["The image is cut off."]);
  assert.deepEqual(told([PA, { ...LATERAL, notices: [lateral, cut] }]), ["Left lateral: The image is cut off."]);
  assert.deepEqual(told([{ ...LATERAL, notices: [lateral] }]), ["Lateral view."]);
});
