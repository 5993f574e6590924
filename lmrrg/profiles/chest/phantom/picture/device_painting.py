"""How tubes, lines, pacemakers and drains lie in a chest, in their place or not.

Knows metal and plastic only: no disease, no words of a report and no display.
"""

import numpy as np

from lmrrg.profiles.chest.phantom.anatomy_model import SIGN, Chest, Points, curve
from lmrrg.profiles.chest.phantom.disease import Device, Truth
from lmrrg.profiles.chest.phantom.picture.strokes import Layer, Painter, Stroke


def paint_devices(painter: Painter, chest: Chest, truth: Truth, rng: np.random.Generator) -> Layer:
    """Density of tubes, lines and pacemakers, to be added."""
    lines: list[Stroke] = []
    boxes: list[Points] = []
    for device in truth.devices:
        if device.kind == "endotracheal tube":
            lines += _tube(chest, device, rng)
        elif device.kind == "central line":
            lines += _line(chest, device, rng)
        elif device.kind == "nasogastric tube":
            lines += _nasogastric(chest, device, rng)
        elif device.kind == "chest drain":
            lines += _drain(chest, device, rng)
        elif device.kind == "pacemaker":
            can, leads = _pacemaker(chest, device, rng)
            boxes.append(can)
            lines += leads
    layer = painter.strokes(lines, blur=0.004) * np.float32(rng.uniform(0.45, 0.75))
    if boxes:
        layer = np.maximum(layer, painter.fill(*boxes, blur=0.004) * np.float32(1.3))
    return np.asarray(layer)


def _tube(chest: Chest, device: Device, rng: np.random.Generator) -> list[Stroke]:
    """An endotracheal tube with the stripe in its wall; misplaced, it runs on into the right main bronchus."""
    (x, y), h = chest.marks["carina"], chest.height
    line = chest.shapes["trachea line"]
    if device.misplaced:
        line = np.vstack([line, [(x, y), (x - 0.10, y + 0.07 * h), (x - 0.17, y + 0.10 * h)]])
    else:
        line = line[line[:, 1] < y - rng.uniform(0.06, 0.14) * h]
    return [(line, 0.05, 0.35), (np.add(line, (0.016, 0)), 0.013, 1.0)]


def _line(chest: Chest, device: Device, rng: np.random.Generator) -> list[Stroke]:
    """A central line from the neck to the superior vena cava; misplaced, it turns up into the neck again."""
    h, wall = chest.height, chest.marks["right wall"][0]
    tip = np.add(chest.marks["cavoatrial"], (0.03, rng.uniform(-0.10, 0.02) * h))
    if device.misplaced:
        s = SIGN[device.side or "right"]
        path = [
            (s * 1.25, 0.02 * h), (s * 0.80, 0.10 * h), (s * 0.42, 0.12 * h), (s * 0.22, 0.10 * h),
            (s * 0.19, -0.02 * h), (s * 0.21, -0.14 * h), (s * 0.22, -0.5 * h),
        ]  # fmt: skip
    elif device.side == "right":
        path = [(-0.28, -0.5 * h), (-0.24, -0.1 * h), (wall + 0.02, 0.17 * h), (wall + 0.06, 0.3 * h)]
        path.append((float(tip[0]), float(tip[1])))
    else:
        path = [(0.30, -0.5 * h), (0.26, -0.1 * h), (0.13, 0.16 * h), (wall + 0.07, 0.26 * h)]
        path.append((float(tip[0]), float(tip[1])))
    return [(curve(path), 0.017, 1.0)]


def _nasogastric(chest: Chest, device: Device, rng: np.random.Generator) -> list[Stroke]:
    """Down the oesophagus to the stomach; misplaced, it ends halfway."""
    h = chest.height
    x, y = chest.marks["stomach"]
    path = [(0.03, -0.5 * h), (0.02, 0.2 * h)]
    if device.misplaced:
        path += [(0.03, 0.36 * h), (0.04, rng.uniform(0.46, 0.58) * h)]
    else:
        dome = chest.marks["left dome"][1]
        path += [(0.05, 0.6 * h), (0.10, dome + 0.02 * h), (x * 0.7, y + 0.06 * h), (x, y + 0.10 * h)]
    return [(curve(path), 0.021, 0.8)]


def _drain(chest: Chest, device: Device, rng: np.random.Generator) -> list[Stroke]:
    """A wide tube through the lateral wall, along the pleura to the apex or the base."""
    s, h = SIGN[device.side or "right"], chest.height
    entry = rng.uniform(0.58, 0.74) * h
    end = rng.choice(np.array([0.16, 0.30, 0.82])) * h
    path = [
        (s * 1.45, entry + 0.06 * h), (s * 1.08, entry), (s * 0.84, 0.7 * entry + 0.3 * end),
        (s * rng.uniform(0.55, 0.70), end),
    ]  # fmt: skip
    line = curve(path)
    return [(line, 0.060, 0.45), (np.add(line, (0.0, 0.018)), 0.012, 1.0)]


def _pacemaker(chest: Chest, device: Device, rng: np.random.Generator) -> tuple[Points, list[Stroke]]:
    """The can under the clavicle and its two leads."""
    s, h = SIGN[device.side or "left"], chest.height
    atrial, dome = chest.marks["cavoatrial"], chest.marks["left dome"][1]
    x, y = s * rng.uniform(0.66, 0.80), rng.uniform(0.16, 0.24) * h
    t = np.linspace(0, 2 * np.pi, 20)
    can = np.stack([np.cos(t), np.sin(t)], 1)
    can = np.sign(can) * np.abs(can) ** 0.6 * [0.13, 0.115] + [x, y]
    vein = [
        (x, y - 0.1), (s * 0.45, 0.12 * h), (s * 0.12, 0.20 * h),
        (chest.marks["right wall"][0] + 0.05, 0.32 * h), atrial,
    ]  # fmt: skip
    ventricle = [(atrial[0] + 0.05, 0.60 * h), (0.10, dome - 0.02 * h), (0.34, dome - 0.04 * h)]
    atrium = [(atrial[0] - 0.03, 0.60 * h), (atrial[0] + 0.06, 0.58 * h)]
    return can, [(curve([*vein, *ventricle]), 0.014, 1.0), (curve([*vein, *atrium]), 0.014, 1.0)]
