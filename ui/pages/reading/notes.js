// What stands above the report: why the examination was made, what is to be known of its images and its draft, who else
// is at it, and whether a newer draft is there. Knows nothing about servers.
import { studyNumber } from "../../kit/dom.js";
import { html } from "../../kit/view.js";
import { noticesOf } from "../../viewer/images.js";
import { noticeView, without } from "../../words/notices.js";

export const emptyNotes = () => html`<div key="empty" class="empty"><h1>No studies yet</h1><p>Add a radiograph from the worklist; it opens here.</p>
  <p><a href="#/worklist">To the worklist</a></p></div>`;

export const troubleNotes = (error, again) => html`<div key="trouble" class="notice red" role="alert"><p>${error.message}</p></div>
  <div key="after trouble"><button type="button" onclick=${again}>Try again</button> <a href="#/worklist">Back to the worklist</a></div>`;

const link = (label, act) => html`<a href="#" onclick=${(event) => { event.preventDefault(); act(); }}>${label}</a>`;
const blue = (...content) => html`<p class="notice blue">${content}</p>`;

function newerDraft(room) {
  const { draft, held, reading, amending, readOnly } = room;
  const { newer_draft: newer, live } = held;
  if (newer && !amending && !readOnly) return blue(`A newer draft by ${newer.model.name} ${newer.model.version ?? newer.model.number} is there. `, link("Start over from it", () => room.adopt(newer.id)));
  if (live && draft?.model && draft.model_version_id !== live.id && !reading) return blue(`This draft was written by ${room.author}, which is not live; ${live.name} ${live.version} is. `, link("Draft again", () => room.draftAgain()));
  return null;
}

export function notesView(room) {
  const { study, held, draft, amending, companions } = room;
  const here = companions.map(({ reader }) => reader.name);
  const others = (held.others ?? []).filter(({ reader }) => !here.includes(reader));
  return [
    ["Indication", "Comparison", "Technique"].map((what) => study[what.toLowerCase()] && html`<p class="indication" data-said=${what}><b>${what} </b>${study[what.toLowerCase()]}</p>`),
    noticesOf(study).map((notice) => noticeView(notice)),
    without(draft?.report.notices ?? [], noticesOf(study)).map((notice) => noticeView(notice, { "data-from": "draft" })),
    draft?.id === null && html`<p class="notice" data-from="no draft">${draft.why || "This report was begun without a draft."} Write it yourself: <kbd>O</kbd> adds a sentence.</p>`,
    draft?.prior_study && html`<p class="meta" data-prior=${String(draft.prior_study)}>The model was given the signed report of the prior, study ${studyNumber(draft.prior_study)}.</p>`,
    here.length > 0 && html`<p class="notice" data-companion=${here.join(" ")}>${here.join(" and ")} ${here.length > 1 ? "have" : "has"} this study open now. Your text is kept apart from theirs.</p>`,
    others.map((other) => blue(`${other.reader} ${other.status === "open" ? "has begun a report of this study" : "has signed a report of this study"}. Yours is kept apart.`)),
    amending && blue("You are amending a signed report. The signed text stays in force until you sign again."),
    newerDraft(room),
  ];
}
