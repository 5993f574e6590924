// What is written above a film: window, zoom, size, and which side is whose. Knows nothing about canvases.
import { h } from "../kit/dom.js";
import { SIDES } from "../words/vocabulary.js";

const AS_STORED = "The image is shown as stored, neither flipped nor turned.";

// What is written above the film where file or model say that its image does not lie, or may not lie, as films do; else
// null.
export function warningOf(notices) {
  const told = new Map(notices.map(({ code, sentence }) => [code, sentence]));
  if (told.has("mirrored")) told.delete("seems_mirrored");
  const said = SIDES.filter((code) => told.has(code)).map((code) => told.get(code));
  return said.length ? [...said, ...(told.has("turned") ? [] : [AS_STORED])].join(" ") : null;
}

// The sides are named only where the file names them, or where the image was drawn here; a guess could be the wrong one.
function sidesOf(meta, notices, named) {
  if (warningOf(notices)) return h("b", { class: "inverted" }, "sides: see the banner");
  if (meta.view === "LATERAL") return named ? null : h("span", {}, "lateral view");
  const [across = "", down = ""] = meta.header?.kept?.PatientOrientation ?? [];
  return meta.origin === "phantom" || (across.startsWith("L") && down.startsWith("F"))
    ? h("b", { title: "The left of the image is the patient's right" }, "R ← patient → L")
    : h("span", { title: "The file does not say which side is the patient's left: check the side marker. The draft takes the left of the image for the patient's right." }, "sides: not in the file");
}

const PLANES = {
  patient: ["in the patient", "The size that a pixel has within the patient"],
  detector: ["at the detector", "The size of a pixel at the detector, where everything is drawn 5 to 20 % larger than it is in the patient"],
};

// "0.168 mm at the detector": without its plane the size of a pixel is no measure of the patient.
function spacingOf({ pixel_spacing_mm: spacing, spacing_plane: plane }) {
  if (!spacing) return null;
  const [where, title] = PLANES[plane] ?? ["(plane not said)", "The file does not say where this size of a pixel holds"];
  return h("span", { title }, ` · ${spacing[0].toFixed(3)} mm ${where}`);
}

// brief: less, for a narrow frame. grey: with the window. named: the view is said elsewhere.
export function readouts(viewer, { brief = false, grey = true, notices = [], named = false } = {}) {
  const { columns, rows, bits } = viewer.meta;
  const scale = Math.round(viewer.placement().scale * 100);
  return {
    left: [
      grey ? h("span", {}, `C ${Math.round(viewer.centre)}  W ${Math.round(viewer.width)}`) : null, h("span", {}, `zoom ${Math.round(viewer.zoom * 100)} %`),
      brief ? null : h("span", {}, `${scale} % of pixels`), viewer.inverted ? h("span", { class: "inverted" }, "inverted") : null,
    ],
    right: [brief ? null : h("span", {}, `${columns} × ${rows} · ${bits} bit`, spacingOf(viewer.meta)), sidesOf(viewer.meta, notices, named)],
  };
}
