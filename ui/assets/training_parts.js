// The parts of the training page as nodes, each from plain data. No server calls, no state.
import { lineChart } from "./chart.js";
import { clock, h } from "./dom.js";

const STAGES = [["snapshot", "Snapshot", "freeze what was signed"], ["sft", "Learn", "from signed reports"], ["preference", "Preference", "what readers prefer"],
  ["grpo", "Reinforce", "rewarded by quality"], ["evaluate", "Compare", "on held-out studies"], ["gate", "Gate", "better, or not"]];
const BLUE = "#5db3f5";
const GREEN = "#57b894";
const AMBER = "#e0a84a";
const GREY = "#8592a1";

const span = (seconds) => `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;

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
  for (const event of events) if (!began.has(event.stage)) began.set(event.stage, Date.parse(event.at));
  const finished = job?.finished_at ? Date.parse(job.finished_at) : null;
  const now = job ? Date.parse(job.now) : 0;
  const order = [...began.keys()];
  return new Map(order.map((stage, index) => {
    const next = order[index + 1];
    return [stage, { began: began.get(stage), ended: next ? began.get(next) : finished, now }];
  }));
}

export function stageStrip(job, events) {
  const known = times(job, events);
  const latest = events.at(-1)?.stage;
  const running = job?.status === "running";
  return h("div", { class: "stages" }, STAGES.map(([name, label, what]) => {
    const time = known.get(name);
    const here = running && name === latest;
    const broken = job && ["failed", "cancelled"].includes(job.status) && name === latest;
    const steps = events.filter((event) => event.stage === name && event.total > 0 && event.kind === "progress");
    const step = steps.at(-1);
    const remaining = here ? left(time.now, steps) : null;
    const share = !time ? 0 : here ? (step ? step.step / step.total : 0) : broken && step ? step.step / step.total : 1;
    const kind = here ? "here" : broken ? "broken" : time ? "done" : "";
    return h("section", { class: `card stage ${kind}`, "data-stage": name },
      h("h2", {}, label), h("p", { class: "meta" }, here && step ? `step ${step.step} of ${step.total}` : what,
        remaining !== null ? h("span", { class: "number eta" }, `, about ${span(remaining)} left`) : null),
      h("div", { class: "clock number" }, time ? span(Math.max(0, ((time.ended ?? time.now) - time.began) / 1000)) : "–"),
      h("div", { class: "gauge" }, h("i", { style: `width:${Math.round(share * 100)}%` })));
  }));
}

function series(events, stage, key) {
  return events.filter((event) => event.kind === "progress" && event.stage === stage && Number.isFinite(event.data[key])).map((event) => [event.step, event.data[key]]);
}

const TERM_COLOURS = { radcliq_lite: AMBER, preference: BLUE, consistency: GREEN, errors: "#d9705f", guards: GREY };
const TERM_NAMES = { radcliq_lite: "−RadCliQ lite" };

// One faint line for each term of the reward that was told of.
function terms(events) {
  const known = new Set(events.filter((event) => event.stage === "grpo" && event.kind === "progress").flatMap((event) => Object.keys(event.data)));
  return Object.entries(TERM_COLOURS).filter(([name]) => known.has(`reward_${name}`))
    .map(([name, colour]) => ({ name: TERM_NAMES[name] ?? name, colour, points: series(events, "grpo", `reward_${name}`) }));
}

export function curves(events, job) {
  const wait = job ? "Comes when this stage runs" : "No training has run yet";
  const line = (name, colour, key, stage = "grpo") => ({ name, colour, points: series(events, stage, key) });
  return [
    lineChart("Loss, learning from signed reports", [line("loss", BLUE, "loss", "sft")], wait),
    lineChart("Reward", [line("reward", GREEN, "reward")], wait),
    lineChart("Terms of the reward", terms(events), wait),
    lineChart("How far it moves, how much it explores", [line("KL", AMBER, "kl"), line("entropy", BLUE, "entropy")], wait),
    lineChart("Signs of collapse", [line("groups that teach nothing", AMBER, "flat_groups"), line("duplicates", GREY, "duplicates")], wait),
    lineChart("Length of what it writes", [line("tokens", GREY, "length")], wait),
  ];
}

const outcomeOf = (job, events) => events.findLast((event) => event.kind === "result" && event.data.table)?.data ?? (job?.outcome?.table ? job.outcome : null);

export function verdict(job, overview) {
  if (!job) return h("div", { class: "empty" }, h("h1", {}, "No training yet"), h("p", {}, "Sign readings, then press Retrain. Readings of held-out patients never train; they judge."));
  const candidate = overview.versions.find((one) => one.id === job.candidate_id);
  const name = candidate ? `${candidate.name} ${candidate.number}` : "The new version";
  const outcome = job.outcome ?? {};
  const reasons = (outcome.reasons ?? []).map((reason) => h("li", {}, reason));
  const said = (kind, text, list) => h("div", { class: `notice verdict ${kind}`, "data-verdict": job.status }, h("p", {}, h("b", {}, text)), list?.length ? h("ul", {}, list) : null);
  if (job.status === "queued") return said("blue", "The job waits for its process to start.");
  if (job.status === "running") return said("blue", job.cancel_requested ? "Cancelling: the job stops at its next step." : `Training since ${clock(job.started_at)}${job.requested_by ? `, asked for by ${job.requested_by}` : ""}${job.attempts > 1 ? `, taken up again (attempt ${job.attempts})` : ""}.`);
  if (job.status === "cancelled") return said("", `Cancelled. ${job.reason || "The live model stays as it is."}`);
  if (job.status === "failed") return said("red", `Training failed. ${job.reason}`);
  const better = outcome.decision === "promote";
  const rolledBack = better && candidate && candidate.status !== "live";
  return said(better ? "green" : "", better ? `${name} was better and went live.${rolledBack ? " It is not live any more." : ""}` : `${name} did not go live.`, reasons);
}

export function comparison(job, events) {
  const outcome = outcomeOf(job, events);
  if (!outcome) return null;
  const three = (value) => (value === null || value === undefined ? "–" : value.toFixed(3));
  const signed = (value) => (value === null || value === undefined ? "–" : `${value > 0 ? "+" : value < 0 ? "−" : ""}${Math.abs(value).toFixed(3)}`);
  const row = (one) => {
    // Some measures are only told: more words are neither better nor worse.
    const good = { lower: -1, higher: 1 }[one.direction] ?? 0;
    const [low, high] = one.ci95 ?? [null, null];
    const sure = low !== null && (low > 0 || high < 0);
    const kind = sure && good ? (Math.sign(one.difference) === good ? "better" : "worse") : "";
    return h("tr", { class: kind }, h("td", {}, one.metric, h("span", { class: "meta" }, { "-1": " ↓", 0: "", 1: " ↑" }[good])), h("td", { class: "r number" }, three(one.candidate)),
      h("td", { class: "r number" }, three(one.live)), h("td", { class: "r number diff" }, signed(one.difference)),
      h("td", { class: "r number dim" }, low === null ? "–" : `${signed(low)} … ${signed(high)}`), h("td", { class: "r number dim" }, String(one.n)));
  };
  return h("section", { class: "card" }, h("h2", {}, "Candidate against live, same studies"),
    h("table", { class: "plain comparison" }, h("thead", {}, h("tr", {}, h("th", {}, "Measure"), ["Candidate", "Live", "Difference", "95 % interval", "n"].map((label) => h("th", { class: "r" }, label)))),
      h("tbody", {}, outcome.table.map(row))),
    h("p", { class: "meta" }, "Intervals by paired bootstrap over studies. Coloured where the interval excludes zero. Names with “lite” are embedded measures, not the published ones."));
}

export function logLines(events, job) {
  const text = (event) => {
    const { data } = event;
    if (event.kind === "stage") return data.message ?? data.text ?? `${event.stage} begins`;
    if (event.kind === "log") return data.message ?? data.text ?? JSON.stringify(data);
    return null;
  };
  const lines = events.map((event) => [event, text(event)]).filter(([, line]) => line);
  return h("section", { class: "card log-card" }, h("h2", {}, job ? `Log of job ${job.id}` : "Log"),
    lines.length ? h("ol", { class: "loglines" }, lines.slice(-300).map(([event, line]) => h("li", { class: event.kind }, h("time", { class: "number" }, clock(event.at)), h("span", { class: "meta" }, event.stage), h("span", {}, line))))
      : h("p", { class: "dim" }, "Nothing said yet."));
}
