"""What machine and archive make of a chest: framing, exposure, processing, noise, markers and borders.

Two uses: a site's own narrow look, and heavy domain randomisation so that what is learnt here carries over to
real radiographs. Knows the chest's size but no other anatomy, and nothing about diseases. Never inverts the greys.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from lmrrg.profiles.chest.phantom.anatomy_model import curve
from lmrrg.profiles.chest.phantom.picture.framing import Framing
from lmrrg.profiles.chest.phantom.picture.strokes import Layer

Range = tuple[float, float]
_FONTS = (cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_PLAIN)
_WORDS = (
    "L",
    "R",
    "L",
    "R",
    "PORTABLE",
    "AP",
    "PA",
    "ERECT",
    "SUPINE",
    "AP SEMI",
    "D",
    "LEFT",
    "Bettaufnahme",
)


# Drawing fresh noise for every image would cost a tenth of its time.
_SHEET_SIDE = 512
_SHEET: Layer = np.random.default_rng(20240312).standard_normal((_SHEET_SIDE, _SHEET_SIDE), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Look:
    """Ranges that a look is drawn from; shares and greys are 0 … 1.

    Attributes:
        thorax: width of the thorax in shares of the image's side.
        off_centre: deviation of the chest's shift, in shares of the side.
        turn: deviation of the turn, radians.
        careless: share of images on which both deviations are two and a half times as large.
        aspect: width over height of the original before it is padded to a square.
        square: share of originals that need no padding.
        black, white: quantiles of the attenuation that are shown black and white.
        lift: grey that black is shown as (foggy images).
        gamma: exponent of the tone curve, over 1 darker.
        local: strength of local contrast enhancement.
        scatter: share of the image that stray radiation smears over all of it.
        blur: body units. noise: deviation of the grain.
        marker: share of images with a side marker. bar: share with a collimator's border.
    """

    thorax: Range = (0.80, 1.0)
    off_centre: float = 0.02
    turn: float = 0.015
    careless: float = 0.0
    aspect: Range = (1.0, 1.0)
    square: float = 0.0
    black: Range = (0.005, 0.02)
    white: Range = (0.97, 0.995)
    lift: Range = (0.0, 0.0)
    gamma: Range = (0.9, 1.15)
    local: Range = (0.0, 0.25)
    scatter: Range = (0.0, 0.1)
    blur: Range = (0.0, 0.006)
    noise: Range = (0.004, 0.012)
    marker: float = 0.8
    bar: float = 0.1
    text: float = 0.0
    wires: float = 0.0


RANDOMISED = Look(
    thorax=(0.70, 1.20),
    off_centre=0.07,
    turn=0.06,
    careless=0.12,
    aspect=(0.72, 1.30),
    square=0.4,
    black=(0.0, 0.10),
    white=(0.90, 1.0),
    lift=(0.0, 0.42),
    gamma=(0.55, 1.7),
    local=(0.0, 2.2),
    scatter=(0.0, 0.6),
    blur=(0.0, 0.022),
    noise=(0.0, 0.05),
    marker=0.5,
    bar=0.25,
    text=0.35,
    wires=0.4,
)


def frame_chest(rng: np.random.Generator, look: Look, height: float, size: int) -> Framing:
    """Place a chest of the given height (body units) in a square image."""
    aspect = float(np.exp(rng.uniform(*np.log(look.aspect)))) if rng.random() >= look.square else 1.0
    wide, tall = min(1.0, aspect), min(1.0, 1.0 / aspect)
    content = ((1 - wide) / 2, (1 - tall) / 2, (1 + wide) / 2, (1 + tall) / 2)
    scale = rng.uniform(*look.thorax) * wide / 2.0
    if rng.random() < 0.85:  # nearly always the whole lung is meant to be on the image
        scale = min(scale, 0.97 * tall / height)
    room = tall - scale * height
    top = (1 - tall) / 2 + room * float(np.clip(rng.normal(0.40, 0.16), -0.1, 1.0))
    more = 2.5 if rng.random() < look.careless else 1.0
    centre = (0.5 + more * float(rng.normal(0, look.off_centre)), top + scale * height * 0.5)
    return Framing(size, scale, more * float(rng.normal(0, look.turn)), centre, height * 0.5, content)


def develop(attenuation: Layer, framing: Framing, look: Look, rng: np.random.Generator) -> Layer:
    """The displayed image, float32 ``[size, size]`` in 0 … 1, larger is brighter; bars are 0."""
    u, size = rng.uniform, framing.size
    image = attenuation
    if look.wires and u() < look.wires:
        image = image + _wires(rng, size)
    field = rng.standard_normal((3, 3), dtype=np.float32) * np.float32(0.35 * look.noise[1])
    image = image + cv2.resize(field * np.float32(6), (size, size), interpolation=cv2.INTER_CUBIC)
    scatter = u(*look.scatter)
    if scatter > 0.1:
        image = _scattered(image, framing, scatter)
    local = u(*look.local)
    if local > 0.05:
        image = _local_contrast(image, framing, local, u(0.12, 0.5))
    sigma = u(*look.blur) * framing.unit
    if sigma > 0.3:
        image = cv2.GaussianBlur(image, (0, 0), sigma)
    x0, y0, x1, y1 = (round(edge) for edge in framing.content)
    sample = image[y0:y1:5, x0:x1:5]
    low, high = np.quantile(sample, [u(*look.black), u(*look.white)])
    image = (image - np.float32(low)) * np.float32(1 / max(high - low, 1e-3))
    image = np.clip(image, 0, 1) ** np.float32(u(*look.gamma))
    noise = _grain(rng, size)
    image = image + noise * np.float32(u(*look.noise))
    lift = u(*look.lift)
    image = np.float32(lift) + image * np.float32((1 - lift) * u(0.4 if look.lift[1] > 0.2 else 0.9, 1.0))
    image = np.ascontiguousarray(np.clip(image, 0, 1), np.float32)
    if u() < look.bar:
        _collimate(image, rng)
    if u() < look.marker:
        _write(image, framing, rng, "L" if u() < 0.6 else "R", u(0.035, 0.06))
    if look.text and u() < look.text:
        for _ in range(int(rng.integers(1, 3))):
            _write_anywhere(image, rng)
    _bars(image, (x0, y0, x1, y1))
    return image


def _grain(rng: np.random.Generator, size: int) -> Layer:
    """Noise of deviation 1, twice as coarse on images over 512 pixels: a window of one sheet, turned."""
    step = 2 if size > _SHEET_SIDE else 1
    side = -(-size // step)
    if side > _SHEET_SIDE:
        return rng.standard_normal((size, size), dtype=np.float32)
    y, x = rng.integers(0, _SHEET_SIDE - side + 1, 2)
    window = np.rot90(_SHEET[y : y + side, x : x + side], int(rng.integers(4)))
    return np.asarray(window) if step == 1 else np.repeat(np.repeat(window, 2, 0), 2, 1)[:size, :size]


def _local_contrast(image: Layer, framing: Framing, strength: float, reach: float) -> Layer:
    """Lift detail over its surroundings, as the processing of digital detectors does."""
    size = image.shape[0]
    small = cv2.resize(image, (size // 4, size // 4), interpolation=cv2.INTER_AREA)
    small = cv2.GaussianBlur(small, (0, 0), max(reach * framing.unit / 4, 0.6))
    around = cv2.resize(small, (size, size), interpolation=cv2.INTER_LINEAR)
    return np.asarray(image + np.float32(strength) * (image - around), np.float32)


def _scattered(image: Layer, framing: Framing, share: float) -> Layer:
    """Stray radiation: a veil that follows the thickness of the body around."""
    size = image.shape[0]
    small = cv2.resize(image, (size // 8, size // 8), interpolation=cv2.INTER_AREA)
    veil = cv2.GaussianBlur(small, (0, 0), max(0.45 * framing.unit / 8, 0.6))
    veil = cv2.resize(veil, (size, size), interpolation=cv2.INTER_LINEAR)
    return np.asarray(image * np.float32(1 - share) + veil * np.float32(share), np.float32)


def _wires(rng: np.random.Generator, size: int) -> Layer:
    """Leads and clips that lie on the patient: no device of the report's, only in the way."""
    canvas = np.zeros((size, size), np.uint8)
    for _ in range(int(rng.integers(1, 5))):
        start = rng.uniform(0, 1, 2)
        steps = rng.normal(0, 0.10, (7, 2)) + rng.normal(0, 0.10, 2)
        line = np.round(curve(start + np.cumsum(steps, 0)) * size * 16).astype(np.int32)
        thick = max(1, round(rng.uniform(0.003, 0.008) * size))
        cv2.polylines(canvas, [line], False, int(rng.integers(90, 255)), thick, cv2.LINE_AA, 4)
        if rng.random() < 0.5:
            x, y = np.round(line[0] / 16).astype(int)
            cv2.circle(canvas, (int(x), int(y)), round(rng.uniform(0.008, 0.02) * size), 255, -1, cv2.LINE_AA)
    return canvas.astype(np.float32) * np.float32(rng.uniform(0.2, 0.8) / 255)


def _collimate(image: Layer, rng: np.random.Generator) -> None:
    """Borders of the beam, a little turned; black as a rule, sometimes white."""
    size = image.shape[0]
    inset = rng.uniform(0, 0.07, 4) * size
    box = np.array(
        [
            [inset[0], inset[1]],
            [size - inset[2], inset[1]],
            [size - inset[2], size - inset[3]],
            [inset[0], size - inset[3]],
        ]
    )
    box = box + rng.normal(0, 0.008 * size, (4, 2))
    inside = np.zeros(image.shape, np.uint8)
    cv2.fillPoly(inside, [np.round(box * 16).astype(np.int32)], 255, cv2.LINE_AA, 4)
    share = inside.astype(np.float32) * np.float32(1 / 255)
    value = 0.0 if rng.random() < 0.8 else 1.0
    image *= share
    image += np.float32(value) * (1 - share)


def _write(image: Layer, framing: Framing, rng: np.random.Generator, letter: str, tall: float) -> None:
    """A side marker in the upper corner of its side."""
    size = image.shape[0]
    x0, y0, x1, _ = framing.content_share
    x = (x0 + rng.uniform(0.02, 0.08)) if letter == "R" else (x1 - rng.uniform(0.06, 0.12))
    y = y0 + rng.uniform(0.07, 0.2)
    _put(image, letter, (x * size, y * size), tall, rng, rng.uniform(0.8, 1.0))


def _write_anywhere(image: Layer, rng: np.random.Generator) -> None:
    size = image.shape[0]
    word = _WORDS[int(rng.integers(len(_WORDS)))]
    place = (rng.uniform(0, 0.9) * size, rng.uniform(0.04, 0.99) * size)
    _put(image, word, place, rng.uniform(0.02, 0.05), rng, rng.uniform(0.5, 1.0))


def _put(
    image: Layer, word: str, place: tuple[float, float], tall: float, rng: np.random.Generator, grey: float
) -> None:
    size = image.shape[0]
    font = _FONTS[int(rng.integers(len(_FONTS)))]
    scale = tall * size / (11 if font == cv2.FONT_HERSHEY_PLAIN else 22)
    thick = max(1, round(tall * size / 9))
    canvas = np.zeros(image.shape, np.uint8)
    cv2.putText(
        canvas, word, (int(place[0]), int(place[1])), font, scale, round(255 * grey), thick, cv2.LINE_AA
    )
    np.maximum(image, canvas.astype(np.float32) * np.float32(1 / 255), out=image)


def _bars(image: Layer, content: tuple[int, int, int, int]) -> None:
    x0, y0, x1, y1 = content
    image[:y0], image[y1:] = 0, 0
    image[:, :x0], image[:, x1:] = 0, 0
