// The two deliberate questions of the reading room: signing, and what to do when two texts of one reading exist.
import { ask } from "../../kit/dialog.js";
import { diffNodes } from "../../words/diff.js";
import { clock, h } from "../../kit/dom.js";

const AGREEMENT = ["1 · rewrote it", "2", "3", "4", "5 · as I would say it"];
const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

function summary(sentences) {
  const of = (state) => sentences.filter((one) => one.state === state).length;
  const marked = sentences.reduce((sum, one) => sum + one.errors.length, 0);
  const parts = [["accepted", of("accepted")], ["edited", of("edited")], ["added", of("added")], ["deleted", of("deleted")], ["left as drafted", of("untouched")]];
  return [...parts.filter(([, number]) => number).map(([label, number]) => `${number} ${label}`), marked ? count(marked, "error mark") : ""].filter(Boolean).join(" · ");
}

function agreementRow(chosen) {
  const buttons = AGREEMENT.map((label, index) =>
    h("button", { type: "button", role: "radio", "aria-checked": "false", "data-agreement": String(index + 1), onclick: () => press(index + 1) }, label));
  const press = (value) => {
    chosen.agreement = chosen.agreement === value ? null : value;
    buttons.forEach((button, index) => {
      button.classList.toggle("on", index + 1 === chosen.agreement);
      button.setAttribute("aria-checked", String(index + 1 === chosen.agreement));
    });
  };
  return h("div", { class: "agreement" },
    h("span", { class: "meta" }, "How far did you agree with the draft? Optional."), h("div", { role: "radiogroup", "aria-label": "Agreement with the draft" }, buttons));
}

// Resolves to {agreement: 1…5 | null}, or to null when it is not to be signed.
export async function confirmSigning({ sentences, text, reader, author, study, amending, abbreviations }) {
  const chosen = { agreement: null };
  const changed = sentences.filter((one) => ["edited", "added", "deleted"].includes(one.state));
  const flagged = sentences.filter((one) => one.flag && one.state === "untouched").length;
  const open = sentences.reduce((sum, one) => sum + one.suggested.length, 0);
  const body = [
    h("p", { class: "meta" }, `${summary(sentences)}. Drafted by ${author}.`),
    changed.length
      ? h("div", { class: "changes" }, changed.map((one) => h("p", {}, diffNodes(one.drafted ?? "", one.state === "deleted" ? "" : one.text))))
      : h("p", {}, "You sign the draft as it was written; nothing was changed."),
    flagged ? h("p", { class: "notice" }, `${count(flagged, "flagged sentence")} left as drafted: the image's own opinion differs there.`) : null,
    open ? h("p", { class: "notice blue" }, `${count(open, "suggested error mark")} not confirmed; what you do not confirm is not kept.`) : null,
    abbreviations.length ? h("p", { class: "notice" }, `${abbreviations.join(", ")} still stands in the report as you typed it. Press “Not yet” and put a space after it to write it out.`) : null,
    h("h2", {}, "Report to be signed"),
    h("p", { class: "final" }, text),
    agreementRow(chosen),
    h("p", {}, "Signed by ", h("b", {}, reader.name), ` for ${study}. `, h("span", { class: "meta" }, "Ctrl+Enter signs; Enter alone does not.")),
  ];
  const sure = await ask({
    title: amending ? "Sign this amendment?" : "Sign this report?", body,
    actions: [{ label: "Not yet", value: false }, { label: `Sign as ${reader.name}`, value: true, kind: "primary", deliberate: true }],
  });
  return sure ? chosen : null;
}

// Resolves to "mine" or "theirs"; there is no way out that loses one of them unseen.
export async function resolveStale({ mine, theirs }) {
  const column = (title, text, other) => h("section", { class: "card" }, h("h2", {}, title), h("p", { class: "final" }, diffNodes(other, text, { gone: false })));
  let answer = null;
  while (answer === null) {
    answer = await ask({
      title: "This reading was changed elsewhere", wide: true,
      body: [
        h("p", {}, "The text on the server is newer than the one this page started from. Nothing was overwritten: choose which one to go on with. The other stays among the reading's revisions if it was saved."),
        h("div", { class: "two" },
          column("On this page", mine, theirs.text),
          column(`Saved ${clock(theirs.saved_at)} by you elsewhere, revision ${theirs.revision}`, theirs.text, mine)),
      ],
      actions: [{ label: "Go on with the saved text", value: "theirs" }, { label: "Go on with this page's text", value: "mine", kind: "primary" }],
    });
  }
  return answer;
}
