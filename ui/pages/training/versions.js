// The versions: which is live, where each came from, the way back, and a lead's decisions. No server calls, no state.
import { day, h } from "../../kit/dom.js";
import { figuresTable, minus } from "./figures.js";

const COLOURS = { live: "green", candidate: "blue", rejected: "red", retired: "" };
const WITHOUT_WORD = { rejected: "The gate did not let it through: ", candidate: "The gate has not measured it: ", retired: "It was live before: " };

function when(one) {
  if (!one.promoted_at) return day(one.created_at);
  return `${one.status === "live" ? "live since" : "was live from"} ${day(one.promoted_at)}`;
}

// acts: {rollBack(version), overrule(version), details(version)}
export function versionList(overview, acts) {
  const button = (label, act, run) => h("button", { type: "button", "data-act": act, onclick: run }, label);
  return h("section", { class: "card" }, h("h2", {}, "Versions"), h("table", { class: "plain versions-table" }, h("tbody", {}, overview.versions.map((one) => h("tr", { "data-version": one.number },
    h("td", { class: "name" }, h("b", {}, `${one.name} ${one.number}`), h("span", { class: `chip ${COLOURS[one.status]}` }, one.status)),
    h("td", { class: "dim why" }, one.reason ? minus(one.reason) : "–"), h("td", { class: "meta number when" }, when(one), one.promoted_by ? h("div", {}, `by ${one.promoted_by}`) : null),
    h("td", { class: "r acts" }, button("Details", "details", () => acts.details(one)),
      one.status === "live" && overview.rolls_back_to && overview.may_train ? button("Roll back…", "roll-back", () => acts.rollBack(one)) : null,
      one.can_be_made_live && overview.may_train ? button("Make live…", "overrule", () => acts.overrule(one)) : null))))));
}

export function whyLeave(version, back) {
  const [leaving, returning] = [version, back].map((one) => `${one.name} ${one.number}`);
  return {
    body: h("p", {}, `${leaving} is live now and will be left. ${returning} writes the next drafts; what is being written now is finished by ${leaving}, and the drafts that it wrote stay.`),
    hint: `Why ${leaving} should not write the next drafts`,
  };
}

export function whyNotLive(version) {
  return { body: h("p", {}, h("b", {}, WITHOUT_WORD[version.status]), minus(version.reason)), hint: "Why this version should write the next drafts all the same" };
}

const rows = (pairs) => h("dl", { class: "about" }, pairs.filter(([, value]) => value !== null && value !== undefined && value !== "" && value.length !== 0).flatMap(([name, value]) => [h("dt", {}, name), h("dd", { class: "number" }, value)]));
const list = (lines) => lines.map((line) => h("p", {}, minus(line)));

export function versionDetails(about) {
  const libraries = Object.entries(about.environment?.libraries ?? {}).map(([name, number]) => `${name} ${number}`).join(", ");
  const [judged] = about.evaluations;
  const reasons = judged?.reasons ?? [];
  const gate = { promote: "let it through", reject: "refused it" }[judged?.decision];
  const madeLive = about.promotions.map(({ at, by, reason }) => `${day(at)}, by ${by ?? (gate ? "the gate" : "the installation")}${!reason || reason === reasons.join(" ") ? "" : `: ${reason}`}`);
  // What the gate, or the person who made it live, has said is not repeated.
  const said = [reasons.join(" "), ...about.promotions.map((one) => one.reason)];
  return [rows([
    ["Status", about.status], ["The gate", gate ? [h("p", {}, gate), ...list(reasons)] : null], ["Made live", list(madeLive)], [about.promotions.length ? "Since then" : "Reason", said.includes(about.reason) ? null : minus(about.reason)],
    ["Trained from", about.parent], ["Signed readings", about.readings === null ? null : String(about.readings)], ["Snapshot", about.snapshot_sha256],
    ["Device", about.environment?.device], ["Python", about.environment?.python], ["Libraries", libraries],
  ]), about.evaluations.length ? h("details", { open: true }, h("summary", {}, "Figures against the version that was live then"), figuresTable(about.evaluations)) : null,
  Object.keys(about.config).length ? h("details", {}, h("summary", {}, "Settings of the training"), h("pre", { class: "settings" }, JSON.stringify(about.config, null, 1))) : null];
}
