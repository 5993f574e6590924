// Add or remove a finding: what the image suggests, what the report says, and a button that rewrites the report.
import { ask } from "../../../kit/dialog.js";
import { fill, focused, h } from "../../../kit/dom.js";
import { server } from "../../../kit/server.js";
import { profile } from "../../../kit/session.js";

const SAYS = { positive: "present", negative: "absent", uncertain: "uncertain" };

// sentences: () => the report's texts. rewrite(texts): puts others in their place. opinions: finding → probability.
export function showFindings({ sentences, rewrite, opinions }) {
  const body = h("tbody", {});
  const problem = h("p", { class: "notice red", role: "alert", hidden: true });
  const refused = (error) => {
    problem.hidden = false;
    fill(problem, error.message);
  };
  const set = async (finding, present) => {
    try {
      rewrite((await server.setFinding(sentences(), finding, present)).sentences);
      problem.hidden = true;
      await show();
    } catch (error) {
      refused(error);
    }
  };
  const show = async () => {
    const finding = focused()?.dataset.finding;
    const { stated } = await server.findings(sentences());
    fill(body, profile().findings.map((finding) => {
      const opinion = opinions?.[finding];
      const says = stated[finding] ?? null;
      const differs = opinion !== undefined && ((opinion >= 0.6 && says !== "positive") || (opinion <= 0.15 && says === "positive"));
      return h("tr", {}, h("th", { scope: "row" }, finding),
        h("td", { class: `r number ${differs ? "differs" : ""}` }, opinion === undefined ? "–" : opinion.toFixed(2)),
        h("td", {}, h("span", { class: `chip ${says === "positive" ? "blue" : ""}` }, SAYS[says] ?? "not mentioned")),
        h("td", { class: "r" },
          h("button", { type: "button", disabled: says === "positive", "data-finding": `${finding}+`, onclick: () => set(finding, true) }, "Add"), " ",
          h("button", { type: "button", disabled: says === "negative", "data-finding": `${finding}-`, onclick: () => set(finding, false) }, says === "positive" ? "Remove" : "Deny")));
    }));
    if (finding) (body.querySelector(`[data-finding="${CSS.escape(finding)}"]:not([disabled])`) ?? body.querySelector("button:not([disabled])"))?.focus();
  };
  show().catch(refused);
  return ask({
    title: "Findings", wide: true,
    body: [h("p", { class: "meta" }, "Adding or removing one rewrites the sentences that speak of it. You see every change in the cards and can undo it (Z)."),
      h("table", { class: "plain findings-table" }, h("thead", {}, h("tr", {}, ["Finding", "Image", "Report", ""].map((label) => h("th", { scope: "col", class: label === "Image" ? "r" : "" }, label || h("span", { class: "unseen" }, "Change"))))), body), problem],
    actions: [{ label: "Close", value: null, kind: "primary" }],
  });
}
