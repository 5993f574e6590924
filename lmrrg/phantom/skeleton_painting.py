"""The bones' layer: ribs, spine, clavicles, scapulae and humeri.

Bones are drawn as bright bands with brighter edges (the cortex). Knows no disease: a broken rib is painted
over the sound one by ``disease_painting``.
"""

import numpy as np

from lmrrg.phantom.anatomy_model import SIGN, Chest, Points
from lmrrg.phantom.painting import Layer, Painter, Stroke


def paint_bones(painter: Painter, chest: Chest, contrast: float, lungs: Layer) -> Layer:
    """Density of the bones, ``contrast`` being that of a posterior rib; fainter outside of ``lungs``."""
    b = np.float32(contrast)
    ribs = _ribs(painter, chest) * (np.float32(0.25) + np.float32(0.75) * lungs)
    return np.asarray(ribs * b + _spine(painter, chest, float(b)) + _girdle(painter, chest) * b, np.float32)


def _ribs(painter: Painter, chest: Chest) -> Layer:
    wide = 0.5 * chest.marks["pitch"][1]
    back = [rib for _, rib, posterior in chest.ribs if posterior]
    front = [rib for _, rib, posterior in chest.ribs if not posterior]
    layer = painter.strokes([(rib, wide * 0.78, 1.0) for rib in back], blur=0.007)
    layer -= painter.strokes([(rib, wide * 0.36, 1.0) for rib in back], blur=0.012) * np.float32(0.45)
    layer += painter.strokes([(rib, wide * 0.85, 1.0) for rib in front], blur=0.010) * np.float32(0.55)
    return layer


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
    layer = painter.strokes(limbs, blur=0.009) * np.float32(1.5)
    layer -= painter.strokes([(p, width * 0.45, grey) for p, width, grey in limbs], blur=0.014) * np.float32(0.5)
    blades = [chest.shapes[f"{side} scapula"] for side in SIGN]
    layer += painter.fill(*blades, blur=0.012) * np.float32(0.6)
    rims: list[Stroke] = [(np.vstack([blade, blade[:1]]), 0.03, 1.0) for blade in blades]
    return layer + painter.strokes(rims, blur=0.008) * np.float32(0.5)
