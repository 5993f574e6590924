// The worklist's columns, and one study of it as a row: what a reader sees of it at a glance. Knows nothing about servers.
import { day, h, studyNumber } from "../../kit/dom.js";

export const COLOURS = { new: "", drafted: "blue", "in reading": "amber", signed: "green", amended: "green" };
const NO_FINDING = "No Finding";
const SHOWN = 3;

function eye(row) {
  if (row.needs_eye === null || row.needs_eye === undefined) return h("span", { class: "dim" }, "–");
  const share = Math.round(Math.min(1, Math.max(0, row.needs_eye)) * 100);
  return h("span", { class: "eye", title: `Needs a human eye: ${share} of 100` },
    h("i", { style: `--share: ${share}%`, class: share >= 60 ? "high" : share >= 30 ? "middle" : "" }), h("span", { class: "number" }, String(share)),
    row.disagrees ? h("span", { class: "flag", title: "The image's own opinion differs from the draft's text" }, "⚑") : null);
}

function findings(row) {
  if (row.findings === null) return h("span", { class: "dim", title: "The model that wrote the draft tells nothing of the image itself" }, "–");
  const names = row.findings.filter((name) => name !== NO_FINDING);
  if (!names.length) return h("span", { class: "dim" }, row.drafted_by ? "none" : "–");
  return [names.slice(0, SHOWN).map((name) => h("span", { class: "finding" }, name)), names.length > SHOWN ? h("span", { class: "meta", title: names.join(", ") }, ` +${names.length - SHOWN}`) : null];
}

// The views of a study's films; that it has no frontal one says why nothing was drafted.
function films(row) {
  const views = row.views ?? [];
  const named = views.map((view) => (view === "LATERAL" ? "Lat" : view ?? "–")).join(" + ") || "–";
  const several = views.length > 1 ? h("span", { class: "meta", title: `${views.length} films` }, ` ${views.length}`) : null;
  if (row.has_frontal) return [named, several];
  return [named, several, h("span", { class: "meta", title: "No frontal radiograph: the model writes no draft" }, " no draft")];
}

function claim(row, reader, onClaim) {
  const holder = row.claimed_by;
  const mine = holder && holder.id === reader?.id;
  return h("button", {
    type: "button", class: `chip ${mine ? "blue" : holder ? "amber" : "free"}`, "data-claim": holder?.name ?? "", title: mine ? "Release (L)" : holder ? `Claimed by ${holder.name}` : "Claim (L)",
    onclick: (event) => {
      event.stopPropagation();
      onClaim();
    },
  }, mine ? "yours" : holder ? holder.name : "claim");
}

const dash = () => h("span", { class: "dim" }, "–");
/** @param {{confidence: number | null}} row */
const confidenceClass = ({ confidence }) => `number ${typeof confidence === "number" && confidence < 0.6 ? "low" : "dim"}`;

// The columns from left to right, each with what stands above it, its cell's class, and what it shows of a study; one that
// needs no heading for the eye is named for the ear.
/** @type {{heading?: string, unseen?: string, kind?: string | ((row: any) => string), show: (row: any, at: {reader: any, onClaim: () => void}) => any}[]} */
const COLUMNS = [
  { unseen: "Picture", kind: "thumb", show: (row) => h("img", { src: `/api/studies/${row.id}/thumbnail`, alt: "", loading: "lazy", width: "44", height: "44" }) },
  { heading: "Study", show: (row) => h("a", { href: `#/reading/${row.id}`, class: "number", onclick: (event) => event.stopPropagation() }, studyNumber(row.id)) },
  { heading: "Needs an eye", show: eye },
  { heading: "Status", show: (row) => h("span", { class: `chip ${COLOURS[row.status] ?? ""}` }, h("span", { class: "dot" }), row.status) },
  { heading: "Site", show: (row) => [row.site || "–", row.origin === "phantom" ? h("span", { class: "meta" }, " phantom") : null] },
  { heading: "View", show: films },
  { heading: "Indication", kind: "indication", show: (row) => row.indication || dash() },
  { heading: "Findings of the draft", kind: "findings", show: findings },
  { heading: "Confidence", kind: confidenceClass, show: ({ confidence }) => (typeof confidence === "number" ? confidence.toFixed(2) : "–") },
  { heading: "Reader", kind: "dim", show: (row) => (row.readers ?? []).join(", ") || "–" },
  { heading: "Added", kind: "meta number", show: (row) => day(row.created_at) },
  { unseen: "Claim", kind: "r", show: (row, { reader, onClaim }) => claim(row, reader, onClaim) },
];

export const headRow = () => h("tr", {}, COLUMNS.map(({ heading, unseen }) => h("th", { scope: "col" }, heading ?? h("span", { class: "unseen" }, unseen))));

export function studyRow(row, { chosen, reader, onOpen, onClaim }) {
  return h("tr", { onclick: onOpen, "data-study": String(row.id), class: chosen ? "chosen" : "" },
    COLUMNS.map(({ kind = "", show }) => h("td", { class: typeof kind === "function" ? kind(row) : kind }, show(row, { reader, onClaim }))));
}
