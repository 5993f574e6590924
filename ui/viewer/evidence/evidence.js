// Which of a report's evidence lies on which image of the study, and which of it is shown: that of the sentence in focus,
// or the whole report's. Maps are held, not left on. Knows the panes that show it, not where they hang.
import { strongest } from "./maps.js";

const MAPS = { heat: (sentence) => sentence.map, gradcam: (sentence) => sentence.gradcam };

// Tells "focus" when another sentence's is shown, and "changed" when what there is or what kind is shown is another.
export class Evidence extends EventTarget {
  constructor() {
    super();
    this.latched = null; // the map that stays on: "heat", "gradcam" or null
    this.held = null; // the map that is on while its key is held
    this.panes = [];
    this.set(null, {});
  }

  // The panes of a study's images, before its report.
  lieOn(panes) {
    this.panes = panes;
    this.latched = null;
    this.set(null, {});
  }

  // gradCams: asks the model that wrote the report for its sentences' Grad-CAMs, one map for each. images: the numbers of
  // the images that the report's indices count; where nothing was kept of them, they count the study's as they came.
  set(report, { gradCams = null, images = null }) {
    const { panes } = this;
    this.report = report;
    this.counted = images?.map((id) => panes.find(({ image }) => image?.id === id)) ?? [...panes].sort((a, b) => (a.image?.position ?? 0) - (b.image?.position ?? 0));
    this.gradCams = gradCams;
    this.gradCamState = "";
    this.focused = null;
    for (const pane of panes) {
      const lookedAt = (report?.looked_at ?? [0]).some((image) => this.#on(pane, { image }));
      pane.setReport(report && { ...report, regions: report.regions.filter((region) => this.#on(pane, region)), notices: lookedAt ? report.notices ?? [] : [] });
    }
    this.#gatherMaps();
    this.#changed();
  }

  #on(pane, { image = 0 }) {
    return this.counted[image] === pane;
  }

  #gatherMaps() {
    this.maps = new Map(this.panes.map((pane) => {
      const on = (of) => strongest((this.report?.sentences ?? []).map(of).filter((map) => map && this.#on(pane, map)));
      return [pane, Object.fromEntries(Object.entries(MAPS).map(([kind, of]) => [kind, on(of)]))];
    }));
  }

  has(kind) {
    return [...this.maps.values()].some((maps) => maps[kind]);
  }

  // "heat", "gradcam" or null.
  get shown() {
    return this.held ?? this.latched;
  }

  // A sentence of the report, by its place in the draft and its regions; null for none.
  focus(sentence) {
    this.focused = sentence;
    this.#show();
    this.dispatchEvent(new Event("focus"));
  }

  hold(kind) {
    if (this.held === kind) return;
    this.held = kind;
    this.#again();
  }

  latch(kind) {
    this.latched = this.latched === kind ? null : kind;
    this.#again();
  }

  // What failed is asked for again when the reader asks again, not by itself.
  #again() {
    if (this.gradCamState !== "computing") this.gradCamState = "";
    this.#changed();
  }

  // What became of the Grad-CAMs that were asked for, in words; empty where they are there.
  get words() {
    return this.gradCamState === "computing" ? "grad-cam is being computed" : this.gradCamState;
  }

  // Grad-CAM costs a pass forth and back through the model for each sentence: computed when first looked at, then kept.
  async #askForGradCams() {
    const { report, gradCams } = this;
    if (!report || !gradCams || this.has("gradcam") || this.gradCamState) return;
    this.gradCamState = "computing";
    let failure = "";
    try {
      const { maps } = await gradCams();
      for (const [index, sentence] of report.sentences.entries()) sentence.gradcam = maps[index];
    } catch (error) {
      failure = error.message;
    }
    if (this.report !== report) return;
    this.gradCamState = failure;
    this.#gatherMaps();
    this.#changed();
  }

  #ownMap() {
    if (!this.focused || !this.report) return null;
    return MAPS[this.shown ?? "heat"](this.report.sentences[this.focused.draft_index] ?? {}) ?? null;
  }

  // The panes on which there is something of the sentence in focus.
  get inFocus() {
    const own = this.#ownMap();
    const names = (this.focused?.regions ?? []).map(({ name }) => name);
    return this.panes.filter((pane) => (own && this.#on(pane, own)) || names.some((name) => pane.overlay.region(name)));
  }

  #show() {
    const { shown } = this;
    if (shown === "gradcam") this.#askForGradCams();
    const focus = new Map((this.focused?.regions ?? []).map(({ name, weight }) => [name, weight]));
    const own = this.#ownMap();
    for (const pane of this.panes) {
      const map = this.focused ? (own && this.#on(pane, own) ? own : null) : this.maps.get(pane)?.[shown] ?? null;
      pane.overlay.show({ focus, map: shown ? map : null });
      pane.read();
    }
  }

  #changed() {
    this.#show();
    this.dispatchEvent(new Event("changed"));
  }
}
