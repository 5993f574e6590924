"""How each disease changes the layers of a chest.

Every abnormality of the truth leaves a mark that can be seen at 256 pixels, larger for a larger severity.
Knows nothing about the words of reports or about displays.
"""

from collections.abc import Callable

import numpy as np

from lmrrg.profiles.chest.phantom.anatomy_model import SIGN, Chest, Points, curve
from lmrrg.profiles.chest.phantom.disease import EMPHYSEMA, Abnormality, Truth
from lmrrg.profiles.chest.phantom.picture.strokes import Layer, Painter, Stroke

_SHARE = {"small": 0.0, "mild": 0.0, "moderate": 1.0, "large": 2.0, "severe": 2.0}


class Lungs:
    """The air of both lungs, and what has taken its place.

    Attributes:
        filled: side → share of the air that something denser has replaced, 0 … 1.
        bare: side → where air lies outside the lung (pneumothorax), 0 … 1.
    """

    def __init__(self, painter: Painter, chest: Chest, masks: dict[str, Layer]) -> None:
        self.painter, self.chest, self.masks = painter, chest, masks
        self.filled: dict[str, Layer] = {}
        self.bare: dict[str, Layer] = {}

    def air(self) -> Layer:
        """Air of both lungs, 0 … 1."""
        total = np.zeros_like(self.masks["right"])
        for side, mask in self.masks.items():
            total += mask * (1 - self.filled[side]) if side in self.filled else mask
        return total

    def replace(self, side: str, share: Layer) -> None:
        """Let something denser take the place of air; shares of several diseases add up to at most 1."""
        share = np.clip(share, 0, 1)
        before = self.filled.get(side)
        self.filled[side] = share if before is None else 1 - (1 - before) * (1 - share)


def paint_diseases(lungs: Lungs, truth: Truth, rng: np.random.Generator) -> tuple[Layer, Layer | float]:
    """Replace air where it is diseased; return density to add and the gain of the vessels."""
    extra = np.zeros_like(lungs.masks["right"])
    gain: Layer | float = 1.0
    for one in truth.abnormalities:
        paint = _painter(one, truth)
        if paint is not None:
            for side in one.sides:
                extra += paint(lungs, one, side, rng)
        if one.finding == "Edema":
            gain = 1.35 + 0.25 * _SHARE[one.severity or "mild"]
        elif one.finding == EMPHYSEMA:
            gain = 0.55
    for name, bare in lungs.bare.items():
        extra -= bare * lungs.masks[name] * np.float32(0.13)
        gain = gain * (1 - bare * (lungs.masks[name] > 0.05))
    return extra, gain


def _level(one: Abnormality, *values: tuple[float, float], rng: np.random.Generator) -> float:
    return float(rng.uniform(*values[int(_SHARE[one.severity or "mild"])]))


def _effusion(lungs: Lungs, one: Abnormality, side: str, rng: np.random.Generator) -> Layer:
    """Fluid from the base up, highest at the wall: a meniscus."""
    chest, s = lungs.chest, SIGN[side]
    h = chest.height
    x, y = chest.angle[side]
    rise = _level(one, (0.19, 0.24), (0.34, 0.43), (0.55, 0.75), rng=rng) * h
    wall, middle = y - rise, y - rise * (0.48 if one.severity == "small" else 0.72)
    surface = curve(
        [
            (s * 1.2, wall - 0.03 * h),
            (s * abs(x), wall),
            (s * 0.68, middle + 0.02 * h),
            (s * 0.40, middle + 0.045 * h),
            (s * 0.0, middle + 0.03 * h),
        ]
    )
    fluid = np.vstack([surface, [[0, 2 * h], [s * 1.6, 2 * h]]])
    layer = lungs.painter.fill(fluid, blur=0.03)
    lungs.replace(side, layer * 0.97)
    return np.asarray(layer * lungs.masks[side] * rng.uniform(0.02, 0.14), np.float32)


def _pneumothorax(lungs: Lungs, one: Abnormality, side: str, rng: np.random.Generator) -> Layer:
    """The lung drawn away from the wall, a thin pleural line at its edge, no vessels beyond."""
    chest, painter, s = lungs.chest, lungs.painter, SIGN[side]
    h = chest.height
    gap = _level(one, (0.11, 0.16), (0.24, 0.32), (0.45, 0.58), rng=rng)
    root = np.array(chest.marks[f"{side} hilum"])
    outline = chest.lung[side]
    away = outline - root
    height = np.clip((root[1] + 0.45 * h - outline[:, 1]) / (0.9 * h), 0.12, 1.0)
    lateral = np.clip((s * away[:, 0] + 0.1) / 0.3, 0, 1)
    shrink = gap * (0.45 + 0.9 * height)[:, None] * lateral[:, None]
    length = np.linalg.norm(away, axis=1, keepdims=True)
    edge = root + away * np.clip(1 - shrink / np.maximum(length, 0.2), 0.18, 1)
    inner = painter.fill(edge, blur=0.006)
    lungs.bare[side] = np.clip(1 - inner, 0, 1) * (lungs.masks[side] > 0.02)
    if one.severity == "large":
        lungs.replace(side, inner * rng.uniform(0.25, 0.4))
    seen = np.ravel(shrink) > 0.03
    start = int(np.argmax(seen))
    line = edge[start : start + int(seen.sum())]
    return painter.strokes([(line, 0.018, 1.0)], blur=0.004) * np.float32(0.22) * lungs.masks[side]


def _zone_centre(lungs: Lungs, one: Abnormality, side: str, rng: np.random.Generator, inset: float) -> Points:
    """A point of the zone where a shadow of half-width ``inset`` can be seen: away from heart and midline."""
    base = float(lungs.chest.lung[side][:, 1].max())
    low, high = {"upper": (0.15, 0.27), "mid": (0.42, 0.58), "lower": (0.70, 0.80)}[one.zone or "mid"]
    y = base * rng.uniform(low, high)
    outline = lungs.chest.lung[side]
    near = np.abs(outline[np.abs(outline[:, 1] - y) < 0.08 * base][:, 0])
    wall = float(near.max()) if len(near) else 0.8
    inner = 0.62 if (one.zone == "lower" and side == "left") else 0.40
    x = rng.uniform(min(inner, wall - inset - 0.02), max(wall - inset, inner + 0.02))
    return np.array([SIGN[side] * x, y])


def _blob(rng: np.random.Generator, centre: Points, a: float, b: float, rough: float) -> Points:
    t = np.linspace(0, 2 * np.pi, 14, endpoint=False)
    r = 1 + rough * rng.normal(size=14)
    return curve(
        np.stack([centre[0] + a * r * np.cos(t), centre[1] + b * r * np.sin(t)], 1),
        closed=True,
        per_segment=3,
    )


def _consolidation(lungs: Lungs, one: Abnormality, side: str, rng: np.random.Generator) -> Layer:
    """Patchy airspace shadow with fluffy edges and a few dark bronchi."""
    painter, h = lungs.painter, lungs.chest.height
    a, b = rng.uniform(0.20, 0.32), rng.uniform(0.12, 0.17) * h
    centre = _zone_centre(lungs, one, side, rng, 0.16)
    patches = [_blob(rng, centre, a, b, 0.15)]
    for _ in range(3):
        patches.append(_blob(rng, centre + rng.normal(0, 1, 2) * [a * 0.45, b * 0.4], a * 0.5, b * 0.5, 0.2))
    layer = painter.fill(*patches, blur=0.045)
    layer = (
        layer
        * np.clip(0.94 + 0.14 * painter.clouds(rng, 0.07), 0.3, 1.12)
        * np.float32(rng.uniform(0.62, 0.85))
    )
    lungs.replace(side, layer)
    return np.zeros_like(layer)


def _atelectasis(lungs: Lungs, one: Abnormality, side: str, rng: np.random.Generator) -> Layer:
    """Plate-like bands just above the diaphragm."""
    chest, s = lungs.chest, SIGN[side]
    h, dome = chest.height, chest.marks[f"{side} dome"][1]
    lines = []
    for k in range(int(rng.integers(2, 4))):
        y = dome - (0.035 + 0.05 * k + rng.uniform(0, 0.02)) * h
        x = rng.uniform(0.30, 0.42) if side == "right" else rng.uniform(0.42, 0.52)
        length, tilt = rng.uniform(0.32, 0.48), rng.uniform(-0.06, 0.10)
        lines.append(
            (
                curve(
                    [(s * x, y), (s * (x + length / 2), y + tilt / 2 - 0.015), (s * (x + length), y + tilt)]
                ),
                rng.uniform(0.030, 0.048),
                1.0,
            )
        )
    bands = lungs.painter.strokes(lines, blur=0.008) * np.float32(rng.uniform(0.42, 0.6))
    lungs.replace(side, bands)
    return np.zeros_like(bands)


def _edema(lungs: Lungs, one: Abnormality, side: str, rng: np.random.Generator) -> Layer:
    """Perihilar haze that spares the periphery, with septal lines at the base when more than mild."""
    chest, painter, s = lungs.chest, lungs.painter, SIGN[side]
    h = chest.height
    root = np.array(chest.marks[f"{side} hilum"])
    spread = _level(one, (0.85, 0.95), (1.0, 1.1), (1.15, 1.3), rng=rng)
    strength = _level(one, (0.30, 0.37), (0.46, 0.55), (0.65, 0.78), rng=rng)
    wing = _blob(rng, np.add(root, (s * 0.14, 0.09 * h)), 0.32 * spread, 0.26 * h * spread, 0.08)
    haze = painter.fill(wing, blur=0.10)
    haze = haze * np.clip(1 + 0.15 * painter.clouds(rng, 0.08), 0.3, 1.5) * np.float32(strength)
    lungs.replace(side, haze + np.float32(0.25 * strength))
    septa = []
    for _ in range(4 + 4 * int(_SHARE[one.severity or "mild"])):
        x, y = rng.uniform(0.80, 0.88), chest.angle[side][1] - rng.uniform(0.12, 0.32) * h
        septa.append((np.array([(s * x, y), (s * (x + 0.1), y + rng.uniform(-0.01, 0.02))]), 0.010, 1.0))
    return painter.strokes(septa, blur=0.005) * np.float32(0.14) * lungs.masks[side]


def _lesion(lungs: Lungs, one: Abnormality, side: str, rng: np.random.Generator) -> Layer:
    """One round dense shadow: a nodule, or a larger mass."""
    r = rng.uniform(0.06, 0.085) if one.detail == "nodule" else rng.uniform(0.14, 0.20)
    centre = _zone_centre(lungs, one, side, rng, r)
    shape = _blob(rng, centre, r, r * rng.uniform(0.85, 1.1), 0.05)
    layer = lungs.painter.fill(shape, blur=0.010) * np.float32(rng.uniform(0.62, 0.85))
    lungs.replace(side, layer)
    return np.zeros_like(layer)


def _fracture(lungs: Lungs, one: Abnormality, side: str, rng: np.random.Generator) -> Layer:
    """Three neighbouring ribs broken in front of the lung: a dark gap, the outer piece dropped, callus round it."""
    chest, painter = lungs.chest, lungs.painter
    goal = chest.height * {"upper": 0.24, "mid": 0.46, "lower": 0.68}[one.zone or "mid"]
    ribs = chest.back_ribs[side]
    at = 7
    nearest = int(np.argmin(np.abs(ribs[1:-1, at, 1] - goal))) + 1
    wide = 0.42 * chest.marks["pitch"][1]
    gaps: list[Stroke] = []
    pieces: list[Stroke] = []
    ends: list[Stroke] = []
    for rib in ribs[nearest - 1 : nearest + 2]:
        drop = np.array([0.0, wide * rng.uniform(0.9, 1.2)])
        gaps.append((rib[at : at + 4], wide * 1.1, 1.0))
        pieces.append((rib[at + 1 : at + 7] + drop, wide, 0.8))
        ends.append((rib[at - 1 : at + 1], wide * 1.1, 1.0))
        ends.append((rib[at + 1 : at + 3] + drop, wide * 1.1, 1.0))
    bright = np.maximum(painter.strokes(pieces, blur=0.006), painter.strokes(ends, blur=0.010))
    return bright * np.float32(0.36) - painter.strokes(gaps, blur=0.008) * np.float32(0.20)


def _thickening(lungs: Lungs, one: Abnormality, side: str, rng: np.random.Generator) -> Layer:
    """A cap of pleura over the apex, thickest at the top."""
    chest, s = lungs.chest, SIGN[side]
    h, outline = chest.height, chest.lung[side]
    depth = rng.uniform(0.14, 0.20)
    root = np.array([s * 0.42, 0.45 * h])
    away = outline - root
    high = np.clip((0.30 * h - outline[:, 1]) / (0.30 * h), 0, 1)[:, None]
    inner = outline - away / np.linalg.norm(away, axis=1, keepdims=True) * depth * high
    keep = lungs.painter.fill(inner, blur=0.006)
    cap = np.clip(1 - keep, 0, 1) * lungs.painter.fill(
        np.array([(s * -0.2, -h), (s * 1.5, -h), (s * 1.5, 0.26 * h), (s * -0.2, 0.26 * h)])
    )
    lungs.replace(side, cap * np.float32(rng.uniform(0.50, 0.66)))
    return np.zeros_like(cap)


def _layering(lungs: Lungs, one: Abnormality, side: str, rng: np.random.Generator) -> Layer:
    """Fluid behind the lung of a patient who lies: a veil, densest at the base, through which vessels show."""
    chest, s = lungs.chest, SIGN[side]
    h = chest.height
    share = _level(one, (0.24, 0.30), (0.38, 0.46), (0.56, 0.66), rng=rng)
    base = np.array([(s * -0.2, 0.55 * h), (s * 1.6, 0.55 * h), (s * 1.6, 2 * h), (s * -0.2, 2 * h)])
    corner = np.array([(s * 0.3, 0.93 * h), (s * 1.3, 0.78 * h), (s * 1.3, 2 * h), (s * 0.3, 2 * h)])
    veil = 0.55 + 0.45 * lungs.painter.fill(base, blur=0.35)
    lungs.replace(side, np.maximum(veil * np.float32(share), 0.8 * lungs.painter.fill(corner, blur=0.06)))
    return np.asarray(lungs.masks[side] * np.float32(0.10 * share), np.float32)


def _lobar(lungs: Lungs, one: Abnormality, side: str, rng: np.random.Generator) -> Layer:
    """A lobe without air, shrunk to a wedge: at the apex against the mediastinum, or behind the heart."""
    chest, s = lungs.chest, SIGN[side]
    h = chest.height
    if one.zone == "upper":
        root = chest.marks[f"{side} hilum"][1]
        wedge = curve(
            [
                (s * 0.05, -0.05 * h), (s * rng.uniform(0.62, 0.80), -0.02 * h),
                (s * rng.uniform(0.50, 0.62), 0.22 * h), (s * 0.30, root - 0.05 * h), (s * 0.05, root),
            ]
        )  # fmt: skip
    else:
        floor = chest.marks[f"{side} dome"][1] + 0.12 * h
        root = chest.marks[f"{side} hilum"][1]
        wedge = curve(
            [
                (s * 0.05, root + 0.02 * h), (s * 0.28, root + 0.10 * h),
                (s * rng.uniform(0.58, 0.70), floor - 0.10 * h), (s * rng.uniform(0.72, 0.85), floor),
                (s * 0.02, floor),
            ]
        )  # fmt: skip
    layer = lungs.painter.fill(wedge, blur=0.014) * np.float32(rng.uniform(0.82, 0.95))
    lungs.replace(side, layer)
    return np.asarray(layer * np.float32(0.10), np.float32)


def _emphysema(lungs: Lungs, one: Abnormality, side: str, rng: np.random.Generator) -> Layer:
    """More air than there should be, most of it in the upper half; its vessels are thinned by the caller."""
    h = lungs.chest.height
    upper = np.array([(-1.6, -h), (1.6, -h), (1.6, 0.5 * h), (-1.6, 0.5 * h)])
    darker = 0.6 + 0.4 * lungs.painter.fill(upper, blur=0.3)
    return np.asarray(-darker * lungs.masks[side] * np.float32(rng.uniform(0.10, 0.16)), np.float32)


Painting = Callable[[Lungs, Abnormality, str, np.random.Generator], Layer]


def _painter(one: Abnormality, truth: Truth) -> Painting | None:
    if one.detail == "lobar":
        return _lobar
    if one.finding == "Pleural Effusion" and truth.posture == "supine":
        return _layering
    return _PAINTERS.get(one.finding)


_PAINTERS: dict[str, Painting] = {
    EMPHYSEMA: _emphysema,
    "Pleural Effusion": _effusion,
    "Pneumothorax": _pneumothorax,
    "Consolidation": _consolidation,
    "Atelectasis": _atelectasis,
    "Edema": _edema,
    "Lung Lesion": _lesion,
    "Fracture": _fracture,
    "Pleural Other": _thickening,
}
