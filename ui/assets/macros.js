// A reader's abbreviations: ".nl" and a space becomes the text that it stands for. Kept by the server, per reader.
import { ask } from "./dialog.js";
import { fill, h } from "./dom.js";
import { server } from "./server.js";

const NAME = /^\.[a-z][a-z0-9-]*$/i;
const TYPED = /(^|\s)(\.[a-z][a-z0-9-]*)([\s]|$)/gi;

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

  // Puts the text in place of every abbreviation that is followed by a space or, with atEnd, stands last.
  expand(box, { atEnd = false } = {}) {
    const caret = box.selectionStart;
    const before = box.value.slice(0, caret);
    const expanded = before.replace(TYPED, (whole, left, name, right) => {
      const text = this.known[name.toLowerCase()];
      return text && (right || atEnd) ? `${left}${text}${right}` : whole;
    });
    if (expanded === before) return;
    box.value = expanded + box.value.slice(caret);
    box.setSelectionRange(expanded.length, expanded.length);
  }

  async edit() {
    await this.load();
    const rows = h("div", { class: "macros" });
    const problem = h("p", { class: "notice red", role: "alert", hidden: true });
    const row = (name = "", text = "") => {
      const line = h("div", { class: "macro" },
        h("input", { type: "text", class: "name", value: name, placeholder: ".nl", "aria-label": "Abbreviation", maxlength: "21", spellcheck: "false" }),
        h("textarea", { rows: "2", placeholder: "The lungs are clear.", "aria-label": "Text", maxlength: "2000" }),
        h("button", { type: "button", class: "quiet", "aria-label": "Remove this macro", title: "Remove", onclick: () => line.remove() }, "✕"));
      line.querySelector("textarea").value = text;
      rows.append(line);
      return line;
    };
    Object.entries(this.known).sort().forEach(([name, text]) => row(name, text));
    if (!rows.children.length) row();
    const wanted = () => [...rows.children].map((line) => [line.querySelector("input").value.trim().toLowerCase(), line.querySelector("textarea").value.trim()]).filter(([name, text]) => name || text);
    const check = async () => {
      const wrong = wanted().find(([name, text]) => !NAME.test(name) || !text);
      try {
        if (wrong) throw new Error(`“${wrong[0] || wrong[1]}”: an abbreviation is a dot and letters, such as .nl, and stands for a text.`);
        const kept = Object.fromEntries(wanted());
        for (const [name, text] of Object.entries(kept)) if (this.known[name] !== text) await server.keepMacro(name.slice(1), text);
        for (const name of Object.keys(this.known)) if (!(name in kept)) await server.dropMacro(name.slice(1));
        this.known = kept;
        return true;
      } catch (error) {
        problem.hidden = false;
        fill(problem, error.message);
        return false;
      }
    };
    await ask({
      title: "Your macros", wide: true,
      body: [h("p", { class: "meta" }, "Type the abbreviation and a space, in a sentence or in the text, and it becomes the text. Only you see them."), rows,
        h("div", {}, h("button", { type: "button", onclick: () => row().querySelector("input").focus() }, "+ Another")), problem],
      actions: [{ label: "Leave", value: null }, { label: "Keep", value: true, kind: "primary", before: check }],
    });
  }
}
