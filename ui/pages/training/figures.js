// The figures by which a candidate and the live version were compared, as tables. No server calls, no state.
import { h } from "../../kit/dom.js";
import { ERROR_CATEGORIES } from "../../words/vocabulary.js";

// What the trainer measures: the words of it, and whether less or more is better; some is only told.
const FIGURES = {
  radcliq_lite: ["radcliq_lite", "lower"],
  label_f1_lite: ["label F1 by rules", "higher"],
  read: ["share of sentences that the rules read", "higher"],
  errors: ["significant errors per report, by rules", "lower"],
  ...Object.fromEntries(ERROR_CATEGORIES.map((category) => [category, [`significant errors by rules: ${category}`, "lower"]])),
  laterality: ["share of sides that are right", "higher"],
  edit_distance: ["words to edit until signed", "lower"],
  unchanged: ["share to be signed unchanged", "higher"],
  all_normal: ["share of reports read as without any disease", "neither"],
  duplicates: ["share of duplicate reports", "lower"],
  words: ["words per report", "neither"],
  map_side: ["share of maps on the side that is named", "higher"],
  map_pointing: ["share of maps that point at the finding", "higher"],
  // By published scorers and a judge, where the job goes by them.
  radcliq_v1: ["RadCliQ-v1", "lower"],
  chexbert_f1: ["CheXbert F1, 13 findings, micro", "higher"],
  radgraph_partial: ["RadGraph F1, partial", "higher"],
  bertscore: ["BERTScore", "higher"],
  semb: ["CheXbert cosine", "higher"],
  ratescore: ["RaTEScore", "higher"],
  judged_errors: ["significant errors per report, as a language model counts them", "lower"],
};
const SETS = { held_out: (n) => `On ${n} held-out studies`, base: (n) => `On ${n} phantoms of the base set, against forgetting` };
const BETTER = { lower: -1, higher: 1 };
const ARROWS = { lower: " ↓", higher: " ↑" };

const three = (value) => (Number.isFinite(value) ? `${value < 0 ? "−" : ""}${Math.abs(value).toFixed(3)}` : "–");
const signed = (value) => (value > 0 && three(value) !== "0.000" ? `+${three(value)}` : three(value).replace("−0.000", "0.000"));

// The sentences of the gate in the page's own minus.
export const minus = (text) => text.replace(/(^|[\s(])-(?=\d)/g, "$1−");

// Both versions' figures, coloured where the interval of their difference excludes zero.
function cells({ candidate, live, difference, low, high }, direction) {
  const sure = low > 0 || high < 0;
  const kind = sure && BETTER[direction] ? (Math.sign(difference) === BETTER[direction] ? "better" : "worse") : "";
  const cell = (text, more = "") => h("td", { class: `r number ${more}` }, text);
  return [cell(three(candidate)), cell(three(live)), cell(signed(difference), `diff ${kind}`), cell(`${signed(low)} … ${signed(high)}`, "dim")];
}

const head = (...labels) => h("thead", {}, h("tr", {}, labels.map((label, index) => h("th", { class: index ? "r" : "" }, label))));

// evaluations: [{set, n, figures: {name: {candidate, live, difference, low, high, reference}}}]
export function figuresTable(evaluations) {
  const group = ({ set, n, figures }) => h("tbody", {}, h("tr", { class: "set" }, h("th", { colspan: "6", scope: "rowgroup" }, SETS[set](n))),
    Object.entries(figures).map(([name, figure]) => {
      const [title, direction] = FIGURES[name] ?? [name, "neither"];
      return h("tr", { "data-figure": name }, h("td", {}, title, h("span", { class: "meta" }, ARROWS[direction] ?? "")), cells(figure, direction), h("td", { class: "r number dim" }, set === "held_out" ? three(figure.reference) : "–"));
    }));
  return h("table", { class: "plain comparison" }, head("Measure", "Candidate", "Live", "Difference", "95 % interval", "Readers"), evaluations.map(group));
}

// How many studies no rule could judge; nothing where there are none, or where nobody has counted them.
function leftOut({ readings = 0, held_out = 0 } = {}) {
  const counts = [[held_out, "held-out"], [readings, "training"]].filter(([count]) => count).map(([count, kind]) => `${count} ${kind} ${count === 1 ? "study" : "studies"}`);
  return counts.length ? h("p", { class: "meta", "data-not-read": "" }, `Not judged: ${counts.join(" and ")}, of whose signed reports the rules read less than half. They take part in no figure and no reward by rules.`) : null;
}

// notRead: {readings, held_out}
export function comparison(evaluations, notRead) {
  if (!evaluations.length) return null;
  return h("section", { class: "card" }, h("h2", {}, "Candidate against live, same studies"), figuresTable(evaluations),
    leftOut(notRead), h("p", { class: "meta" }, "Intervals by paired bootstrap over studies. Coloured where the interval excludes zero. Readers: the same measure of the signed reports themselves. Names with “lite” or “by rules” are embedded measures, not the published ones; a sentence that was not read counts neither as right nor as wrong."));
}

const percent = (share) => (Number.isFinite(share) ? `${(Math.floor(1000 * share) / 10).toFixed(1)} %` : "–");

// findings: {name: {candidate, live, difference, low, high, named}}; read: the figure of the sentences that were read
export function findingsTable(findings, read) {
  const listed = Object.entries(findings ?? {}).sort(([, a], [, b]) => b.named - a.named);
  if (!listed.length) return null;
  return h("section", { class: "card" }, h("h2", {}, "Label F1 by rules of each finding, held-out studies"),
    h("table", { class: "plain comparison findings" }, head("Finding", "Reports that name it", "Candidate", "Live", "Difference", "95 % interval"),
      h("tbody", {}, listed.map(([name, figure]) => h("tr", { "data-finding": name }, h("td", {}, name), h("td", { class: "r number" }, String(figure.named)), cells(figure, "higher"))))),
    h("p", { class: "meta" }, "What few signed reports name tells little.", read ? ` Of the sentences the rules read ${percent(read.candidate)} of the candidate's, ${percent(read.live)} of the live version's, ${percent(read.reference)} of the readers'.` : null));
}
