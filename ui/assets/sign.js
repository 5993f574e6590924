// The two deliberate questions of the reading room: signing, and what to do when two texts of one reading exist.
import { reportText } from "./cards.js";
import { ask } from "./dialog.js";
import { diffNodes } from "./diff.js";
import { clock, h } from "./dom.js";

const count = (number, noun) => `${number} ${noun}${number === 1 ? "" : "s"}`;

function summary(sentences) {
  const of = (state) => sentences.filter((one) => one.state === state).length;
  const parts = [["accepted", of("accepted")], ["edited", of("edited")], ["added", of("added")], ["deleted", of("deleted")], ["left as drafted", of("untouched")]];
  return parts.filter(([, number]) => number).map(([label, number]) => `${number} ${label}`).join(" · ");
}

export async function confirmSigning({ sentences, reader, author, study }) {
  const changed = sentences.filter((one) => ["edited", "added", "deleted"].includes(one.state));
  const flagged = sentences.filter((one) => one.flag && one.state === "untouched").length;
  const body = [
    h("p", { class: "meta" }, `${summary(sentences)}. Drafted by ${author}.`),
    changed.length
      ? h("div", { class: "changes" }, changed.map((one) => h("p", {}, diffNodes(one.drafted ?? "", one.state === "deleted" ? "" : one.text))))
      : h("p", {}, "You sign the draft as it was written; nothing was changed."),
    flagged ? h("p", { class: "notice" }, `${count(flagged, "flagged sentence")} left as drafted: the image's own opinion differs there.`) : null,
    h("h2", {}, "Report to be signed"),
    h("p", { class: "final" }, reportText(sentences)),
    h("p", {}, "Signed by ", h("b", {}, reader.name), ` for ${study}.`),
  ];
  return ask({ title: "Sign this report?", body, actions: [{ label: "Not yet", value: false }, { label: `Sign as ${reader.name}`, value: true, kind: "primary" }] });
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
          column("On this page", reportText(mine), theirs.text),
          column(`Saved ${clock(theirs.saved_at)} by you elsewhere, revision ${theirs.revision}`, theirs.text, reportText(mine))),
      ],
      actions: [{ label: "Go on with the saved text", value: "theirs" }, { label: "Go on with this page's text", value: "mine", kind: "primary" }],
    });
  }
  return answer;
}
