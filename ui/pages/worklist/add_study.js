// Adding the images of one examination: by button or by dropping them on the page. A refused file says why and what to do.
import { request } from "../../kit/api.js";
import { tell } from "../../kit/dialog.js";
import { fill, h } from "../../kit/dom.js";

// What the door opens; it looks at a file's first bytes, so that a name without an ending is let in by dropping it.
const ACCEPTED = [".dcm", ".dicom", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", "application/dicom", "image/png", "image/jpeg", "image/tiff", "image/bmp", "image/webp"];

const INVITATION = "Drop the radiographs of one examination here";

export function addStudyForm({ dropOn, onAdded }) {
  /** @type {File[]} */
  let chosen = [];
  const file = h("input", { type: "file", id: "study-file", accept: ACCEPTED.join(","), multiple: true, hidden: true, onchange: () => choose(file.files) });
  const name = h("p", {}, INVITATION);
  const zone = h("div", { class: "drop" }, name, h("p", { class: "meta" }, "DICOM, PNG, JPEG, TIFF, BMP or WebP; several images are one study unless their headers name several"),
    h("button", { type: "button", onclick: () => file.click() }, "Choose files"), file);
  const words = (placeholder) => h("input", { type: "text", maxlength: "500", placeholder, autocomplete: "off" });
  const said = { indication: words("e.g. cough and fever for three days"), comparison: words("e.g. radiograph of 3 March"), technique: words("e.g. AP, portable, supine") };
  const patient = h("input", { type: "text", maxlength: "120", autocomplete: "off", spellcheck: "false" });
  const site = h("input", { type: "text", maxlength: "40", autocomplete: "off" });
  const answer = h("div", { "aria-live": "polite" });
  const add = h("button", { type: "submit", class: "primary", disabled: true }, "Add study");

  /** @param {Iterable<File> | null} files */
  function choose(files) {
    chosen = [...(files ?? [])];
    name.textContent = chosen.length ? chosen.map((one) => one.name).join(", ") : INVITATION;
    zone.classList.toggle("has-file", chosen.length > 0);
    add.disabled = chosen.length === 0;
    fill(answer);
  }

  async function send(event) {
    event.preventDefault();
    if (!chosen.length) return;
    add.disabled = true;
    fill(answer, h("div", { class: "working" }, h("span", { class: "spinner" }), chosen.length > 1 ? "Reading the files" : "Reading the file"));
    const form = new FormData();
    for (const one of chosen) form.append("file", one);
    for (const [what, input] of Object.entries(said)) form.append(what, input.value);
    form.append("patient", patient.value);
    form.append("site", site.value);
    try {
      const added = await (await request("POST", "/api/studies", form)).json();
      choose([]);
      file.value = "";
      for (const input of [...Object.values(said), patient]) input.value = "";
      if (added.notices.length) await tell("Added, with something to check", added.notices.map(({ sentence }) => sentence).join(" "));
      onAdded(added.id);
    } catch (error) {
      const twin = error.body?.study_id;
      fill(answer, h("div", { class: "notice red", role: "alert" }, h("p", {}, error.message), twin ? h("a", { href: `#/reading/${twin}` }, "Open it") : null));
      add.disabled = false;
    }
  }

  dropOn.addEventListener("dragover", (event) => {
    event.preventDefault();
    zone.classList.add("over");
  });
  dropOn.addEventListener("dragleave", () => zone.classList.remove("over"));
  dropOn.addEventListener("drop", (event) => {
    event.preventDefault();
    zone.classList.remove("over");
    choose(event.dataTransfer.files);
  });

  const field = (label, input, hint) => h("label", { class: "field" }, h("span", {}, label), input, hint ? h("small", { class: "meta" }, hint) : null);
  return h("form", { class: "card add-study", onsubmit: send }, h("h2", {}, "Add study"), zone,
    field("Indication", said.indication), field("Comparison", said.comparison), field("Technique", said.technique), field("Patient identifier", patient, "Stored only as a keyed hash, so that the same patient is recognised."),
    field("Site", site), answer, add);
}
