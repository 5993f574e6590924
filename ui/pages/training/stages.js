// The stages of a job on their clocks, and its log, from the events that it reported. No server calls, no state.
import { clock, h } from "../../kit/dom.js";

const STAGES = [["snapshot", "Snapshot", "freeze what was signed"], ["sft", "Learn", "from signed reports"], ["preference", "Preference", "what readers prefer"],
  ["dpo", "Prefer", "from what was chosen"],
  ["grpo", "Reinforce", "rewarded by quality"], ["evaluate", "Measure", "on held-out studies"], ["gate", "Gate", "better, or not"]];
const LABELS = Object.fromEntries(STAGES);

// The stages of a job in its own order; those of the usual one where there is none.
const USUAL = ["snapshot", "sft", "preference", "grpo", "evaluate", "gate"];
const stagesOf = (job) => (job?.stages ?? USUAL).map((name) => STAGES.find(([known]) => known === name)).filter(Boolean);

const span = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

// The events, the oldest first. A job that was taken up again repeats steps: what it said of them the first time, and of
// those after, is dropped.
export function withoutRepeats(events) {
  let kept = [];
  const reached = new Map();
  for (const event of events) {
    if (["progress", "sample"].includes(event.kind)) {
      const repeated = (old) => old.kind === event.kind && old.stage === event.stage && (old.step > event.step || (old.step === event.step && old.data.study === event.data.study));
      const series = `${event.kind} ${event.stage}`;
      if (reached.get(series) >= event.step) kept = kept.filter((old) => !repeated(old));
      reached.set(series, event.step);
    }
    kept.push(event);
  }
  return kept;
}

const steps = (events, stage) => events.filter((event) => event.stage === stage && event.total > 0 && event.kind === "progress");
const latestStage = (events) => events.findLast((event) => event.stage in LABELS)?.stage;

// How long a stage still takes in seconds, by the median pace of its last steps, so that a pause between two of them does
// not count; null before the second, and where there are no steps.
function left(now, steps) {
  const paces = steps.slice(1).map((event, index) => (Date.parse(event.at) - Date.parse(steps[index].at)) / (event.step - steps[index].step))
    .filter((pace) => pace > 0 && Number.isFinite(pace)).slice(-9).sort((a, b) => a - b);
  if (!paces.length) return null;
  const last = steps.at(-1);
  const sinceLast = Math.min(now - Date.parse(last.at), paces[paces.length >> 1]);
  return Math.max(0, (last.total - last.step) * paces[paces.length >> 1] - sinceLast) / 1000;
}

// When each stage began and ended, in milliseconds, by the events themselves.
function times(job, events) {
  const began = new Map();
  for (const event of events) if (event.stage in LABELS && !began.has(event.stage)) began.set(event.stage, Date.parse(event.at));
  const finished = job?.finished_at ? Date.parse(job.finished_at) : null;
  const now = job ? Date.parse(job.now) : 0;
  const order = [...began.keys()];
  return new Map(order.map((stage, index) => {
    const next = order[index + 1];
    return [stage, { began: began.get(stage), ended: next ? began.get(next) : finished, now }];
  }));
}

// The state of a stage: the name of its look, and the word that goes with it, if any.
function standing(name, job, latest, begun) {
  const decision = job?.outcome?.decision;
  if (name === latest && job.status === "running") return ["here", null];
  if (name === latest && job.status === "failed") return ["broken", "failed here"];
  if (name === latest && job.status === "cancelled") return ["stopped", "cancelled here"];
  if (name === "gate" && decision) return decision === "reject" ? ["refused", "refused"] : ["done", "let through"];
  return [begun ? "done" : "", null];
}

// How long the job still takes in seconds, where a stage that cannot be told by its own steps takes as long as it took
// the last time: ``lastTime`` has the seconds of each stage. Null where nothing is known of another time.
export function toTheEnd(job, events, lastTime) {
  const stages = stagesOf(job);
  const here = stages.findIndex(([name]) => name === latestStage(events));
  if (!lastTime || here < 0) return null;
  const [name] = stages[here];
  const { began, now } = times(job, events).get(name);
  const seconds = (stage) => lastTime[stage] ?? 0;
  const stillHere = left(now, steps(events, name)) ?? Math.max(0, seconds(name) - (now - began) / 1000);
  return stages.slice(here + 1).reduce((sum, [stage]) => sum + seconds(stage), stillHere);
}

export function stageStrip(job, events) {
  const known = times(job, events);
  const latest = latestStage(events);
  return h("div", { class: "stages" }, stagesOf(job).map(([name, label, what]) => {
    const time = known.get(name);
    const [kind, word] = standing(name, job, latest, Boolean(time));
    const told = steps(events, name);
    const step = told.at(-1);
    const remaining = kind === "here" ? left(time.now, told) : null;
    const partly = ["here", "broken", "stopped"].includes(kind);
    const share = !time ? 0 : partly ? (step ? step.step / step.total : 0) : 1;
    return h("section", { class: `card stage ${kind}`, "data-stage": name },
      h("h2", {}, label), h("p", { class: word ? "word" : "meta" }, word ?? (kind === "here" && step ? `step ${step.step} of ${step.total}` : what),
        remaining !== null ? h("span", { class: "number eta" }, `, about ${span(remaining)} left`) : null),
      h("div", { class: "clock number" }, time ? span(Math.max(0, ((time.ended ?? time.now) - time.began) / 1000)) : "–"),
      h("div", { class: "gauge" }, h("i", { style: `width:${Math.round(share * 100)}%` })));
  }));
}

export function logLines(events, job) {
  const text = ({ kind, data }) => {
    if (kind === "log") return data.message ?? JSON.stringify(data);
    if (kind !== "stage") return null;
    return data.state === "finished" ? `finished after ${span(data.seconds)}` : data.state === "finished before" ? "was finished before" : data.state;
  };
  const lines = events.map((event) => [event, text(event)]).filter(([, line]) => line);
  return h("section", { class: "card log-card" }, h("h2", {}, job ? `Log of job ${job.id}` : "Log"),
    lines.length ? h("ol", { class: "loglines", tabindex: "0", "aria-label": "What the job said" }, lines.slice(-300).map(([event, line]) => h("li", { class: event.kind }, h("time", { class: "number" }, clock(event.at)), h("span", { class: "meta" }, LABELS[event.stage] ?? "Failed"), h("span", {}, line))))
      : h("p", { class: "dim" }, "Nothing said yet."));
}
