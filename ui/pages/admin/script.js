// Tells Gradio's components of this page when it comes to the front and when it leaves: they ask nothing meanwhile.
import { announce } from "../../kit/session.js";
import { register } from "../../shell/router.js";

export function mount(element, trigger) {
  const section = element.closest(".page");
  section.dataset.part = "admin";
  register(section, {
    enter: () => {
      announce({});
      trigger("submit", { front: true });
    },
    leave: () => trigger("submit", { front: false }),
  });
}
