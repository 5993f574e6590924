// Grey windows for one radiograph, from its own histogram: plain films have no fixed scale as CT has.

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

// Four presets: as stored, the whole range, the dark part (lungs), the bright part (mediastinum and bone).
export function presetsOf(pixels, meta) {
  const cumulative = new Float64Array(65536);
  for (let i = 0; i < pixels.length; i += 3) cumulative[pixels[i]]++;
  for (let value = 1; value < 65536; value++) cumulative[value] += cumulative[value - 1];
  const at = (share) => percentile(cumulative, share);
  return [
    { name: "as stored", window: meta.window },
    { name: "whole range", window: between(at(0.0005), at(0.9995)) },
    { name: "lungs", window: between(at(0.02), at(0.66)) },
    { name: "mediastinum", window: between(at(0.38), at(0.998)) },
  ];
}
