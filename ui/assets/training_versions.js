// The versions: which is live, where each came from, the way back, and the gate overruled. No server calls, no state.
import { day, h } from "./dom.js";

const COLOURS = { live: "green", candidate: "blue", rejected: "red", retired: "" };

// acts: {rollBack(), overrule(version), details(version)}
export function versionList(overview, acts) {
  const button = (label, act, run, kind = "") => h("button", { type: "button", class: kind, "data-act": act, onclick: run }, label);
  return h("section", { class: "card" }, h("h2", {}, "Versions"), h("table", { class: "plain" }, h("tbody", {}, overview.versions.map((one) => h("tr", { "data-version": one.number },
    h("td", {}, h("b", {}, `${one.name} ${one.number}`)), h("td", {}, h("span", { class: `chip ${COLOURS[one.status]}` }, one.status)),
    h("td", { class: "dim why" }, one.reason || "–"), h("td", { class: "meta number" }, one.promoted_at ? `live ${day(one.promoted_at)}` : day(one.created_at), one.promoted_by ? h("div", {}, `by ${one.promoted_by}`) : null),
    h("td", { class: "r acts" }, button("Details", "details", () => acts.details(one)),
      one.status === "live" && overview.can_roll_back && overview.may_train ? button("Roll back", "roll-back", acts.rollBack) : null,
      one.can_be_overruled && overview.may_train ? button("Make live…", "overrule", () => acts.overrule(one)) : null))))));
}

export function overruleForm(version) {
  const reason = h("textarea", { rows: "3", "aria-label": "Reason", placeholder: "Why this version should write the next drafts all the same" });
  const said = h("p", { class: "meta" }, "Your name and this reason are kept in the audit.");
  return { reason, said, body: [h("p", {}, h("b", {}, version.status === "rejected" ? "The gate did not let it through: " : "The gate has not measured it: "), version.reason), reason, said] };
}

const rows = (pairs) => h("dl", { class: "about" }, pairs.filter(([, value]) => value !== null && value !== undefined && value !== "").flatMap(([name, value]) => [h("dt", {}, name), h("dd", { class: "number" }, value)]));

export function versionDetails(about) {
  const libraries = Object.entries(about.environment?.libraries ?? {}).map(([name, number]) => `${name} ${number}`).join(", ");
  const measured = about.evaluations.map((one) => `${one.set === "base" ? "base set" : "held-out studies"} (${one.n})`).join(", ");
  return [rows([
    ["Status", about.status], ["Trained from", about.parent], ["Signed readings", about.readings === null ? null : String(about.readings)], ["Snapshot", about.snapshot_sha256],
    ["Judged on", measured], ["Decision", about.evaluations[0]?.decision], ["Reason", about.reason], ["Made live by", about.promoted_at ? about.promoted_by ?? "the gate" : null],
    ["Device", about.environment?.device], ["Python", about.environment?.python], ["Libraries", libraries],
  ]), Object.keys(about.config).length ? h("details", {}, h("summary", {}, "Settings of the training"), h("pre", { class: "settings" }, JSON.stringify(about.config, null, 1))) : null];
}
