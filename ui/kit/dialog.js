// A modal question. Resolves to the value of the button that was pressed, or null when it was dismissed.
import { focused, h } from "./dom.js";

// actions: [{label, value, kind, before, deliberate}]. before: async () => false keeps the question open. deliberate:
// does not have the focus at first and ignores a bare Enter; Ctrl+Enter, a click or the space bar presses it.
export function ask({ title, body, actions, wide = false }) {
  return new Promise((resolve) => {
    const returnTo = focused();
    const dialog = h("dialog", { class: wide ? "lm wide" : "lm", "aria-label": title });
    const finish = (value) => {
      dialog.close();
      dialog.remove();
      if (returnTo?.isConnected && returnTo !== document.body) returnTo.focus({ preventScroll: true });
      resolve(value);
    };
    let waiting = false; // for what a press has started: a second press must not start it again
    const press = async (action) => {
      if (waiting) return;
      waiting = true;
      try {
        if (action.before && !(await action.before())) return;
      } finally {
        waiting = false;
      }
      finish(action.value);
    };
    const buttons = actions.map((action) =>
      h("button", {
        class: action.kind ?? "", type: "button", "data-action": String(action.value), onclick: () => press(action),
        onkeydown: (event) => { if (action.deliberate && event.key === "Enter" && !event.ctrlKey && !event.metaKey) event.preventDefault(); },
      }, action.label));
    dialog.append(h("header", {}, title), h("div", { class: "body", tabindex: "-1" }, body), h("div", { class: "actions" }, buttons));
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      finish(null);
    });
    dialog.addEventListener("keydown", (event) => {
      const deliberate = actions.find((action) => action.deliberate);
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && deliberate) {
        event.preventDefault();
        event.stopPropagation();
        press(deliberate);
      }
    });
    document.body.append(dialog);
    dialog.showModal();
    if (actions.some((action) => action.deliberate)) dialog.querySelector(".body").focus();
    else (buttons.find((button) => button.classList.contains("primary")) ?? buttons.at(-1)).focus({ preventScroll: true });
  });
}

export const tell = (title, message) =>
  ask({ title, body: h("p", {}, message), actions: [{ label: "Close", value: null }] });
