// The curves of a job, from the events that it reported. No server calls, no state.
import { lineChart } from "./chart.js";

const BLUE = "#5db3f5";
const GREEN = "#57b894";
const AMBER = "#e0a84a";
const GREY = "#8592a1";

function series(events, stage, key) {
  return events.filter((event) => event.kind === "progress" && event.stage === stage && Number.isFinite(event.data[key])).map((event) => [event.step, event.data[key]]);
}

const TERM_COLOURS = { radcliq_lite: AMBER, radcliq_v1: AMBER, preference: BLUE, consistency: GREEN, errors: "#d9705f", guards: GREY };
const TERM_NAMES = { radcliq_lite: "−RadCliQ lite", radcliq_v1: "−RadCliQ-v1", judged_errors: "−judged errors" };

// What a term of the reward is called, here and under the samples: more of it is better.
export const termName = (name) => TERM_NAMES[name] ?? name;

// One faint line for each term of the reward that was reported.
function terms(events) {
  const known = new Set(events.filter((event) => event.stage === "grpo" && event.kind === "progress").flatMap((event) => Object.keys(event.data)));
  const names = [...known].filter((key) => key.startsWith("reward_") && key !== "reward_spread").map((key) => key.slice("reward_".length));
  const order = Object.keys(TERM_COLOURS); // those that have no colour of their own come last
  names.sort((one, other) => (order.indexOf(one) + 1 || order.length + 1) - (order.indexOf(other) + 1 || order.length + 1));
  return names.map((name) => ({ name: termName(name), colour: TERM_COLOURS[name] ?? GREY, points: series(events, "grpo", `reward_${name}`) }));
}

// The reward, cut where reinforcement's second step begins: from there errors count too, and its height means something
// else. It is found by the errors and the pull back (KL), which are not reported earlier.
function reward(events) {
  const points = series(events, "grpo", "reward");
  const firsts = ["reward_errors", "kl"].flatMap((key) => series(events, "grpo", key).slice(0, 1)).map(([step]) => step);
  const second = Math.min(...firsts.filter((step) => step > points[0]?.[0]));
  if (second === Infinity) return [{ name: "reward", colour: GREEN, points }];
  return [{ name: "first step", colour: GREEN, points: points.filter(([step]) => step < second) },
    { name: "second step, errors count too", colour: BLUE, points: points.filter(([step]) => step >= second) }];
}

export function curves(events, job) {
  if (!job || (job.finished_at && !events.some((event) => event.kind === "progress"))) return [];
  const wait = !job.finished_at ? "Comes when this stage runs" : job.status === "succeeded" ? "Not measured in this job" : "The job ended before this";
  const line = (name, colour, key, stage = "grpo") => ({ name, colour, points: series(events, stage, key) });
  return [
    lineChart("Loss, learning from signed reports", [line("loss", BLUE, "loss", "sft")], wait),
    lineChart("Reward", reward(events), wait),
    lineChart("Terms of the reward", terms(events), wait),
    lineChart("How far it moves", [line("KL", AMBER, "kl")], wait),
    lineChart("How much it explores", [line("entropy", BLUE, "entropy")], wait),
    lineChart("Signs of collapse", [line("groups that teach nothing", AMBER, "flat_groups"), line("duplicates", GREY, "duplicates")], wait),
    lineChart("Length of what it writes", [line("tokens", GREY, "length")], wait),
  ];
}
