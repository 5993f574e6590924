// Builds DOM nodes. Every text goes in as a text node: nothing that came from a file or a person is ever markup.

export function h(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name in node && typeof value !== "string") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

export function fill(node, ...children) {
  node.replaceChildren(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const two = (number) => String(number).padStart(2, "0");

export function clock(iso) {
  const at = new Date(iso);
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

export function day(iso) {
  const at = new Date(iso);
  const today = new Date().toDateString() === at.toDateString();
  const hours = `${two(at.getHours())}:${two(at.getMinutes())}`;
  return today ? `today ${hours}` : `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${hours}`;
}

export const studyNumber = (id) => String(id).padStart(4, "0");

export const typing = (event) => event.target.closest?.("input, textarea, select, [contenteditable=true], dialog") !== null;

/** What has the focus. @returns {HTMLElement | null} */
export const focused = () => /** @type {HTMLElement | null} */ (document.activeElement);

/**
 * Hears what one of our own event targets tells: the listener is given the event's detail.
 * @param {EventTarget} target @param {string} name @param {(detail: any) => void} listener
 */
export const hear = (target, name, listener) => target.addEventListener(name, (event) => listener(/** @type {CustomEvent} */ (event).detail));
