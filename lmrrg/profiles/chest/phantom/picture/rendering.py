"""From a chest and its truth to an image before any machine has touched it.

Attenuation along the ray: the body's soft tissue, minus the air of the lungs, plus vessels, bones and metal.
Heart and mediastinum displace air, so that their edge is lost where the lung beside them is solid (the
silhouette sign). Air of a whole lung is 1. Display and noise are the look's business (``look.py``).
"""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from lmrrg.profiles.chest.phantom.anatomy_model import SIGN, Chest, Points, curve
from lmrrg.profiles.chest.phantom.disease import Truth
from lmrrg.profiles.chest.phantom.picture.device_painting import paint_devices
from lmrrg.profiles.chest.phantom.picture.disease_painting import Lungs, paint_diseases
from lmrrg.profiles.chest.phantom.picture.framing import Framing
from lmrrg.profiles.chest.phantom.picture.skeleton_painting import paint_bones
from lmrrg.profiles.chest.phantom.picture.strokes import Layer, Painter, Stroke

_ROUND = np.linspace(0, 2 * np.pi, 24)


@dataclass(frozen=True, slots=True)
class Tissue:
    """How strongly a chest's parts show, in units of the air of a lung.

    Attributes:
        body: thickness of the soft tissue in its middle.
        bone: contrast of a rib; vertebrae and clavicles follow.
        vessels: contrast of the large vessels near the hila.
        heart, mediastinum: share of the air before and behind them that they displace.
        abdomen: density that it adds.
        breast: density of the breast shadows, 0 for none.
    """

    body: float = 1.5
    bone: float = 0.16
    vessels: float = 0.4
    heart: float = 0.8
    mediastinum: float = 0.85
    abdomen: float = 0.25
    breast: float = 0.0


def sample_tissue(rng: np.random.Generator) -> Tissue:
    """Draw how strongly a chest's parts show."""
    u = rng.uniform
    return Tissue(
        body=u(1.25, 1.6),
        bone=u(0.10, 0.28),
        vessels=u(0.20, 0.44),
        heart=u(0.66, 0.92),
        mediastinum=u(0.75, 0.95),
        abdomen=u(0.05, 0.75),
        breast=u(0.08, 0.3) if u() < 0.4 else 0.0,
    )


def render(chest: Chest, truth: Truth, framing: Framing, tissue: Tissue, rng: np.random.Generator) -> Layer:
    """Attenuation float32 ``[size, size]``, about 0 (bare detector) to 2.5 (metal apart)."""
    painter = Painter(framing)
    masks = {side: painter.fill(chest.lung[side], blur=0.012) for side in SIGN}
    lungs = Lungs(painter, chest, masks)
    vessels = _vessels(painter, chest, rng)
    # A stream of its own: the same chest with and without a disease differs by the disease alone.
    ailing = rng.spawn(1)[0]
    disease, vessel_gain = paint_diseases(lungs, truth, ailing)
    both = masks["right"] + masks["left"]
    middle = _middle(painter, chest, tissue)
    air = np.asarray(lungs.air() * (1 - middle), np.float32)
    depth = np.float32(0.70) + np.float32(0.30) * painter.blurred(both, 0.12)
    depth -= vessels * (np.float32(tissue.vessels) * vessel_gain)
    depth += painter.clouds(rng, 0.045) * np.float32(0.09 * tissue.vessels)
    total = _soft_tissue(chest, framing, tissue, rng)
    total -= _airways(painter, chest, rng)
    total -= air * depth
    total += middle * np.float32(0.10)
    total += disease
    total += paint_bones(painter, chest, tissue.bone, air)
    if truth.devices:
        total += paint_devices(painter, chest, truth, ailing)
    return np.asarray(total, np.float32)


def _middle(painter: Painter, chest: Chest, tissue: Tissue) -> Layer:
    """Heart, great vessels and mediastinum: share of the air that they displace."""
    heart = painter.fill(chest.shapes["heart"], blur=0.012)
    x, y = chest.marks["knob"]
    r = chest.marks["knob radius"][0]
    knob = np.stack([x + r * np.cos(_ROUND), y + r * 1.1 * np.sin(_ROUND)], 1)
    great = painter.fill(chest.shapes["upper mediastinum"], knob, blur=0.014)
    aorta = painter.strokes([(chest.shapes["descending aorta"], 0.20, 0.8)], blur=0.014)
    beside = np.maximum(great, aorta) * np.float32(tissue.mediastinum)
    return np.asarray(np.maximum(heart * np.float32(tissue.heart), beside), np.float32)


def _soft_tissue(chest: Chest, framing: Framing, tissue: Tissue, rng: np.random.Generator) -> Layer:
    """Body, arms, abdomen and breasts: without sharp edges, so drawn at half the size."""
    h = chest.height
    painter = Painter(replace(framing, size=framing.size // 2))
    body = painter.fill(chest.shapes["body"], blur=0.02)
    total = body * np.float32(tissue.body * 0.5) + painter.blurred(body, 0.16) * np.float32(tissue.body * 0.5)
    limbs: list[Stroke] = [(chest.shapes[f"{side} arm"], float(rng.uniform(0.32, 0.5)), 1.0) for side in SIGN]
    total = np.maximum(total, painter.strokes(limbs, blur=0.03) * np.float32(tissue.body * 0.75))
    right, left = chest.dome["right"], chest.dome["left"][::-1]
    below = np.vstack([right, left, [[2.0, left[-1, 1]], [2.0, 3 * h], [-2.0, 3 * h], [-2.0, right[0, 1]]]])
    total += painter.fill(below, blur=float(rng.uniform(0.10, 0.40))) * np.float32(tissue.abdomen)
    if rng.random() < 0.3:
        total -= _bowel(painter, chest, rng) * np.float32(rng.uniform(0.1, 0.3))
    if rng.random() < 0.6:
        x, y = chest.marks["stomach"]
        a, b = rng.uniform(0.12, 0.26), rng.uniform(0.06, 0.13)
        flat = np.where(np.sin(_ROUND) > 0, 0.6, 1.0)
        bubble = np.stack([x + a * np.cos(_ROUND), y + b * np.sin(_ROUND) * flat], 1)
        total -= painter.fill(bubble, blur=0.02) * np.float32(rng.uniform(0.2, 0.6))
    if tissue.breast:
        both = painter.fill(chest.shapes["right breast"], chest.shapes["left breast"], blur=0.05)
        total += both * np.float32(tissue.breast)
    total += painter.clouds(rng, 0.4) * (np.float32(0.03) * body)
    return np.asarray(cv2.resize(total, (framing.size, framing.size), interpolation=cv2.INTER_LINEAR))


def _bowel(painter: Painter, chest: Chest, rng: np.random.Generator) -> Layer:
    """Gas in loops of bowel under the diaphragm."""
    loops = []
    for _ in range(int(rng.integers(3, 9))):
        x, y = rng.uniform(-0.7, 0.7), chest.height * rng.uniform(1.08, 1.5)
        a, b = rng.uniform(0.04, 0.12), rng.uniform(0.03, 0.07)
        loops.append(np.stack([x + a * np.cos(_ROUND), y + b * np.sin(_ROUND)], 1))
    return painter.fill(*loops, blur=0.02)


def _airways(painter: Painter, chest: Chest, rng: np.random.Generator) -> Layer:
    h = chest.height
    line, width = chest.shapes["trachea line"], chest.marks["trachea width"][0]
    fork = np.array(chest.marks["carina"])
    tubes: list[Stroke] = [(line, width, 1.0)]
    for s in (-1, 1):
        path = fork + np.array([(0, -0.02), (s * 0.12, 0.085 * h), (s * 0.24, 0.12 * h)])
        tubes.append((curve(path), width * 0.6, 0.45))
    return painter.strokes(tubes, blur=0.012) * np.float32(rng.uniform(0.16, 0.34))


def _vessels(painter: Painter, chest: Chest, rng: np.random.Generator) -> Layer:
    """Pulmonary arteries and veins: trees that leave the hilum and thin out towards the pleura."""
    h = chest.height
    lines: list[Stroke] = []
    trunks: list[Stroke] = []
    hila: list[Points] = []
    for side, s in SIGN.items():
        root = np.array(chest.marks[f"{side} hilum"])
        # The interlobar artery runs down beside the heart; branches leave it fanwise.
        trunk = [[s * -0.04, -0.06 * h], [s * 0.02, 0.0], [s * 0.06, 0.08 * h], [s * 0.08, 0.16 * h]]
        trunks.append((curve(root + np.array(trunk)), 0.085, 0.8))
        hila.append(np.stack([root[0] + 0.09 * np.cos(_ROUND), root[1] + 0.075 * h * np.sin(_ROUND)], 1))
        count = 13
        angle = np.linspace(-1.35, 1.40, count) + rng.normal(0, 0.11, count)
        start = root + np.stack([np.zeros(count), 0.12 * h * angle], 1)
        reach = h * rng.uniform(0.13, 0.23, count)
        for width, grey in ((0.034, 0.66), (0.021, 0.46), (0.013, 0.34), (0.009, 0.28)):
            turns = np.cumsum(rng.normal(0, 0.20, (len(angle), 3)), 1) + angle[:, None]
            moves = np.stack([s * np.cos(turns), np.sin(turns)], -1) * (reach / 3)[:, None, None]
            path = np.concatenate([start[:, None], start[:, None] + np.cumsum(moves, 1)], 1)
            lines.append((path, width, grey))
            fork = rng.uniform(0.12, 0.55, len(angle))
            angle = np.concatenate([turns[:, -1] + fork, turns[:, -1] - 0.6 * fork])
            start = np.concatenate([path[:, -1], path[:, -1]])
            reach = np.concatenate([reach, reach]) * 0.8
    lines.sort(key=lambda line: line[2])
    clouds = painter.fill(*hila, blur=0.05) * np.float32(0.85)
    return np.asarray(np.maximum(painter.strokes([*lines, *trunks], blur=0.006), clouds))
