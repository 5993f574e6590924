"""From a chest and its truth to an image before any machine has touched it.

A sum of layers: soft tissue minus air plus vessels, bones and metal. The result is proportional to the
attenuation along the ray, 1 being the air of a lung; display and noise are the look's business (``look.py``).
"""

from dataclasses import dataclass

import numpy as np

from lmrrg.phantom.anatomy_model import SIGN, Chest, Points, curve
from lmrrg.phantom.disease import Truth
from lmrrg.phantom.disease_painting import Lungs, paint_devices, paint_diseases
from lmrrg.phantom.framing import Framing
from lmrrg.phantom.painting import Layer, Painter


@dataclass(frozen=True, slots=True)
class Tissue:
    """How strongly a chest's parts show, in units of the air of a lung.

    Attributes:
        bone: contrast of a rib; vertebrae and clavicles follow.
        vessels: contrast of the large vessels near the hila.
        heart, mediastinum, abdomen: density that they add.
        breast: density of the breast shadows, 0 for none.
    """

    body: float = 1.5
    bone: float = 0.16
    vessels: float = 0.28
    heart: float = 0.5
    mediastinum: float = 0.45
    abdomen: float = 0.35
    breast: float = 0.0


def sample_tissue(rng: np.random.Generator) -> Tissue:
    """Draw how strongly a chest's parts show."""
    u = rng.uniform
    return Tissue(
        body=u(1.3, 1.7),
        bone=u(0.08, 0.26),
        vessels=u(0.18, 0.42),
        heart=u(0.36, 0.62),
        mediastinum=u(0.30, 0.55),
        abdomen=u(0.22, 0.5),
        breast=u(0.08, 0.3) if u() < 0.4 else 0.0,
    )


def render(chest: Chest, truth: Truth, framing: Framing, tissue: Tissue, rng: np.random.Generator) -> Layer:
    """Attenuation float32 ``[size, size]``, about 0 (bare detector) to 2.5 (spine over the heart)."""
    painter = Painter(framing)
    masks = {side: painter.fill(chest.lung[side], blur=0.012) for side in SIGN}
    lungs = Lungs(painter, chest, masks)
    vessels = _vessels(painter, chest, rng, tissue)
    disease, vessel_gain = paint_diseases(lungs, truth, rng)
    air = lungs.air()
    total = _soft_tissue(painter, chest, tissue, rng)
    total += (vessels * tissue.vessels * vessel_gain) * np.clip(air, 0, 1)
    depth = 0.72 + 0.28 * painter.blurred(np.maximum(masks["right"], masks["left"]), 0.12)
    total -= air * depth
    texture = painter.clouds(rng, 0.03) * 0.6 + painter.clouds(rng, 0.09)
    total += texture * air * (0.03 * tissue.vessels / 0.28)
    total += disease
    total += _bones(painter, chest, tissue, truth)
    if truth.devices:
        total += paint_devices(painter, chest, truth, rng)
    return np.asarray(total, np.float32)


def _soft_tissue(painter: Painter, chest: Chest, tissue: Tissue, rng: np.random.Generator) -> Layer:
    h = chest.height
    body = painter.fill(chest.shapes["body"], blur=0.02)
    total = body * (tissue.body * 0.55) + painter.blurred(body, 0.16) * (tissue.body * 0.45)
    arms = painter.strokes([(chest.shapes[f"{side} arm"], rng.uniform(0.32, 0.5), 1.0) for side in SIGN], blur=0.03)
    total = np.maximum(total, arms * tissue.body * 0.75)
    heart = painter.fill(chest.shapes["heart"], blur=0.014)
    middle = painter.fill(chest.shapes["upper mediastinum"], blur=0.016)
    x, y = chest.marks["knob"]
    r = chest.marks["knob radius"][0]
    t = np.linspace(0, 2 * np.pi, 24)
    knob = painter.fill(np.stack([x + r * np.cos(t), y + r * 1.1 * np.sin(t)], 1), blur=0.012)
    aorta = painter.strokes([(chest.shapes["descending aorta"], 0.17, 1.0)], blur=0.014)
    total += np.maximum(heart * tissue.heart, middle * tissue.mediastinum)
    total += np.maximum(knob * 0.22, aorta * 0.12)
    below = [
        np.vstack([chest.dome[side], [[0, 3 * h], [SIGN[side] * 2.0, 3 * h], [SIGN[side] * 2.0, chest.dome[side][0, 1]]]])
        for side in SIGN
    ]
    abdomen = painter.fill(*below, blur=0.012)
    rise = painter.blurred(abdomen, 0.2)
    total += (abdomen * 0.45 + abdomen * rise * 0.55) * tissue.abdomen
    if rng.random() < 0.6:
        x, y = chest.marks["stomach"]
        a, b = rng.uniform(0.12, 0.26), rng.uniform(0.06, 0.13)
        bubble = painter.fill(np.stack([x + a * np.cos(t), y + b * np.sin(t) * np.where(np.sin(t) > 0, 0.7, 1.0)], 1), blur=0.02)
        total -= bubble * rng.uniform(0.25, 0.7)
    if tissue.breast:
        total += painter.fill(chest.shapes["right breast"], chest.shapes["left breast"], blur=0.05) * tissue.breast
    line, width = chest.shapes["trachea line"], chest.marks["trachea width"][0]
    carina = np.array(chest.marks["carina"])
    bronchi = [
        (curve([tuple(carina - [0, 0.02]), tuple(carina + [s * 0.12, (0.09 if s < 0 else 0.10) * h]), tuple(carina + [s * 0.24, 0.13 * h])]), width * 0.75, 0.8)
        for s in (-1, 1)
    ]  # fmt: skip
    total -= painter.strokes([(line, width, 1.0), *bronchi], blur=0.014) * rng.uniform(0.14, 0.3)
    return np.asarray(total + painter.clouds(rng, 0.5) * 0.03 * body, np.float32)


def _vessels(painter: Painter, chest: Chest, rng: np.random.Generator, tissue: Tissue) -> Layer:
    """Pulmonary arteries and veins: trees that leave the hilum and thin out towards the pleura."""
    h = chest.height
    lines: list[tuple[Points, float, float]] = []
    hila: list[Points] = []
    t = np.linspace(0, 2 * np.pi, 16)
    for side, s in SIGN.items():
        root = np.array(chest.marks[f"{side} hilum"])
        # The interlobar artery runs down beside the heart; its branches fan out.
        trunk = root + np.array([[s * -0.02, -0.07 * h], [s * 0.03, 0.0], [s * 0.07, 0.08 * h], [s * 0.10, 0.17 * h]])
        hila.append(np.stack([root[0] + 0.085 * np.cos(t), root[1] + 0.075 * h * np.sin(t)], 1))
        lines.append((curve(trunk), 0.085, 0.75))
        for angle in np.linspace(-1.35, 1.45, 15) + rng.normal(0, 0.08, 15):
            start = root + [0, 0.14 * h * angle / 1.4]
            reach = h * rng.uniform(0.28, 0.46)
            lines += _branch(rng, start, angle, s, reach, 0.034 * rng.uniform(0.7, 1.25), 3)
    lines.sort(key=lambda line: line[2])
    return np.maximum(painter.strokes(lines, blur=0.006), painter.fill(*hila, blur=0.045) * 0.75)


def _branch(
    rng: np.random.Generator, start: Points, angle: float, s: float, reach: float, width: float, depth: int
) -> list[tuple[Points, float, float]]:
    steps = 3
    headings = angle + np.cumsum(rng.normal(0, 0.14, steps))
    moves = np.stack([s * np.cos(headings), np.sin(headings)], 1) * (reach * 0.5 / steps)
    points = np.vstack([start, start + np.cumsum(moves, 0)])
    lines = [(points, width, 0.25 + 0.2 * depth)]
    if depth > 1:
        for turn in (rng.uniform(0.12, 0.5), -rng.uniform(0.12, 0.5)):
            lines += _branch(rng, points[-1], float(headings[-1]) + turn, s, reach * 0.85, width * 0.62, depth - 1)
    return lines


def _bones(painter: Painter, chest: Chest, tissue: Tissue, truth: Truth) -> Layer:
    h, b = chest.height, tissue.bone
    wide = 0.5 * chest.marks["pitch"][1]
    broken = {(side, one.zone) for one in truth.of("Fracture") for side in one.sides}
    back, core, front = [], [], []
    for index, (side, rib, posterior) in enumerate(chest.ribs):
        del index
        if posterior:
            back.append((rib, wide * 0.78, 1.0))
            core.append((rib, wide * 0.38, 1.0))
        else:
            front.append((rib, wide * 0.85, 0.75))
    del broken
    total = painter.strokes(back, blur=0.008) * b - painter.strokes(core, blur=0.014) * (0.35 * b)
    total += painter.strokes(front, blur=0.012) * (0.6 * b)
    pitch = chest.marks["pitch"][1]
    vertebrae, pedicles = [], []
    for k in range(-6, 18):
        y = -0.06 * h + pitch * k
        half = 0.095 + 0.0022 * k
        x = float(chest.midline(y))
        top, low = y + 0.08 * pitch, y + 0.90 * pitch
        vertebrae.append(np.array([(x - half, top), (x - half * 0.88, (top + low) / 2), (x - half, low), (x + half, low), (x + half * 0.88, (top + low) / 2), (x + half, top)]))
        for s in (-1, 1):
            pedicles.append((np.array([(x + s * half * 0.6, y + 0.35 * pitch), (x + s * half * 0.6, y + 0.5 * pitch)]), 0.035, 1.0))
        pedicles.append((np.array([(x, y + 0.5 * pitch), (x, y + 0.85 * pitch)]), 0.03, 0.8))
    total += painter.fill(*vertebrae, blur=0.010) * (0.9 * b) + painter.strokes(pedicles, blur=0.008) * (0.5 * b)
    y_spine = np.linspace(-1.0 * h, 2.0 * h, 30)
    column = np.stack([chest.midline(y_spine), y_spine], 1)
    total += painter.strokes([(column, 0.24, 1.0)], blur=0.03) * (0.8 * b + 0.08)
    limbs = []
    for side in SIGN:
        limbs.append((chest.shapes[f"{side} clavicle"], 0.075, 1.0))
        shoulder = np.array(chest.marks[f"{side} shoulder"])
        limbs.append((np.array([shoulder, shoulder + [0, 0.02]]), 0.26, 0.9))
        limbs.append((chest.shapes[f"{side} arm"], 0.14, 0.9))
    total += painter.strokes(limbs, blur=0.010) * (1.15 * b)
    inner = [(points, width * 0.5, grey) for points, width, grey in limbs]
    total -= painter.strokes(inner, blur=0.014) * (0.35 * b)
    blades = [chest.shapes[f"{side} scapula"] for side in SIGN]
    total += painter.fill(*blades, blur=0.012) * (0.55 * b)
    rims = [(np.vstack([blade, blade[:1]]), 0.025, 1.0) for blade in blades]
    return np.asarray(total + painter.strokes(rims, blur=0.008) * (0.4 * b), np.float32)
