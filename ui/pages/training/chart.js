// A small line chart in SVG: one or more series of [x, y], a title that carries the last value. Knows nothing about
// training.
import { h } from "../../kit/dom.js";

const SPACE = "http://www.w3.org/2000/svg";
const WIDTH = 420;
const HEIGHT = 150;
const PAD = { left: 40, right: 10, top: 8, bottom: 20 };

function s(tag, attributes, text) {
  const node = document.createElementNS(SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text !== undefined) node.textContent = text;
  return node;
}

function ticks(low, high) {
  const step = 10 ** Math.floor(Math.log10((high - low) / 2));
  const wide = (high - low) / step > 5 ? step * 2 : step;
  // Multiples of the step, not sums of it: sums drift, and zero reads 5.55e-17.
  const first = Math.ceil(low / wide);
  return Array.from({ length: Math.floor(high / wide) - first + 1 }, (_, index) => (first + index) * wide);
}

const short = (value) => (Math.abs(value) >= 100 ? value.toFixed(0) : Number(value.toPrecision(3)).toString()).replace("-", "−");

// series: [{name, colour, points: [[x, y], …], dashed}]
export function lineChart(title, series, empty) {
  const drawn = series.filter((one) => one.points.length);
  const last = drawn.map((one) => h("span", { class: "number" }, h("i", { style: `background:${one.colour}` }), `${one.name} ${short(one.points.at(-1)[1])}`));
  const figure = h("figure", { class: "chart" }, h("figcaption", {}, h("h2", {}, title), h("span", { class: "legend" }, last)));
  if (!drawn.length) {
    figure.append(h("div", { class: "no-curve" }, empty));
    return figure;
  }
  const all = drawn.flatMap((one) => one.points);
  const xs = all.map(([x]) => x);
  const ys = all.map(([, y]) => y);
  const [x0, x1] = [Math.min(...xs), Math.max(...xs, Math.min(...xs) + 1)];
  let [y0, y1] = [Math.min(...ys), Math.max(...ys)];
  const margin = (y1 - y0 || Math.abs(y1) || 1) * 0.08;
  [y0, y1] = [y0 - margin, y1 + margin];
  const toX = (x) => PAD.left + ((x - x0) / (x1 - x0)) * (WIDTH - PAD.left - PAD.right);
  const toY = (y) => HEIGHT - PAD.bottom - ((y - y0) / (y1 - y0)) * (HEIGHT - PAD.top - PAD.bottom);
  const svg = s("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": title });
  for (const y of ticks(y0, y1)) {
    svg.append(s("line", { x1: PAD.left, x2: WIDTH - PAD.right, y1: toY(y), y2: toY(y), class: "grid" }));
    svg.append(s("text", { x: PAD.left - 6, y: toY(y) + 3.5, "text-anchor": "end" }, short(y)));
  }
  svg.append(s("text", { x: PAD.left, y: HEIGHT - 5 }, short(x0)));
  svg.append(s("text", { x: WIDTH - PAD.right, y: HEIGHT - 5, "text-anchor": "end" }, `step ${short(x1)}`));
  for (const one of drawn) {
    const path = one.points.map(([x, y], index) => `${index ? "L" : "M"}${toX(x).toFixed(1)} ${toY(y).toFixed(1)}`).join("");
    svg.append(s("path", { d: path, stroke: one.colour, class: one.faint ? "line faint" : "line" }));
    const [x, y] = one.points.at(-1);
    svg.append(s("circle", { cx: toX(x), cy: toY(y), r: 2.5, fill: one.colour }));
  }
  figure.append(svg);
  return figure;
}
