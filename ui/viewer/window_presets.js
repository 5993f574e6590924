// Grey windows for one radiograph: those that its file names, then some from its own histogram, since plain films have
// no fixed scale as CT has. Knows nothing about canvases.

function percentile(cumulative, share) {
  const wanted = share * cumulative[65535];
  let low = 0;
  let high = 65535;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulative[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

const between = (low, high) => [(low + high) / 2, Math.max(2, high - low)];

// [{name, title, window: [centre, width]}]: as stored (or all of the file's own windows), the whole range, the dark part, the bright part.
export function presetsOf(pixels, meta) {
  const cumulative = new Float64Array(65536);
  for (let i = 0; i < pixels.length; i += 3) cumulative[pixels[i]]++;
  for (let value = 1; value < 65536; value++) cumulative[value] += cumulative[value - 1];
  const at = (share) => percentile(cumulative, share);
  const several = (meta.windows ?? []).length > 1 ? meta.windows : [];
  const stored = several.length
    ? several.map(({ name, window }, index) => ({ name: (name || `file ${index + 1}`).toLowerCase(), title: `Window ${index + 1} of the file`, window }))
    : [{ name: "stored", title: "As the file says", window: meta.window }];
  return [
    ...stored,
    { name: "full", title: "The whole range of greys", window: between(at(0.0005), at(0.9995)) },
    { name: "lungs", title: "The dark part of the image", window: between(at(0.02), at(0.66)) },
    { name: "bone", title: "The bright part: mediastinum and bone", window: between(at(0.38), at(0.998)) },
  ];
}
