// The 16-bit pixels of the images looked at last and of those that come next, each fetched once.
// Knows nothing about canvases. An image that was fetched ahead opens without waiting.
import { request } from "../kit/api.js";

const KEPT = 6; // two of a study, two of its prior, two of the next
const fetched = new Map(); // address → promise of Uint16Array

export function pixelsOf({ address }) {
  const known = fetched.get(address);
  fetched.delete(address);
  const asked = known ?? request("GET", `${address}/pixels`).then((response) => response.arrayBuffer()).then((buffer) => new Uint16Array(buffer));
  fetched.set(address, asked);
  asked.catch(() => fetched.delete(address));
  while (fetched.size > KEPT) fetched.delete(fetched.keys().next().value);
  return asked;
}

export function fetchAhead(image) {
  if (!fetched.has(image.address)) pixelsOf(image).catch(() => {});
}
