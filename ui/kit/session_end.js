// What becomes of a page whose session has ended. Where nobody is at work on it, it goes to sign-in. Where somebody types,
// or holds what the server has not got yet, it stays as it is: that is said, and the reader goes when it suits them.
// Knows nothing about pages: what is held is told by those who hold it, and the bar says it.
import { focused } from "./dom.js";

const holders = new Set();
const listeners = new Set();
let told = null;

/**
 * Tells of text that the server has not got: "kept" where this browser keeps it until after signing in, "page" where it
 * is on this page alone, null where there is none.
 * @param {() => "kept" | "page" | null} holder
 */
export const holds = (holder) => holders.add(holder);

/** Hears {kept, address} when a page stays that has no session any more, and null when it has one again. */
export const onSessionEnd = (listener) => listeners.add(listener);

function tell(news) {
  if (news?.kept === told?.kept && news?.address === told?.address) return; // a poll that hears it again is no news
  told = news;
  for (const listener of listeners) listener(news);
}

const atWork = () => document.querySelector("dialog[open]") !== null || Boolean(focused()?.matches("input, textarea, select, [contenteditable=true]"));

export function sessionEnded() {
  const address = `/sign-in?next=${encodeURIComponent(location.pathname + location.hash)}`;
  const held = [...holders].map((holder) => holder()).filter(Boolean);
  if (held.length || atWork()) tell({ kept: held.length > 0 && held.every((one) => one === "kept"), address });
  else location.assign(address);
}

export const sessionIsThere = () => tell(null);
