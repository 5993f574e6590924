// A modal question. Resolves to the value of the button that was pressed, or null when it was dismissed.
import { h } from "./dom.js";

export function ask({ title, body, actions, wide = false }) {
  return new Promise((resolve) => {
    const dialog = h("dialog", { class: wide ? "lm wide" : "lm", "aria-label": title });
    const finish = (value) => {
      dialog.close();
      dialog.remove();
      resolve(value);
    };
    const buttons = actions.map((action) =>
      h("button", { class: action.kind ?? "", type: "button", "data-action": String(action.value), onclick: () => finish(action.value) }, action.label));
    dialog.append(h("header", {}, title), h("div", { class: "body" }, body), h("div", { class: "actions" }, buttons));
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      finish(null);
    });
    document.body.append(dialog);
    dialog.showModal();
    (buttons.find((button) => button.classList.contains("primary")) ?? buttons.at(-1)).focus();
  });
}

export const tell = (title, message) =>
  ask({ title, body: h("p", {}, message), actions: [{ label: "Close", value: null }] });
