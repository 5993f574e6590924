// A reader's abbreviations: ".nl" and a space becomes the text that it stands for. Kept by the server, per reader.
// While somebody types, only the text before the caret is looked at; once they are done, all of it.
import { ask } from "../../../kit/dialog.js";
import { fill, h } from "../../../kit/dom.js";
import { server } from "../../../kit/server.js";

// The rule and the lengths of feedback_db/people/macros.py.
const NAME = /^\.[a-z][a-z0-9-]{0,19}$/;
const LONGEST_NAME = 21; // with its dot
const LONGEST_TEXT = 2000;
const TYPED = /(?<=^|\s)\.[a-z][a-z0-9-]*(?=\s|$)/gi;
const LEFT = /(?<=^|\s)\.[a-z][a-z0-9-]*/gi; // a full stop may follow

export class Macros {
  constructor() {
    this.known = {};
  }

  async load() {
    try {
      this.known = Object.fromEntries((await server.macros()).map(({ name, text }) => [`.${name}`, text]));
    } catch {
      // Without them typing goes on as it is; the dialog says what is wrong.
    }
  }

  // Puts the text in place of every abbreviation that is followed by a space or, with atEnd, stands last. Says whether
  // there was one.
  expand(box, { atEnd = false } = {}) {
    const caret = atEnd ? box.value.length : box.selectionStart;
    const before = box.value.slice(0, caret);
    const expanded = before.replace(TYPED, (name, at) => ((atEnd || at + name.length < caret) && this.known[name.toLowerCase()]) || name);
    if (expanded === before) return false;
    box.value = expanded + box.value.slice(caret);
    box.setSelectionRange(expanded.length, expanded.length);
    return true;
  }

  // The abbreviations of this reader's that still stand in a text.
  left(text) {
    return [...new Set(text.match(LEFT) ?? [])].filter((name) => name.toLowerCase() in this.known);
  }

  async edit() {
    await this.load();
    const rows = h("div", { class: "macros" });
    const problem = h("p", { class: "notice red", role: "alert", hidden: true });
    const row = (name = "", text = "") => {
      const line = h("div", { class: "macro" },
        h("input", { type: "text", class: "name", value: name, placeholder: ".nl", "aria-label": "Abbreviation", maxlength: String(LONGEST_NAME), spellcheck: "false" }),
        h("textarea", { rows: "2", placeholder: "The lungs are clear.", "aria-label": "Text", maxlength: String(LONGEST_TEXT) }),
        h("button", { type: "button", class: "quiet", "aria-label": "Remove this macro", title: "Remove", onclick: () => line.remove() }, "✕"));
      line.querySelector("textarea").value = text;
      rows.append(line);
      return line;
    };
    for (const [name, text] of Object.entries(this.known).sort()) row(name, text);
    if (!rows.children.length) row();
    const wanted = () => [...rows.children].map((line) => [line.querySelector("input").value.trim().toLowerCase(), line.querySelector("textarea").value.trim()]).filter(([name, text]) => name || text);
    const check = async () => {
      const wrong = wanted().find(([name, text]) => !NAME.test(name) || !text);
      const names = wanted().map(([name]) => name);
      const twice = names.find((name, index) => names.indexOf(name) < index);
      try {
        if (wrong) throw new Error(`“${wrong[0] || wrong[1]}”: an abbreviation is a dot, a letter, then letters, digits or “-”, such as .nl, and stands for a text.`);
        if (twice) throw new Error(`“${twice}” stands here twice. Give one of the two another abbreviation, or remove it.`);
        const kept = Object.fromEntries(wanted());
        for (const [name, text] of Object.entries(kept)) {
          if (this.known[name] === text) continue;
          await server.keepMacro(name.slice(1), text, name in this.known);
          this.known[name] = text;
        }
        for (const name of Object.keys(this.known).filter((one) => !(one in kept))) {
          await server.dropMacro(name.slice(1));
          delete this.known[name];
        }
        return true;
      } catch (error) {
        problem.hidden = false;
        fill(problem, error.message);
        return false;
      }
    };
    await ask({
      title: "Your macros", wide: true,
      body: [h("p", { class: "meta" }, "Type the abbreviation and a space or Enter, in a sentence or in the text, and it becomes the text. Only you see them."), rows,
        h("div", {}, h("button", { type: "button", onclick: () => row().querySelector("input").focus() }, "+ Another")), problem],
      actions: [{ label: "Leave", value: null }, { label: "Keep", value: true, kind: "primary", before: check }],
    });
  }
}
