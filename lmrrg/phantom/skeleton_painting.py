"""The bones' layer: ribs, spine, clavicles, scapulae and humeri.

Bones are drawn as bright bands with brighter edges (the cortex). Knows no disease: a broken rib is painted
over the sound one by ``disease_painting``.
"""

import numpy as np

from lmrrg.phantom.anatomy_model import SIGN, Chest, Points
from lmrrg.phantom.painting import Layer, Painter, Stroke


def paint_bones(painter: Painter, chest: Chest, contrast: float, air: Layer) -> Layer:
    """Density of the bones, ``contrast`` being that of a posterior rib; fainter where there is no ``air``."""
    b = np.float32(contrast)
    ribs = _ribs(painter, chest) * (np.float32(0.25) + np.float32(0.75) * air)
    girdle = _girdle(painter, chest) * (np.float32(0.55) + np.float32(0.45) * air)
    return np.asarray((ribs + girdle) * b + _spine(painter, chest, contrast), np.float32)


def _ribs(painter: Painter, chest: Chest) -> Layer:
    wide = 0.5 * chest.marks["pitch"][1]
    back = [rib for _, rib, posterior in chest.ribs if posterior]
    front = [rib for _, rib, posterior in chest.ribs if not posterior]
    lines: list[Stroke] = [(rib, wide * 0.85, 0.5) for rib in front]
    return _with_cortex(painter, lines + [(rib, wide * 0.78, 1.0) for rib in back], wide * 0.3, 0.45)


def _with_cortex(painter: Painter, lines: list[Stroke], reach: float, share: float) -> Layer:
    """Bands whose edges are brighter than their middle: what is alike around it is taken off."""
    bands = painter.strokes(lines, blur=0.008)
    return np.asarray(bands * np.float32(1 + share) - painter.blurred(bands, reach) * np.float32(2 * share), np.float32)


def _spine(painter: Painter, chest: Chest, b: float) -> Layer:
    h, pitch = chest.height, chest.marks["pitch"][1]
    bodies: list[Points] = []
    marks: list[Stroke] = []
    for k in range(-6, 17):
        y = -0.06 * h + pitch * k
        half = 0.085 + 0.0025 * k
        x = float(chest.midline(y))
        corners = [(-half, 0.08), (-half * 0.88, 0.49), (-half, 0.90), (half, 0.90), (half * 0.88, 0.49), (half, 0.08)]
        bodies.append(np.array([(x + dx, y + dy * pitch) for dx, dy in corners]))
        for s in (-0.6, 0.6):
            marks.append((np.array([(x + s * half, y + 0.35 * pitch), (x + s * half, y + 0.5 * pitch)]), 0.035, 1.0))
        marks.append((np.array([(x, y + 0.5 * pitch), (x, y + 0.85 * pitch)]), 0.035, 1.0))
    y_all = np.linspace(-1.0 * h, 2.0 * h, 30)
    column = np.stack([chest.midline(y_all), y_all], 1)
    layer = painter.fill(*bodies, blur=0.010) * np.float32(0.45 * b)
    layer += painter.strokes(marks, blur=0.008) * np.float32(0.35 * b)
    return layer + painter.strokes([(column, 0.26, 1.0)], blur=0.05) * np.float32(0.45 * b)


def _girdle(painter: Painter, chest: Chest) -> Layer:
    limbs: list[Stroke] = []
    for side, s in SIGN.items():
        shoulder = np.array(chest.marks[f"{side} shoulder"])
        limbs.append((chest.shapes[f"{side} clavicle"], 0.085, 1.0))
        limbs.append((np.array([shoulder, shoulder + [s * 0.02, 0.03]]), 0.27, 0.9))
        limbs.append((chest.shapes[f"{side} arm"], 0.14, 0.9))
    layer = _with_cortex(painter, limbs, 0.05, 0.3) * np.float32(1.6)
    blades = [chest.shapes[f"{side} scapula"] for side in SIGN]
    layer += painter.fill(*blades, blur=0.012) * np.float32(0.6)
    rims: list[Stroke] = [(np.vstack([blade, blade[:1]]), 0.03, 1.0) for blade in blades]
    return layer + painter.strokes(rims, blur=0.008) * np.float32(0.5)
