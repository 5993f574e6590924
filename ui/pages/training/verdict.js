// Which job is looked at, how it stands, and what the gate and a lead said about its version. No server calls, no
// state.
import { clock, day, h } from "../../kit/dom.js";
import { minus } from "./figures.js";
import { toTheEnd } from "./stages.js";

const HEARD_MS = 10_000; // a worker says every two seconds that it lives

function ending({ status, began, decision }) {
  if (status === "succeeded") return decision === "promote" ? "went live" : "refused";
  if (status === "cancelled" && !began) return "cancelled before it began";
  return { queued: "waits", running: "runs" }[status] ?? status;
}

// jobs: the newest in brief. onChoose(id).
export function jobChoice(jobs, job, onChoose) {
  if (jobs.length < 2) return null;
  const known = jobs.some((one) => one.id === job?.id);
  return h("select", { "aria-label": "Job", "data-act": "choose-job", onchange: (event) => onChoose(Number(event.target.value)) },
    known ? null : h("option", { value: String(job.id), selected: true }, `Job ${job.id}`),
    jobs.map((one) => h("option", { value: String(one.id), selected: one.id === job?.id }, `Job ${one.id}, ${day(one.at)}: ${ending(one)}`)));
}

function untilTheEnd(seconds) {
  if (seconds === null) return "";
  return seconds < 60 ? " Less than a minute to the end." : ` About ${Math.round(seconds / 60)} min to the end.`;
}

function running(job, events, lastTime) {
  const since = job.cancel_requested ? "Cancelling: the job stops at its next step." : `Training since ${clock(job.started_at)}${job.requested_by ? `, asked for by ${job.requested_by}` : ""}${job.attempts > 1 ? `, taken up again (attempt ${job.attempts})` : ""}.`;
  const silence = Date.parse(job.now) - Date.parse(job.heartbeat_at);
  return silence > HEARD_MS ? ["amber", `${since} Nothing heard for ${Math.floor(silence / 1000)} s; if that goes on, another process takes it up where it was last kept.`] : ["blue", since + (job.cancel_requested ? "" : untilTheEnd(toTheEnd(job, events, lastTime)))];
}

// The gate's word, and a lead's over it.
function judged(job, candidate) {
  const name = candidate ? `${candidate.name} ${candidate.number}` : "The new version";
  const since = candidate && candidate.status !== "live" ? " It is not live any more." : "";
  if (job.outcome.decision === "promote") return ["green", `${name} was better and went live.${since}`];
  if (!candidate?.promoted_at) return ["amber", `The gate refused ${name}; it did not go live.`];
  const by = candidate.promoted_by ?? "a lead";
  return ["amber", since ? `The gate refused ${name}; ${by} made it live.${since}` : `The gate refused ${name}; ${by} made it live: ${candidate.reason}`];
}

export function verdict(job, events, overview) {
  if (!job) return h("div", { class: "empty" }, h("h1", {}, "No training yet"), h("p", {}, "Sign readings, then press Retrain. Readings of held-out patients never train; they judge."));
  const said = (/** @type {string[]} */ [kind, text], reasons = []) => h("div", { class: `notice verdict ${kind}`, "data-verdict": job.status }, h("p", {}, h("b", {}, text)), reasons.length ? h("ul", {}, reasons.map((reason) => h("li", {}, minus(reason)))) : null);
  switch (job.status) {
    case "queued": return said(["blue", !overview.runs_jobs ? "The job waits for a host that runs jobs. This one only files them (LMRRG_JOBS=none): run “python -m train worker” on the other." : job.attempts ? "Its process was lost; the job waits to be taken up again." : "The job waits for its process to start."]);
    case "running": return said(running(job, events, overview.seconds));
    case "cancelled": return said(["grey", job.reason || "Cancelled. The live model stays as it is."]);
    case "failed": return said(["red", `Training failed. ${job.reason}`]);
    default: return said(judged(job, overview.versions.find((one) => one.id === job.candidate_id)), job.outcome.reasons);
  }
}
