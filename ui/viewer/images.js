// What a page needs of a study's images without their pixels: where they are fetched, what each is called, which image
// of a prior belongs to which. Knows nothing about servers.

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

// The notices about a study's images; where there are several, each with the image it is about. That the model was not
// made for a lateral view is left out where there is a frontal one that it looks at.
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
