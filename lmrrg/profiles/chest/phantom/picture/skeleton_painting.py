"""The bones' layer: ribs, spine, clavicles, scapulae and humeri.

Bones are drawn as bright bands with brighter edges (the cortex). Knows nothing about diseases: a broken rib is painted
over the sound one by ``disease_painting``.
"""

import numpy as np

from lmrrg.profiles.chest.phantom.anatomy_model import SIGN, Chest
from lmrrg.profiles.chest.phantom.picture.strokes import Layer, Painter, Stroke

# Corners of a vertebral body: x in half-widths, y in vertebral heights.
_VERTEBRA = ((-1, 0.08), (-0.88, 0.49), (-1, 0.90), (1, 0.90), (0.88, 0.49), (1, 0.08))


def paint_bones(painter: Painter, chest: Chest, contrast: float, air: Layer) -> Layer:
    """Density of the bones, ``contrast`` being that of a posterior rib; fainter where there is no ``air``."""
    b = np.float32(contrast)
    layer = _with_cortex(painter, _ribs(chest) + _limbs(chest), 0.05, 0.40) + _scapulae(painter, chest)
    layer *= np.float32(0.28) + np.float32(0.72) * air
    return np.asarray(layer * (np.float32(1.5) * b) + _spine(painter, chest, contrast), np.float32)


def _with_cortex(painter: Painter, lines: list[Stroke], reach: float, share: float) -> Layer:
    """Bands whose edges are brighter than their middle: what is alike around it is taken off."""
    bands = painter.strokes(lines, blur=0.008)
    around = painter.blurred(bands, reach) * np.float32(2 * share)
    return np.asarray(bands * np.float32(1 + share) - around, np.float32)


def _ribs(chest: Chest) -> list[Stroke]:
    wide = 0.5 * chest.marks["pitch"][1]
    front: list[Stroke] = [(ribs, wide * 0.85, 0.36) for ribs in chest.front_ribs.values()]
    return front + [(ribs, wide * 0.78, 0.70) for ribs in chest.back_ribs.values()]


def _limbs(chest: Chest) -> list[Stroke]:
    limbs: list[Stroke] = []
    for side, s in SIGN.items():
        shoulder = np.array(chest.marks[f"{side} shoulder"])
        limbs.append((chest.shapes[f"{side} clavicle"], 0.085, 1.0))
        limbs.append((np.array([shoulder, np.add(shoulder, (s * 0.02, 0.03))]), 0.27, 0.9))
        limbs.append((chest.shapes[f"{side} arm"], 0.14, 0.9))
    return limbs


def _scapulae(painter: Painter, chest: Chest) -> Layer:
    blades = [chest.shapes[f"{side} scapula"] for side in SIGN]
    rims: list[Stroke] = [(np.vstack([blade, blade[:1]]), 0.03, 1.0) for blade in blades]
    return painter.fill(*blades, blur=0.012) * np.float32(0.4) + painter.strokes(rims) * np.float32(0.25)


def _spine(painter: Painter, chest: Chest, b: float) -> Layer:
    h, pitch = chest.height, chest.marks["pitch"][1]
    number = np.arange(-6, 17)
    y = np.asarray(pitch * number - 0.06 * h, np.float64)
    place = np.stack([chest.midline(y), y], 1)[:, None]
    half = (0.085 + 0.0025 * number)[:, None, None]
    bodies = place + np.array(_VERTEBRA) * np.concatenate([half, np.full_like(half, pitch)], 2)
    pedicles = [place + np.array([(s, 0.35 * pitch), (s, 0.5 * pitch)]) for s in (-0.055, 0.055)]
    spines = place + np.array([(0, 0.5 * pitch), (0, 0.85 * pitch)])
    marks: list[Stroke] = [(shape, 0.035, 1.0) for shape in (*pedicles, spines)]
    y_all = np.linspace(-1.0 * h, 2.0 * h, 30)
    column = np.stack([chest.midline(y_all), y_all], 1)
    layer = painter.fill(bodies, blur=0.010) * np.float32(0.45 * b)
    layer += painter.strokes(marks, blur=0.010) * np.float32(0.35 * b)
    return layer + painter.strokes([(column, 0.26, 1.0)], blur=0.05) * np.float32(0.45 * b)
