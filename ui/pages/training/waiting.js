// What waits for training: how much was signed, whether it is enough, and the buttons. No server calls, no state.
import { h } from "../../kit/dom.js";

// How many readings are missing before a job begins, and before anything can go live.
const missing = ({ signed, minimums }) => ({ readings: minimums.readings - signed.training, heldOut: minimums.held_out - signed.held_out });
const studies = (number) => `${number} more held-out ${number === 1 ? "study" : "studies"}`;

// running: the job that runs or waits to, else null. acts: {retrain(), cancel(job)}
export function feedbackCard(overview, running, acts) {
  const { signed, preferences, minimums, may_train: mayTrain } = overview;
  const number = (value, label) => h("div", {}, h("b", { class: "number" }, String(value)), h("span", {}, label));
  const { readings, heldOut } = missing(overview);
  const button = h("button", { type: "button", class: running ? "" : "primary", "data-act": "retrain", disabled: !mayTrain || overview.queue_is_full || readings > 0, onclick: acts.retrain }, running ? "Retrain after this" : "Retrain");
  const stop = running ? h("button", { type: "button", class: "danger", "data-act": "cancel", disabled: !mayTrain || running.cancel_requested, onclick: () => acts.cancel(running) }, running.cancel_requested ? "Cancelling…" : `Cancel job ${running.id}`) : null;
  const queue = overview.queue.map((job) => h("li", { "data-waiting": String(job.id) }, `Job ${job.id} waits${job.requested_by ? `, asked for by ${job.requested_by}` : ""}. `,
    mayTrain ? h("button", { type: "button", class: "quiet", "data-act": "cancel-waiting", onclick: () => acts.cancel(job) }, "Cancel it") : null));
  return h("section", { class: "card waiting" }, h("h2", {}, "Feedback"),
    h("div", { class: "figures" }, number(overview.waiting, "signed since the last training"), number(signed.training, "signed for training"),
      number(signed.held_out, "signed, held out"), number(preferences.choices + preferences.edits, "preferences")),
    queue.length ? h("ul", { class: "queue" }, queue) : null,
    h("div", { class: "act" }, stop, button, mayTrain ? null : h("span", { class: "meta" }, "A lead or administrator can start it.")),
    overview.runs_jobs ? null : h("p", { class: "meta", "data-jobs": "elsewhere" }, "This host files jobs; another one runs them (python -m train worker)."),
    readings > 0 ? h("p", { class: "short", "data-short": "readings" }, `Sign ${readings} more ${readings === 1 ? "reading" : "readings"}: a training needs ${minimums.readings}.`) : null,
    heldOut > 0 ? h("p", { class: "short", "data-short": "held-out" }, `Nothing can go live before ${studies(heldOut)} ${heldOut === 1 ? "is" : "are"} signed.`) : null);
}

export function whatWillTeach(overview) {
  const { waiting, signed, minimums } = overview;
  const { heldOut } = missing(overview);
  return [h("p", {}, `${signed.training} signed readings will teach the next version, ${waiting} of them for the first time. It is judged on ${signed.held_out} held-out readings.`),
    heldOut > 0 ? h("p", { class: "notice" }, `That is too few to judge by: the gate needs ${minimums.held_out}, and will let nothing through before ${studies(heldOut)} ${heldOut === 1 ? "is" : "are"} signed.`) : null,
    h("p", { class: "meta" }, "It runs in a process of its own: close this page if you like. Reading goes on meanwhile; nothing changes unless the new version is better.")];
}
