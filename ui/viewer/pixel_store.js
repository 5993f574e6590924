// The 16-bit pixels of the radiographs looked at last and of the one that comes next, each fetched once.
// Knows no canvas. A radiograph that was fetched ahead opens without waiting.
import { request } from "../kit/api.js";

const KEPT = 4;
const fetched = new Map(); // study id → promise of Uint16Array

export function pixelsOf(id) {
  const known = fetched.get(id);
  fetched.delete(id);
  const asked = known ?? request("GET", `/api/studies/${id}/pixels`).then((response) => response.arrayBuffer()).then((buffer) => new Uint16Array(buffer));
  fetched.set(id, asked);
  asked.catch(() => fetched.delete(id));
  while (fetched.size > KEPT) fetched.delete(fetched.keys().next().value);
  return asked;
}

export function fetchAhead(id) {
  if (id && !fetched.has(id)) pixelsOf(id).catch(() => {});
}
