// What a map over an image looks like: warmth of one colour, stronger where more of the words came from.
// A map is {rows, columns, image, kind, extent_xywh, values: base64 of one byte a cell, row by row}. Knows nothing
// about reports.

const FINE = 224; // a map is interpolated to this many cells a side, then coloured

const bytesOf = (map) => Uint8Array.from(atob(map.values), (letter) => letter.charCodeAt(0));

// The strongest of the maps at every place: what the report as a whole was written from. They are of one image; those on
// another grid than the first are left out. Null for none.
export function strongest(every) {
  if (!every.length) return null;
  const { rows, columns, image, kind, extent_xywh } = every[0];
  const result = new Uint8Array(rows * columns);
  for (const map of every.filter((one) => one.rows === rows && one.columns === columns)) {
    for (const [i, value] of bytesOf(map).entries()) result[i] = Math.max(result[i], value);
  }
  return { rows, columns, image, kind, extent_xywh, values: btoa(String.fromCharCode(...result)) };
}

// A canvas of the map, bilinear between the centres of the cells.
export function warmth(map) {
  const { rows, columns } = map;
  const values = bytesOf(map);
  const canvas = document.createElement("canvas");
  canvas.width = FINE;
  canvas.height = FINE;
  const context = canvas.getContext("2d");
  const data = context.createImageData(FINE, FINE);
  for (let y = 0; y < FINE; y++) {
    const v = Math.min(rows - 1, Math.max(0, ((y + 0.5) / FINE) * rows - 0.5));
    const top = Math.floor(v);
    const below = Math.min(rows - 1, top + 1);
    for (let x = 0; x < FINE; x++) {
      const u = Math.min(columns - 1, Math.max(0, ((x + 0.5) / FINE) * columns - 0.5));
      const left = Math.floor(u);
      const right = Math.min(columns - 1, left + 1);
      const upper = values[top * columns + left] * (1 - (u - left)) + values[top * columns + right] * (u - left);
      const lower = values[below * columns + left] * (1 - (u - left)) + values[below * columns + right] * (u - left);
      const heat = (upper * (1 - (v - top)) + lower * (v - top)) / 255;
      const at = (y * FINE + x) * 4;
      data.data[at] = 224;
      data.data[at + 1] = Math.round(172 - 88 * heat);
      data.data[at + 2] = Math.round(84 + 8 * heat);
      data.data[at + 3] = Math.round(255 * Math.min(1, Math.max(0, heat - 0.06) * 1.15));
    }
  }
  context.putImageData(data, 0, 0);
  return canvas;
}
