// Adding one radiograph: by button or by dropping it on the page. A refused file says why and what to do.
import { request } from "../../kit/api.js";
import { fill, h } from "../../kit/dom.js";

// What the door opens; it looks at a file's first bytes, so that a name without an ending is let in by dropping it.
const ACCEPTED = [".dcm", ".dicom", ".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", "application/dicom", "image/png", "image/jpeg", "image/tiff", "image/bmp", "image/webp"];

export function addStudyForm({ dropOn, onAdded }) {
  let chosen = null;
  const file = h("input", { type: "file", id: "study-file", accept: ACCEPTED.join(","), hidden: true, onchange: () => choose(file.files[0]) });
  const name = h("p", {}, "Drop a radiograph here");
  const zone = h("div", { class: "drop" }, name, h("p", { class: "meta" }, "DICOM, PNG, JPEG, TIFF, BMP or WebP, one image"),
    h("button", { type: "button", onclick: () => file.click() }, "Choose a file"), file);
  const indication = h("input", { type: "text", maxlength: "500", placeholder: "e.g. cough and fever for three days", autocomplete: "off" });
  const patient = h("input", { type: "text", maxlength: "120", autocomplete: "off", spellcheck: "false" });
  const site = h("input", { type: "text", maxlength: "40", autocomplete: "off" });
  const answer = h("div", { "aria-live": "polite" });
  const add = h("button", { type: "submit", class: "primary", disabled: true }, "Add study");

  function choose(one) {
    chosen = one ?? null;
    name.textContent = chosen ? chosen.name : "Drop a radiograph here";
    zone.classList.toggle("has-file", chosen !== null);
    add.disabled = chosen === null;
    fill(answer);
  }

  async function send(event) {
    event.preventDefault();
    if (!chosen) return;
    add.disabled = true;
    fill(answer, h("div", { class: "working" }, h("span", { class: "spinner" }), "Reading the file"));
    const form = new FormData();
    form.append("file", chosen);
    form.append("indication", indication.value);
    form.append("patient", patient.value);
    form.append("site", site.value);
    try {
      const added = await (await request("POST", "/api/studies", form)).json();
      choose(null);
      file.value = "";
      indication.value = patient.value = "";
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
    choose(event.dataTransfer.files[0]);
  });

  const field = (label, input, hint) => h("label", { class: "field" }, h("span", {}, label), input, hint ? h("small", { class: "meta" }, hint) : null);
  return h("form", { class: "card add-study", onsubmit: send }, h("h2", {}, "Add study"), zone,
    field("Indication", indication), field("Patient identifier", patient, "Stored only as a keyed hash, so that the same patient is recognised."),
    field("Site", site), answer, add);
}
