// The buttons under the images, and those beside the thumbnails: what their keys do, and which of them are on. Knows
// nothing about images.
import { html } from "../kit/view.js";

const tool = (key, label, act, { on = false, hint = label, off = false } = {}) =>
  html`<button key=${key} type="button" class=${on ? "on" : ""} aria-pressed=${String(Boolean(on))} disabled=${off} title=${`${hint} (${key})`} onclick=${act}><b>${key}</b> ${label}</button>`;

// What there is to choose where a study has several images.
export function hangingToolsOf(film) {
  return [
    tool("⇧B", "beside", () => film.toggleBeside(), { on: film.hanging.beside, hint: "All images side by side, or one large" }),
    tool("⇧L", "link", () => film.toggleLinked(), { on: film.linked, hint: "One zoom for all images of the study, or each its own" }),
  ];
}

export const presetOf = (viewer) => viewer.presets?.[viewer.chosenPreset];

function windowTool(film) {
  const { name = "window", title = "" } = presetOf(film.viewer) ?? {};
  return html`<button key="W" type="button" title="Next window preset (W); 7, 8, 9 and 0 go straight to one" onclick=${() => film.viewer.nextPreset(1)}><b>W</b> <span title=${title}>${name}</span></button>`;
}

export function toolsOf(film) {
  const { overlay, viewer } = film;
  return [
    tool("I", "invert", () => film.viewer.invert()),
    tool("R", "reset", () => film.viewer.reset(), { hint: "Window, zoom and place as at first" }),
    windowTool(film),
    tool("M", "lens", () => film.toggleLens(), { on: viewer.lens, hint: "Magnifier" }),
    film.hanging.beside ? hangingToolsOf(film) : null,
    film.bare ? null : [
      tool("Q", "measure", () => film.toggleRuler(), { on: film.ruler.measuring, hint: "Drag to measure a distance; Esc ends it, Esc again takes the lines away" }),
      tool("H", "heat", () => film.evidence.latch("heat"), { on: film.evidence.shown === "heat", off: !film.evidence.has("heat"), hint: "What the sentence, or else the report, was written from. Hold H" }),
      tool("G", "grad-cam", () => film.evidence.latch("gradcam"), { on: film.evidence.shown === "gradcam", off: !film.evidence.gradCams, hint: "Second opinion on the map: where another image would have made the sentence less likely. Hold G" }),
      tool("B", "boxes", () => film.toggleBoxes(), { on: overlay.allBoxes, hint: "All regions that the model sees" }),
      tool("D", "draw", () => (film.boxes.busy ? film.boxes.stopDrawing() : film.startDrawing()), { on: film.boxes.busy, off: film.boxes.readOnly, hint: "Draw a box" }),
      film.study?.prior ? tool("P", "prior", () => film.togglePrior(), { on: film.prior.isOpen, hint: "The patient's earlier study beside this one" }) : null,
      tool("V", "tags", () => film.dispatchEvent(new Event("tags")), { hint: "What the file says, without identifiers" }),
    ],
  ];
}
