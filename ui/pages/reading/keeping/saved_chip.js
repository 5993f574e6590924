// What the bar says of the reader's text: saved when, or where it is kept until it can be. Knows nothing about saving.
import { clock, h } from "../../../kit/dom.js";

export function savedChip(state, reading, amending) {
  const chip = (kind, ...content) => h("span", { class: `chip number ${kind}`, "data-saved": state?.kind ?? "none", role: "status" }, h("span", { class: "dot" }), ...content);
  if (!state) return h("span", { class: "chip" }, "drafting");
  if (reading?.status === "signed" && !amending) return chip("green", `signed ${clock(reading.signed_at)}`);
  const what = amending ? "amendment " : "";
  switch (state.kind) {
    case "saved": return state.at ? chip("green", `${what}saved ${clock(state.at)}`) : chip("", "no edits");
    case "saving": return chip("", "saving");
    case "unsaved": return chip("", "not saved yet");
    case "gone": return chip("amber", "server gone: kept on this computer, will be sent");
    case "ended": return chip("amber", "session ended: kept until you sign in");
    case "full": return chip("red", "server's disk is full: kept on this computer, will be sent");
    case "stale": return chip("red", "changed elsewhere");
    case "refused": return chip("red", "not saved");
    default: return chip("", "no edits");
  }
}
