// A study's images in the order in which they are hung, where their pixels are fetched, and the pixels that were fetched
// last, each once. Knows no canvas. An image that was fetched ahead opens without waiting.
import { request } from "../kit/api.js";

const KEPT = 6; // two of a study, two of its prior, two of the next
const fetched = new Map(); // address → promise of Uint16Array

// A view that no file names counts as frontal: most radiographs without one are.
const isFrontal = ({ view }) => view !== "LATERAL";

// What the server says of each image of a study or a prior, as they are hung, with its address.
export function imagesOf({ id, origin, images }) {
  return images.map((image) => ({ ...image, origin, address: `/api/studies/${id}/images/${image.id}` }));
}

// "PA", "left lateral": what an image is called beside another of its study.
export function viewName({ view, side }) {
  if (view !== "LATERAL") return view ?? "view not said";
  return side ? `${side === "L" ? "left" : "right"} lateral` : "lateral";
}

// "PA", "PA + left lateral": the images of a study in a word; empty where no file says it.
export function viewsOf(study) {
  const { images } = study;
  return images.length < 2 ? images[0].view ?? "" : images.map(viewName).join(" + ");
}

// What is to be told of a study's images; of several, with each the image that it is said of. That the model was not made
// for a lateral view is left out where there is a frontal one that it looks at.
export function noticesOf(study) {
  const { images } = study;
  if (images.length < 2) return images[0].notices;
  const frontal = images.some(isFrontal);
  return images.flatMap((image) => image.notices.filter(({ code }) => code !== "lateral" || !frontal).map((notice) => ({ ...notice, sentence: `${capital(viewName(image))}: ${notice.sentence}` })));
}

const capital = (words) => words[0].toUpperCase() + words.slice(1);

// The place of the image that is best compared with this one: of the same view, or else frontal or lateral as it is.
export function counterpart(images, image) {
  const same = images.findIndex(({ view }) => view === image.view);
  return Math.max(0, same >= 0 ? same : images.findIndex((one) => isFrontal(one) === isFrontal(image)));
}

export const areAlike = (one, other) => isFrontal(one) === isFrontal(other);

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
