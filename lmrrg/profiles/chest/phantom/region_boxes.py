"""The 29 regions of a drawn chest: their outlines, their boxes and the cells of a coarse grid they cover.

Boxes mean what Chest ImaGenome's mean: the whole of a structure, clipped to the image. A lung's box is drawn as people
draw it, with the wall around it (``_LUNG_MARGIN``). Knows nothing about diseases: a lung keeps its box when fluid
covers it.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from lmrrg.profiles.chest.phantom.anatomy_model import SIGN, Chest, Points
from lmrrg.profiles.chest.phantom.picture.framing import Framing
from lmrrg.profiles.chest.regions import REGION_INDEX, REGIONS

GRID = 32
# Body units that a hand-drawn box of a lung leaves around it: laterally out to the ribs' outer edge, towards the
# midline, and above the apex.
_LUNG_MARGIN = (0.08, 0.03, 0.05)
_FINE = 2  # sub-cells along a cell's side when a shape is laid on the grid


def region_shapes(chest: Chest) -> tuple[tuple[Points, ...], ...]:
    """Outlines of the 29 regions in body coordinates, in the order of ``anatomy.REGIONS``.

    A region is what any of its polygons covers.
    """
    h = chest.height
    shapes: dict[str, Points] = {}
    for side, s in SIGN.items():
        lung = chest.lung[side]
        base = float(lung[:, 1].max())
        shapes[f"{side} lung"] = lung
        for k, zone in enumerate(("upper", "mid", "lower")):
            shapes[f"{side} {zone} lung zone"] = band(lung, base * k / 3, base * (k + 1) / 3)
        shapes[f"{side} apical zone"] = band(lung, 0.0, 0.17 * h)
        x, y = chest.marks[f"{side} hilum"]
        shapes[f"{side} hilar structures"] = _ellipse(x, y + 0.01 * h, 0.15, 0.13 * h)
        x, y = chest.angle[side]
        shapes[f"{side} costophrenic angle"] = _box(x - s * 0.20, y - 0.11 * h, x + s * 0.02, y + 0.02 * h)
        dome = chest.dome[side]
        shapes[f"{side} hemidiaphragm"] = np.vstack([dome, [[dome[-1, 0], dome[0, 1]]]])
        clavicle = chest.shapes[f"{side} clavicle"]
        shapes[f"{side} clavicle"] = np.vstack([clavicle - [0, 0.03], np.add(clavicle[::-1], (0, 0.03))])
    line, width = chest.shapes["trachea line"], chest.marks["trachea width"][0] / 2
    line = line[line[:, 1] > -0.2 * h]
    shapes["trachea"] = np.vstack([line - [width, 0], np.add(line[::-1], (width, 0))])
    y_spine = np.linspace(-0.1 * h, 1.12 * h, 12)
    x_spine = chest.midline(y_spine)
    edge = np.stack([x_spine, y_spine], 1)
    shapes["spine"] = np.vstack([edge - [0.125, 0], np.add(edge[::-1], (0.125, 0))])
    x, y = chest.marks["knob"]
    knob = chest.marks["knob radius"][0]
    shapes["aortic arch"] = _ellipse(x - 0.01, y + 0.02, knob * 1.15, knob * 1.25)
    upper, heart = chest.shapes["upper mediastinum"], chest.shapes["heart"]
    shapes["upper mediastinum"] = band(upper, 0.0, 0.42 * h)
    shapes["svc"], shapes["cardiac silhouette"] = chest.shapes["svc"], heart
    shapes["right atrium"] = chest.shapes["right atrium"]
    for name, mark, half in (("cavoatrial junction", "cavoatrial", 0.085), ("carina", "carina", 0.09)):
        x, y = chest.marks[mark]
        shapes[name] = _box(x - half, y - half, x + half, y + half)
    right, left = chest.dome["right"], chest.dome["left"][::-1]
    wall = max(abs(right[0, 0]), left[-1, 0]) * 1.08
    shapes["abdomen"] = np.vstack(
        [right, left, [[wall, left[-1, 1]], [wall, 3 * h], [-wall, 3 * h], [-wall, right[0, 1]]]]
    )
    parts = {name: (shape,) for name, shape in shapes.items()}
    return tuple(parts.get(name, (shapes["upper mediastinum"], heart)) for name in REGIONS)


def band(polygon: Points, low: float, high: float) -> Points:
    """The part of a closed polygon with low ≤ y ≤ high (never empty: a point of the polygon at the least)."""
    kept = _below(_below(polygon, high, 1.0), low, -1.0)
    return kept if len(kept) else polygon[:1]


def _below(polygon: Points, level: float, sign: float) -> Points:
    excess = sign * (polygon[:, 1] - level)
    inside = excess <= 0
    after = np.arange(1, len(polygon) + 1) % max(len(polygon), 1)
    crosses = np.flatnonzero(inside != inside[after])
    t = (excess[crosses] / (excess[crosses] - excess[after[crosses]]))[:, None]
    crossing = polygon[crosses] * (1 - t) + polygon[after[crosses]] * t
    order = np.concatenate([np.flatnonzero(inside), crosses + 0.5])
    return np.asarray(np.concatenate([polygon[inside], crossing])[np.argsort(order)])


def _box(x0: float, y0: float, x1: float, y1: float) -> Points:
    return np.array([(x0, y0), (x1, y0), (x1, y1), (x0, y1)])


def _ellipse(x: float, y: float, a: float, b: float) -> Points:
    t = np.linspace(0, 2 * np.pi, 20, endpoint=False)
    return np.stack([x + a * np.cos(t), y + b * np.sin(t)], 1)


def measure_regions(
    chest: Chest, framing: Framing
) -> tuple[NDArray[np.float32], NDArray[np.bool_], NDArray[np.uint8]]:
    """Boxes float32 ``[29, 4]`` (xywh in pixels), visible bool ``[29]``, maps uint8 ``[29, 32, 32]`` of 0 and 1.

    A region is visible when the image holds at least 40 % of its box. The box of one that is not visible is
    what is left of it inside, perhaps nothing.
    """
    x0, y0, x1, y1 = framing.content
    cell = framing.size / GRID
    window = np.zeros((GRID, GRID), bool)
    window[int(y0 / cell) : int(np.ceil(y1 / cell)), int(x0 / cell) : int(np.ceil(x1 / cell))] = True
    shapes = region_shapes(chest)
    sizes = [sum(len(polygon) for polygon in shape) for shape in shapes]
    starts = np.cumsum([0, *sizes[:-1]])
    placed = framing.place(np.concatenate([polygon for shape in shapes for polygon in shape]))
    low, high = np.minimum.reduceat(placed, starts), np.maximum.reduceat(placed, starts)
    lateral, medial, above = (margin * framing.unit for margin in _LUNG_MARGIN)
    right, left = REGION_INDEX["right lung"], REGION_INDEX["left lung"]
    low[right, 0], high[right, 0] = low[right, 0] - lateral, high[right, 0] + medial
    low[left, 0], high[left, 0] = low[left, 0] - medial, high[left, 0] + lateral
    low[[right, left], 1] -= above
    abdomen = REGION_INDEX["abdomen"]  # reaches as far down as the image does
    high[abdomen, 1] = max(min(high[abdomen, 1], y1), low[abdomen, 1] + 0.1 * framing.size)
    inner_low, inner_high = np.clip(low, (x0, y0), (x1, y1)), np.clip(high, (x0, y0), (x1, y1))
    boxes = np.concatenate([inner_low, inner_high - inner_low], 1).astype(np.float32)
    share = np.prod(inner_high - inner_low, 1) / np.maximum(np.prod(high - low, 1), 1e-6)
    centre = (low + high) / 2
    within = ((centre >= (x0, y0)) & (centre <= (x1, y1))).all(1)
    visible = (share >= 0.4) & (within | (share >= 0.6))
    maps = np.zeros((len(REGIONS), GRID, GRID), np.uint8)
    fixed = np.round((placed * (_FINE / cell) - 0.5) * 16).clip(-2e5, 2e5).astype(np.int32)
    at = 0
    for k, shape in enumerate(shapes):
        corners = []
        for polygon in shape:
            corners.append(fixed[at : at + len(polygon)])
            at += len(polygon)
        maps[k] = _on_grid(corners, window)
    return boxes, visible, maps


def _on_grid(polygons: list[NDArray[np.int32]], window: NDArray[np.bool_]) -> NDArray[np.uint8]:
    fine = np.zeros((GRID * _FINE, GRID * _FINE), np.uint8)
    for corners in polygons:
        cv2.fillPoly(fine, [corners], 255, shift=4)
    share = cv2.resize(fine, (GRID, GRID), interpolation=cv2.INTER_AREA)
    covered = (share >= 110) & window
    if not covered.any():  # thinner than a cell: the cells it touches
        covered = (share > 0) & window
    return np.asarray(covered, np.uint8)
