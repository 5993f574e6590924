// Which page is in front. The address hash says it: #/worklist, #/reading/42, #/compare/42, #/training, #/admin.
// A page registers {enter(argument), leave()}; pages mount at their own time, so the route is re-applied then.
// ui/pages/pages.py lists the pages; the first tab is where people come in.

const pages = new Map();
const listeners = new Set();
let current = null;

export function route() {
  const [name, argument] = location.hash.replace(/^#\/?/, "").split("/");
  return { name: name || /** @type {HTMLElement} */ (document.querySelector("[data-tab]"))?.dataset.tab, argument: argument ? Number(argument) : null };
}

export const go = (name, argument) => {
  location.hash = argument === undefined || argument === null ? `#/${name}` : `#/${name}/${argument}`;
};

export function register(section, page) {
  pages.set(section.dataset.part, { section, ...page });
  apply();
}

export function onRoute(listener) {
  listeners.add(listener);
  listener(route());
}

function apply() {
  const wanted = route();
  const page = pages.get(wanted.name);
  if (!page) return;
  if (current && current.page !== page) {
    current.page.section.classList.remove("here");
    current.page.leave?.();
  }
  page.section.classList.add("here");
  if (!current || current.page !== page || current.argument !== wanted.argument) {
    current = { page, argument: wanted.argument };
    page.enter?.(wanted.argument);
  }
}

window.addEventListener("hashchange", () => {
  apply();
  for (const listener of listeners) listener(route());
});
