"""The 29 anatomical regions, their side, and the words that a language model is asked about them.

The list and its order are Chest ImaGenome's (Wu et al., NeurIPS Datasets 2021, arXiv 2108.00316). Knows nothing about
images or models. *Left* is always the patient's left, on the image's right.
"""

from lmrrg.profiles.base import Region, Side


def _both_sides(noun: str, description: str) -> tuple[Region, Region]:
    return (
        Region(f"right {noun}", "right", f"right {description}"),
        Region(f"left {noun}", "left", f"left {description}"),
    )


_PAIRED = [
    _both_sides("lung", "lung, the whole aerated lung from apex to base"),
    _both_sides("upper lung zone", "upper lung zone, above the hilum"),
    _both_sides("mid lung zone", "mid lung zone, at the level of the hilum"),
    _both_sides("lower lung zone", "lower lung zone, lung base below the hilum"),
    _both_sides("hilar structures", "hilar structures, hilum with pulmonary vessels and main bronchus"),
    _both_sides("apical zone", "apical zone, lung apex above the clavicle"),
    _both_sides("costophrenic angle", "costophrenic angle, lateral pleural recess at the base"),
    _both_sides("hemidiaphragm", "hemidiaphragm, dome of the diaphragm"),
    _both_sides("clavicle", "clavicle, collar bone"),
]
_MIDLINE = [
    Region("trachea", "midline", "trachea, midline airway in the neck and upper chest"),
    Region("spine", "midline", "spine, thoracic vertebrae"),
    Region("aortic arch", "left", "aortic arch, aortic knob"),
    Region("mediastinum", "midline", "mediastinum, cardiomediastinal silhouette"),
    Region("upper mediastinum", "midline", "upper mediastinum, superior mediastinal contour"),
    Region("svc", "right", "superior vena cava, right upper mediastinal border"),
    Region("cardiac silhouette", "midline", "cardiac silhouette, heart size and contour"),
    Region("cavoatrial junction", "right", "cavoatrial junction, superior vena cava meets right atrium"),
    Region("right atrium", "right", "right atrium, right heart border"),
    Region("carina", "midline", "carina, bifurcation of the trachea"),
    Region("abdomen", "midline", "abdomen, upper abdomen below the diaphragm with stomach bubble"),
]

_ALL = [region for pair in zip(*_PAIRED, strict=True) for region in pair] + _MIDLINE

# Chest ImaGenome's order, so that boxes from its files can be stacked without a table.
REGIONS: tuple[str, ...] = (
    "right lung",
    "right upper lung zone",
    "right mid lung zone",
    "right lower lung zone",
    "right hilar structures",
    "right apical zone",
    "right costophrenic angle",
    "right hemidiaphragm",
    "left lung",
    "left upper lung zone",
    "left mid lung zone",
    "left lower lung zone",
    "left hilar structures",
    "left apical zone",
    "left costophrenic angle",
    "left hemidiaphragm",
    "trachea",
    "spine",
    "right clavicle",
    "left clavicle",
    "aortic arch",
    "mediastinum",
    "upper mediastinum",
    "svc",
    "cardiac silhouette",
    "cavoatrial junction",
    "right atrium",
    "carina",
    "abdomen",
)

REGION_INDEX: dict[str, int] = {name: index for index, name in enumerate(REGIONS)}
_BY_NAME = {region.name: region for region in _ALL}
SIDE: dict[str, Side] = {name: _BY_NAME[name].side for name in REGIONS}
IN_ORDER: tuple[Region, ...] = tuple(_BY_NAME[name] for name in REGIONS)


def mirrored(name: str) -> str:
    """The same region on the other side (``"left lung"`` for ``"right lung"``); midline regions stay."""
    for here, there in (("right ", "left "), ("left ", "right ")):
        other = there + name.removeprefix(here)
        if name.startswith(here) and other in REGION_INDEX:
            return other
    return name
