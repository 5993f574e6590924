"""The sampled geometry of one chest: lungs, heart, vessels' roots, bones and the outline of the body.

Knows shapes, no grey levels and no pixels. Body coordinates: x grows to the image's right (the patient's
left), 0 is the midline and ±1 the widest point of the lungs; y grows downwards, 0 is the lung apex. The
patient's right lung therefore has negative x. Shapes are float64 ``[points, 2]`` closed polygons unless said.
"""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from lmrrg.profiles.chest.phantom.disease import EMPHYSEMA, Truth

Points = NDArray[np.float64]
SIGN = {"right": -1.0, "left": 1.0}
_CTR = {None: (0.40, 0.485), "mild": (0.54, 0.58), "moderate": (0.61, 0.66), "severe": (0.70, 0.78)}


@dataclass(eq=False)
class Chest:
    """One chest in body coordinates.

    Attributes:
        height: y of the costophrenic angle, right side.
        lung: side → outline of the whole lung, the part behind the heart included.
        dome: side → open curve of the hemidiaphragm, from the lateral angle to the midline.
        angle: side → the costophrenic angle's tip.
        back_ribs, front_ribs: side → the ribs' posterior and anterior parts as open curves, ``[ribs, points, 2]``,
            from the first rib down.
        shapes: other outlines by name.
        marks: single points by name.
        rotation: shift in x of what lies in front, by the patient's turning.
    """

    height: float
    rotation: float
    lung: dict[str, Points] = field(default_factory=dict)
    dome: dict[str, Points] = field(default_factory=dict)
    angle: dict[str, tuple[float, float]] = field(default_factory=dict)
    back_ribs: dict[str, Points] = field(default_factory=dict)
    front_ribs: dict[str, Points] = field(default_factory=dict)
    shapes: dict[str, Points] = field(default_factory=dict)
    marks: dict[str, tuple[float, float]] = field(default_factory=dict)
    bend: tuple[float, float] = (0.0, 0.0)

    def midline(self, y: Points | float) -> Points:
        """x of the spine at height y."""
        amplitude, phase = self.bend
        return np.asarray(amplitude * np.sin(3.0 * np.asarray(y) / self.height + phase))


def _catmull_rom(per_segment: int) -> Points:
    t = np.linspace(0, 1, per_segment, endpoint=False)
    powers = np.stack([np.ones_like(t), t, t**2, t**3], 1)
    basis = 0.5 * np.array([[0, 2, 0, 0], [-1, 0, 1, 0], [2, -5, 4, -1], [-1, 3, -3, 1]])
    return np.asarray(powers @ basis)


_WEIGHTS = {steps: _catmull_rom(steps) for steps in (3, 8)}


def curve(points: list[tuple[float, float]] | Points, closed: bool = False, per_segment: int = 8) -> Points:
    """A smooth curve through the points (Catmull-Rom), in 3 or 8 steps from each to the next."""
    p = np.asarray(points, float)
    n = len(p)
    if closed:
        windows = p[(np.arange(n)[:, None] + np.arange(-1, 3)) % n]
        return np.asarray((_WEIGHTS[per_segment] @ windows).reshape(-1, 2))
    p = np.concatenate([[2 * p[0] - p[1]], p, [2 * p[-1] - p[-2]]])
    windows = p[np.arange(n - 1)[:, None] + np.arange(4)]
    return np.concatenate([(_WEIGHTS[per_segment] @ windows).reshape(-1, 2), p[-2:-1]])


def sample_chest(rng: np.random.Generator, truth: Truth) -> Chest:
    """Draw a chest that has the truth's size of heart and mediastinum."""
    u = rng.uniform
    portable = truth.view == "AP"
    height = float(np.clip(rng.normal(1.60 if portable else 1.76, 0.19), 1.15, 2.2))
    if truth.of(EMPHYSEMA):
        height = float(np.clip(height + 0.25, 1.95, 2.3))
    chest = Chest(height, float(rng.normal(0, 0.06 if portable else 0.03)))
    chest.bend = (float(rng.normal(0, 0.022)), float(u(0, 6)))
    _draw_lungs(rng, chest, truth, low_inspiration=portable and u() < 0.6)
    _draw_heart(rng, chest, truth)
    _draw_mediastinum(rng, chest, bool(truth.of("Enlarged Cardiomediastinum")))
    _draw_bones(rng, chest, portable)
    _draw_body(rng, chest, portable)
    return chest


def _draw_lungs(rng: np.random.Generator, chest: Chest, truth: Truth, low_inspiration: bool) -> None:
    u, h = rng.uniform, chest.height
    rise = u(0.10, 0.20) * h + (0.06 * h if low_inspiration else 0)
    if truth.of(EMPHYSEMA):  # flattened diaphragms
        rise *= 0.3
    width, taper, flare = u(0.86, 0.96), u(0.46, 0.68), u(0.92, 1.04)
    levels = {"right": h, "left": h * u(0.95, 1.06)}
    for side, s in SIGN.items():
        base = levels[side]
        top = base - (rise if side == "right" else rise * u(0.65, 1.0))
        if any(one.zone == "lower" and side in one.sides for one in truth.lobar):
            top -= 0.07 * h  # what the lobe has lost in volume, the diaphragm takes
        turn = 1 + s * chest.rotation * 0.5
        lateral = [
            (0.40, 0.0), (taper, 0.04 * h), (taper + 0.14, 0.135 * h), (width - 0.045, 0.30 * h),
            (width + 0.04, 0.50 * h), (0.99, 0.72 * h), (flare, 0.90 * base),
        ]  # fmt: skip
        tip = (flare - 0.035, base)
        dome = [
            tip, (0.84, base - 0.55 * (base - top)), (0.66, top + 0.12 * (base - top)), (u(0.42, 0.52), top),
            (0.27, top + 0.06 * (base - top)), (0.10, top + u(0.12, 0.3) * (base - top)),
        ]  # fmt: skip
        medial = [
            (0.085, 0.75 * h), (0.085, 0.55 * h), (0.10, 0.40 * h), (0.115, 0.22 * h), (0.17, 0.075 * h),
            (0.27, 0.012 * h),
        ]  # fmt: skip
        place = np.array([s * turn, 1.0])
        out = curve([*lateral, tip])
        bottom = curve(dome)
        inner = curve([dome[-1], *medial, (0.40, 0.0)])
        outline = np.vstack([out, bottom[1:], inner[1:-1]]) * place
        outline[:, 0] += chest.midline(outline[:, 1]) * np.clip(1.2 - np.abs(outline[:, 0]), 0, 1)
        chest.lung[side] = outline
        chest.dome[side] = bottom * place
        chest.angle[side] = (float(s * turn * tip[0]), float(tip[1]))
        chest.marks[f"{side} dome"] = (float(s * turn * dome[3][0]), float(top))


def _draw_heart(rng: np.random.Generator, chest: Chest, truth: Truth) -> None:
    u, h = rng.uniform, chest.height
    grade = truth.of("Cardiomegaly")[0].severity if truth.of("Cardiomegaly") else None
    low, high = _CTR[grade]
    width = 2.0 * u(low, high)
    part = u(0.30, 0.38)
    right, left = width * part, width * (1 - part)
    shift = chest.rotation * 1.2
    base = chest.marks["left dome"][1] + u(0.05, 0.09) * h
    floor = chest.marks["right dome"][1] + u(0.02, 0.07) * h
    # A short chest has a heart that lies, a long one a heart that stands.
    top = u(0.40, 0.46) * h
    span = base - top
    outline = [
        (-0.13, top - 0.02 * h), (-0.16 - 0.1 * right, top + 0.18 * span),
        (-right * 0.93, top + 0.42 * span), (-right, top + 0.62 * span),
        (-right * 0.86, floor - 0.04 * h), (-right * 0.55, floor + 0.02 * h), (0.05, base + 0.02 * h),
        (left * 0.55, base + 0.03 * h), (left * 0.88, base - 0.01 * h),
        (left, base - 0.20 * span), (left * 0.93, base - 0.40 * span),
        (0.30 + 0.38 * (left - 0.3), top + 0.36 * span), (0.25 + u(0, 0.06), top + 0.12 * span), (0.2, top - 0.03 * h),
    ]  # fmt: skip
    heart = curve(outline, closed=True)
    heart[:, 0] += shift
    chest.shapes["heart"] = heart
    atrium = curve([(-0.02, top + 0.18 * span), *outline[1:6], (-0.02, floor)], closed=True)
    chest.shapes["right atrium"] = np.add(atrium, (shift, 0))
    chest.marks["heart top"] = (shift, top)


def _draw_mediastinum(rng: np.random.Generator, chest: Chest, wide: bool) -> None:
    u, h = rng.uniform, chest.height
    shift = chest.rotation * 0.6
    more = u(0.13, 0.19) * wide
    right = u(0.14, 0.19) + more
    left = u(0.13, 0.18) + more
    knob_y, knob = u(0.27, 0.33) * h, u(0.09, 0.14)
    knob_x = u(0.15, 0.20) + more * 0.9
    chest.marks |= {"knob": (shift + knob_x, knob_y), "knob radius": (knob, 0.0)}
    upper = [
        (-0.12, -0.02 * h), (-right * 0.95, 0.10 * h), (-right, 0.25 * h), (-right * 1.02 - 0.02, 0.44 * h),
        (0, 0.48 * h), (0.2 + more * 0.6, 0.46 * h), (knob_x + 0.05, 0.40 * h), (max(left, knob_x), 0.30 * h),
        (left, 0.14 * h), (0.12, -0.02 * h),
    ]  # fmt: skip
    chest.shapes["upper mediastinum"] = np.add(curve(upper, closed=True), (shift, 0))
    outer = shift - right
    chest.shapes["svc"] = np.array(
        [
            (outer - 0.02, 0.17 * h),
            (shift - 0.05, 0.17 * h),
            (shift - 0.05, 0.48 * h),
            (outer - 0.04, 0.48 * h),
        ]
    )
    chest.marks["right wall"] = (shift - right, 0.3 * h)
    carina_y = u(0.34, 0.39) * h
    bow = u(0, 0.04)
    chest.marks["carina"] = (shift - 0.015 - bow * 0.6, carina_y)
    chest.marks["cavoatrial"] = (shift - right * 0.85, 0.49 * h)
    for side, s in SIGN.items():
        chest.marks[f"{side} hilum"] = (shift + s * u(0.25, 0.31), (0.475 if s < 0 else 0.445) * h)
    path = [
        (0.0, -0.45 * h),
        (-0.005, -0.1 * h),
        (-bow, 0.2 * h),
        (chest.marks["carina"][0] - shift, carina_y),
    ]
    chest.shapes["trachea line"] = np.add(curve(path), (shift, 0))
    chest.marks["trachea width"] = (u(0.085, 0.115), 0.0)
    aorta = [
        (knob_x + knob * 0.6, knob_y),
        (u(0.17, 0.22), 0.5 * h),
        (u(0.12, 0.18), 0.75 * h),
        (0.1, 1.05 * h),
    ]
    chest.shapes["descending aorta"] = np.add(curve(aorta), (shift * 0.4, 0))


def _draw_bones(rng: np.random.Generator, chest: Chest, portable: bool) -> None:
    u, h = rng.uniform, chest.height
    pitch, tilt = h * u(0.088, 0.100), u(0.08, 0.24) * h * (0.7 if portable else 1.0)
    t = np.linspace(0, 1, 18)
    number = np.arange(12)[:, None]
    sine, cosine = np.sin(t * np.pi / 2), np.cos(t * np.pi / 2)
    for side, s in SIGN.items():
        rows, walls = _wall(chest.lung[side])
        drop = tilt * np.minimum(1.0, 0.35 + 0.13 * number)
        y = -0.045 * h + pitch * number + rng.normal(0, 0.004 * h, (12, 1))
        y = y - 0.022 * h * np.sin(np.pi * np.minimum(1, t * 1.5)) + drop * t**2.4
        reach = np.interp(np.clip(y[:, -1], 0.03 * h, h), rows, walls)[:, None] + 0.03
        reach[0] = 0.45
        x = s * (0.11 + (reach - 0.11) * sine**0.9) + chest.midline(y) * (1 - t)
        # The front part turns back at the wall and runs down to the sternum.
        stop, lift = 0.20 + 0.055 * number, h * (0.14 + 0.02 * number) * u(0.85, 1.1)
        y_front = y[:, -1:] + lift * ((1 - cosine) * 0.6 + 0.4 * t)
        x_front = s * (stop + (reach - stop) * cosine**0.8) + chest.rotation * t
        chest.back_ribs[side] = np.stack([x, y], 2)
        chest.front_ribs[side] = np.stack([x_front, y_front], 2)[:10]
    for side, s in SIGN.items():
        # A tilted tube throws the clavicles over the apices or above them.
        raised = u(-0.02, 0.16) * h if portable else 0.0
        inner, outer = u(0.15, 0.24) * h - raised, u(-0.02, 0.10) * h - raised
        shift = chest.rotation * 1.5
        bow = u(-0.01, 0.03) * h
        clavicle = [
            (shift + s * 0.10, inner), (shift + s * 0.38, inner * 0.75 + outer * 0.25 + bow),
            (s * 0.75, inner * 0.35 + outer * 0.65 - bow), (s * u(1.02, 1.16), outer),
        ]  # fmt: skip
        chest.shapes[f"{side} clavicle"] = curve(clavicle)
        x = u(0.80, 1.0)
        blade = [
            (s * (x - 0.02), 0.08 * h), (s * (x + 0.22), 0.04 * h), (s * (x + 0.26), 0.12 * h),
            (s * (x + 0.18), 0.30 * h), (s * (x + 0.06), 0.50 * h), (s * x, 0.42 * h), (s * (x - 0.05), 0.22 * h),
        ]  # fmt: skip
        chest.shapes[f"{side} scapula"] = curve(blade, closed=True)
        chest.marks[f"{side} shoulder"] = (s * u(1.22, 1.38), u(0.04, 0.14) * h)
    chest.marks["pitch"] = (0.0, pitch)


def _wall(outline: Points) -> tuple[Points, Points]:
    """Heights, and how far from the midline the lung reaches there."""
    apex, base = int(np.argmin(outline[:, 1])), int(np.argmax(outline[:, 1]))
    side = outline[min(apex, base) : max(apex, base) + 1]
    side = side[np.argsort(side[:, 1])]
    return side[:, 1], np.abs(side[:, 0])


def _draw_body(rng: np.random.Generator, chest: Chest, portable: bool) -> None:
    u, h = rng.uniform, chest.height
    wall, neck, girth = u(1.08, 1.30), u(0.28, 0.42), u(0.98, 1.15)
    drop = u(-0.04, 0.12) * h
    half = [
        (neck, -0.9 * h), (neck, -0.22 * h), (neck + 0.25, -0.10 * h + 0.3 * drop), (1.1, -0.06 * h + drop),
        (1.48, 0.04 * h + drop), (1.58, 0.22 * h + drop), (wall + 0.12, 0.42 * h), (wall, 0.62 * h),
        (wall * girth, 1.0 * h), (wall * girth, 2.2 * h),
    ]  # fmt: skip
    right = curve(half)
    left = right[::-1].copy()
    right = right * [-1, 1]
    chest.shapes["body"] = np.vstack([right, left])
    for side, s in SIGN.items():
        x, y = chest.marks[f"{side} shoulder"]
        away = u(0.0, 0.25) if portable else u(0.1, 0.5)
        chest.shapes[f"{side} arm"] = np.array(
            [(x + s * 0.08, y + 0.05), (x + s * (0.2 + away), y + 1.0 * h), (x + s * (0.2 + away), y + 2 * h)]
        )
        breast = [
            (s * 0.12, u(0.55, 0.7) * h), (s * 0.5, 0.5 * h), (s * 1.05, 0.6 * h), (s * 1.15, 0.85 * h),
            (s * 0.6, u(0.88, 1.06) * h), (s * 0.2, 0.85 * h),
        ]  # fmt: skip
        chest.shapes[f"{side} breast"] = curve(breast, closed=True)
    dome_x, dome_y = chest.marks["left dome"]
    chest.marks["stomach"] = (dome_x * u(0.6, 1.0), dome_y + u(0.09, 0.16) * h)
