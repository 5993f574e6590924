"""One phantom: a chest, its disease, its image and its report, all from one seed.

The only door of the package that makes pictures. Parts of a phantom have random streams of their own, so that
its anatomy and disease do not depend on the image's size.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from lmrrg.notices import Notice
from lmrrg.profiles.chest.phantom.anatomy_model import sample_chest
from lmrrg.profiles.chest.phantom.case_mix import CaseMix, sample_truth
from lmrrg.profiles.chest.phantom.disease import Truth, region_findings
from lmrrg.profiles.chest.phantom.picture.look import RANDOMISED, develop, frame_chest
from lmrrg.profiles.chest.phantom.picture.rendering import render, sample_tissue
from lmrrg.profiles.chest.phantom.region_boxes import measure_regions
from lmrrg.profiles.chest.phantom.sites import SITES
from lmrrg.profiles.chest.phantom.words.report_writer import PhantomSentence, write_report
from lmrrg.study import RadiographImage

BITS = 12
_SICK = CaseMix(normal=0.25, portable=0.5, diffuse=0.8, failure=1.3)


@dataclass(frozen=True, slots=True, eq=False)
class Phantom:
    """One drawn study and everything known about it.

    Attributes:
        pixels: uint8 ``[size, size]``, larger is brighter.
        pixels16: uint16 ``[size, size]`` of 12 bits, the same image before it was cut to 8.
        boxes: float32 ``[29, 4]``, x, y, width, height in pixels, clipped to the image.
        visible: bool ``[29]``: the image holds most of the region.
        region_maps: uint8 ``[29, 32, 32]`` of 0 and 1: which cells of a 32 × 32 grid the region's shape covers.
        region_findings: bool ``[29, 14]``: which finding is positive in which region.
        patient: key of the patient; phantoms of different seeds are different patients.
        visit: 0, or a higher number for another examination of the same patient.
    """

    pixels: NDArray[np.uint8]
    pixels16: NDArray[np.uint16]
    boxes: NDArray[np.float32]
    visible: NDArray[np.bool_]
    region_maps: NDArray[np.uint8]
    region_findings: NDArray[np.bool_]
    truth: Truth
    sentences: tuple[PhantomSentence, ...]
    seed: int
    site: str
    patient: str
    visit: int = 0

    @property
    def report(self) -> str:
        return " ".join(sentence.text for sentence in self.sentences)

    def as_radiograph(self) -> RadiographImage:
        """The image as the rest of the house speaks of radiographs, 12 bits deep."""
        full = float(2**BITS - 1)
        return RadiographImage(
            pixels=self.pixels16,
            bits=BITS,
            window=(full / 2, full),
            kind="PHANTOM",
            photometric="MONOCHROME2",
            view=self.truth.view,
            notices=(Notice("phantom"),),
        )


def _stream(seed: int, site: str, randomise_look: bool, purpose: int, visit: int = 0) -> np.random.Generator:
    kind = [ord(letter) for letter in site] + [int(randomise_look)]
    return np.random.default_rng([seed, *kind, purpose, *([visit] if visit else [])])


def truth_of(seed: int, *, site: str, randomise_look: bool = False) -> Truth:
    """What is wrong with the phantom of a seed, without drawing it."""
    mix = _SICK if randomise_look else SITES[site].mix
    return sample_truth(_stream(seed, site, randomise_look, 0), mix)


def draw(
    seed: int,
    *,
    size: int = 256,
    site: str = "A",
    randomise_look: bool = False,
    truth: Truth | None = None,
    visit: int = 0,
    prior: bool = True,
) -> Phantom:
    """Draw the phantom of a seed.

    Args:
        size: side of the square image in pixels, 64 or more; anatomy and report do not depend on it.
        site: a key of ``SITES``; decides case mix, look and style of report.
        randomise_look: heavy domain randomisation in place of the site's look, with more disease.
        truth: draw this truth in place of a sampled one.
        visit: another examination of the same patient has another number: same body, placed and exposed anew.
        prior: False leaves out what was seen earlier: a report for a reader who has only this image.

    Raises:
        ValueError: an unknown site or a size under 64.
    """
    if site not in SITES:
        raise ValueError(f"Unknown site {site!r}; there are {', '.join(SITES)}.")
    if size < 64:
        raise ValueError(f"A phantom needs at least 64 pixels a side, not {size}.")
    place = SITES[site]
    streams = [_stream(seed, site, randomise_look, k, visit if k > 1 else 0) for k in range(6)]
    known = truth or truth_of(seed, site=site, randomise_look=randomise_look)
    if not prior:
        known = replace(known, prior=None)
    chest = sample_chest(streams[1], known)
    look = RANDOMISED if randomise_look else place.look
    framing = frame_chest(streams[2], look, chest.height, size)
    attenuation = render(chest, known, framing, sample_tissue(streams[2]), streams[3])
    image = develop(attenuation, framing, look, streams[4])
    boxes, visible, maps = measure_regions(chest, framing)
    depth = 2 ** min(place.bits, BITS) - 1
    deep = np.round(np.round(image * depth) * ((2**BITS - 1) / depth)).astype(np.uint16)
    return Phantom(
        pixels=np.round(image * 255).astype(np.uint8),
        pixels16=deep,
        boxes=boxes,
        visible=visible,
        region_maps=maps,
        region_findings=region_findings(known),
        truth=known,
        sentences=write_report(known, place.style, streams[5]),
        seed=seed,
        site=site,
        patient=f"phantom-{site}-{seed}",
        visit=visit,
    )


def draw_prior(phantom: Phantom) -> Phantom | None:
    """The same patient's earlier study at the same size and site, in the site's own look; None without a prior."""
    if phantom.truth.prior is None:
        return None
    return draw(
        phantom.seed,
        size=phantom.pixels.shape[0],
        site=phantom.site,
        truth=phantom.truth.prior,
        visit=phantom.visit + 1,
    )
