// Who is signed in and which model is live: asked once, asked again every few seconds, told to all listeners.
import { get } from "./api.js";
import { hear } from "./dom.js";

const bus = new EventTarget();
let known = null;
let asking = null;

export function me() {
  asking ??= refresh().catch((error) => {
    asking = null; // the next page asks again
    throw error;
  });
  return asking;
}

export async function refresh(options) {
  known = await get("/api/me", options);
  asking = Promise.resolve(known);
  bus.dispatchEvent(new CustomEvent("me", { detail: known }));
  return known;
}

// The kind of examination that the model is for: {name, title, regions, findings, views}, names in their order.
export const profile = () => known?.profile ?? { regions: [], findings: [], views: [] };

export function onMe(listener) {
  hear(bus, "me", listener);
  if (known) listener(known);
}

// What the bar says about the page in front: {where: nodes, chips: nodes}.
export function announce(state) {
  bus.dispatchEvent(new CustomEvent("announce", { detail: state }));
}

export const onAnnounce = (listener) => hear(bus, "announce", listener);
