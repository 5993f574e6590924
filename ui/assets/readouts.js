// What is written above a film: window, zoom, size, and which side is whose. Knows no canvas.
import { h } from "./dom.js";

const TURNED = /mirrored|upside down/i;

// A sentence to stand on the film where the file says that its image does not lie as films do; else null.
export function warningOf(meta) {
  const said = (meta.notices ?? []).find((text) => TURNED.test(text));
  return said ? `Laterality: ${said} It is shown as stored, neither flipped nor turned.` : null;
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

export function readouts(viewer, { brief = false } = {}) {
  const { columns, rows, bits } = viewer.meta;
  const scale = Math.round(viewer.placement().scale * 100);
  const sides = warningOf(viewer.meta) ? h("b", { class: "inverted" }, "sides: see the banner") : h("b", { title: "The left of the image is the patient's right" }, "R ← patient → L");
  return {
    left: [
      h("span", {}, `C ${Math.round(viewer.centre)}  W ${Math.round(viewer.width)}`), h("span", {}, `zoom ${Math.round(viewer.zoom * 100)} %`),
      brief ? null : h("span", {}, `${scale} % of pixels`), viewer.inverted ? h("span", { class: "inverted" }, "inverted") : null,
    ],
    right: [brief ? null : h("span", {}, `${columns} × ${rows} · ${bits} bit`, spacingOf(viewer.meta)), sides],
  };
}
