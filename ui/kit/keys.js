// Keys of a page: one table says what each does, and the list behind "?" is made of the same table.
// Silent while a text field or a dialog has the focus. Knows nothing about pages.
import { ask } from "./dialog.js";
import { h, typing } from "./dom.js";

// "j", "Shift+J", "Shift+1", "Ctrl+Enter", "Alt+ArrowUp", "?": letters and digits by what is printed on them.
export function keyName(event) {
  const held = [(event.ctrlKey || event.metaKey) && "Ctrl", event.altKey && "Alt"].filter(Boolean);
  const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
  const letter = /^[a-z]$/i.test(event.key) ? event.key.toUpperCase() : null;
  const named = event.key.length > 1;
  if (event.shiftKey && (digit || letter || named)) held.push("Shift");
  return [...held, digit && (event.shiftKey || /^\d$/.test(event.key)) ? digit : letter ?? event.key].join("+");
}

// commands: [{keys: [name…], shown, group, what, run, release, anywhere}]. release: called when the key is let go.
// anywhere: heard in text fields too.
export function listen(isHere, commands) {
  const byKey = new Map(commands.flatMap((command) => command.keys.map((key) => [key, command])));
  let held = null;
  const letGo = () => {
    held?.release();
    held = null;
  };
  window.addEventListener("keydown", (event) => {
    if (!isHere() || document.querySelector("dialog[open]")) return;
    const command = byKey.get(keyName(event));
    if (!command || (typing(event) && !command.anywhere)) return;
    event.preventDefault();
    if (command.release) {
      if (held) return;
      held = command;
    }
    command.run(event);
  });
  window.addEventListener("keyup", (event) => {
    if (held?.keys.includes(event.key.toUpperCase())) letGo();
  });
  window.addEventListener("blur", letGo);
}

export function showKeys(title, commands) {
  const groups = [...new Set(commands.map(({ group }) => group))];
  return ask({
    title, wide: true,
    body: h("div", { class: "keys-list" }, groups.map((group) => h("section", {}, h("h2", {}, group), h("dl", {},
      commands.filter((command) => command.group === group && command.shown).map(({ shown, what }) => h("div", {}, h("dt", {}, shown.split(" ").map((key) => h("kbd", {}, key))), h("dd", {}, what))))))),
    actions: [{ label: "Close", value: null }],
  });
}
