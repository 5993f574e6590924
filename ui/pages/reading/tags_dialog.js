// What the radiograph's file says of itself: technique, not identity. Text of a file is only ever shown as text.
import { ask } from "../../kit/dialog.js";
import { h } from "../../kit/dom.js";
import { show } from "../../kit/view.js";
import { noticeView } from "../../words/notices.js";

// Said above in better words.
const SAID = ["Modality", "ViewPosition", "PixelSpacing", "ImagerPixelSpacing", "WindowCenter", "WindowWidth", "PhotometricInterpretation", "Rows", "Columns", "BitsStored", "SOPClassUID"];

// "DistanceSourceToDetector" → "Distance source to detector"; "KVP" stays.
const spoken = (keyword) => keyword.replace(/(?<=[a-z])([A-Z])(?=[a-z])/g, (letter) => ` ${letter.toLowerCase()}`);

export function showTags(study) {
  const spacing = study.pixel_spacing_mm;
  const rows = [
    ["Modality or format", study.kind], ["View", study.view ?? "not said"], ["Size", `${study.columns} × ${study.rows} pixels, ${study.bits} bits`],
    ["Pixel spacing", spacing ? `${spacing[0].toFixed(4)} × ${spacing[1].toFixed(4)} mm${study.spacing_plane ? ` (at the ${study.spacing_plane})` : ""}` : "not said"],
    ["Stored as", study.photometric], ["Windows", (study.windows?.length ? study.windows.map(({ name, window: [centre, width] }) => `${name || "unnamed"} ${Math.round(centre)}/${Math.round(width)}`) : [`${Math.round(study.window[0])}/${Math.round(study.window[1])}`]).join(", ")],
    ...Object.entries(study.header?.kept ?? {}).filter(([name]) => !SAID.includes(name)).map(([name, value]) => [spoken(name), [value].flat().join(" × ")]),
  ];
  const notices = h("div", { class: "study-notes" });
  show(notices, (study.notices ?? []).map((notice) => noticeView(notice)));
  return ask({
    title: "What the file says",
    body: [h("dl", { class: "about" }, rows.flatMap(([term, text]) => [h("dt", {}, term), h("dd", {}, String(text))])),
      study.notices?.length ? notices : null,
      h("p", { class: "meta" }, "Names, dates of birth, numbers of patient and order, and free text are neither kept nor shown.")],
    actions: [{ label: "Close", value: null }],
  });
}
