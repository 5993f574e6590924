// What the model writes as it learns, step by step, beside the report that was signed, or that a phantom came with. From
// plain data; no server calls.
import { diffNodes } from "../../words/diff.js";
import { h } from "../../kit/dom.js";
import { termName } from "./curves.js";

const two = (value) => (Number.isFinite(value) ? value.toFixed(2).replace("-", "−") : "–");

// The studies that samples were reported for, each with its samples in the order of their steps.
export function samplesByStudy(events) {
  const studies = new Map();
  for (const event of events) {
    if (event.kind !== "sample") continue;
    const { study } = event.data;
    if (!studies.has(study)) studies.set(study, []);
    studies.get(study).push(event);
  }
  return studies;
}

// chosen: the study whose samples are shown; onChoose(study).
export function sampleCard(events, job, chosen, onChoose) {
  const studies = samplesByStudy(events);
  const title = h("h2", {}, "Samples beside the report");
  if (!studies.size && job?.finished_at) return null;
  if (!studies.size) return h("section", { class: "card samples" }, title, h("p", { class: "dim" }, "Texts appear here while the model is reinforced."));
  // By default a study that was signed, and of those the one that was sampled most often: that shows best how it
  // changes.
  const wasSigned = ([name, list]) => name.startsWith("study") && Boolean(list[0].data.signed);
  const ranked = [...studies].sort((a, b) => Number(wasSigned(b)) - Number(wasSigned(a)) || b[1].length - a[1].length);
  const study = studies.has(chosen) ? chosen : ranked[0][0];
  const told = studies.get(study);
  const signed = told[0].data.signed;
  const whose = study.startsWith("phantom") ? "the phantom's report" : signed ? "signed" : "not signed";
  const pick = h("select", { "aria-label": "Study", onchange: (event) => onChoose(event.target.value) },
    ranked.map(([name, list]) => h("option", { value: name, selected: name === study }, `${name} (${list.length})`)));
  const rewards = (event) => Object.entries(event.data.rewards ?? {}).map(([name, value]) => `${termName(name)} ${two(value)}`).join(" · ");
  return h("section", { class: "card samples" }, h("div", { class: "samples-head" }, title, pick),
    h("div", { class: signed ? "sample signed" : "sample" }, h("span", { class: "meta" }, whose), h("p", signed ? {} : { class: "dim" }, signed ?? "Nobody has signed a report of this study: only what needs none is rewarded.")),
    told.slice(-12).map((event) => h("div", { class: "sample", "data-step": String(event.step) }, h("span", { class: "meta number" }, `step ${event.step}`),
      h("p", {}, signed ? diffNodes(signed, event.data.text, { gone: false }) : event.data.text, h("small", { class: "meta number" }, rewards(event))))));
}
