"""Is this an image of the kind that the model was trained on, and is it the right way round?

Two features of an image: its *look* (the mean of the feature grid) and its *layout* (the regions' boxes in the frame
of the profile's frame regions, both lungs for a chest, so that their place and size in the image do not count). How
unlike the training images it is: the larger of the two Mahalanobis distances to phantoms drawn as for training, each
over its threshold (Lee et al., NeurIPS 2018, arXiv 1807.03888; here without classes). Whether it is mirrored: the
features of the image less those of its mirror image, weighed: anatomy has one heart, and it points left.

What was fitted (by ``train.build_default.calibration``) lies beside the model's weights (``reporters.folder``); without
it nothing is said. Knows nothing about pixels or reports. It does not know *why* an image is unusual, and an image that
it finds usual can still show what the model has never seen.
"""

from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.numpy import load_file, save
from torch import Tensor

from lmrrg.errors import ModelError
from lmrrg.model.region_extractor import RegionFeatures
from lmrrg.notices import Notice
from lmrrg.profiles import Profile

Vector = NDArray[np.float32]


@dataclass(frozen=True, eq=False)
class ImageFeatures:
    """What is looked at of one image: float32 ``look [d]`` and ``layout [4 · R]``."""

    look: Vector
    layout: Vector


def image_features(regions: RegionFeatures, grid: Tensor, profile: Profile) -> list[ImageFeatures]:
    """Features of each image of a batch; ``grid [B, d, rows, columns]`` as ``extract_regions`` gives it."""
    boxes = regions.boxes.detach().float().cpu()
    centre, extent = boxes[..., :2], boxes[..., 2:]
    framing = list(profile.frame_indices)
    low = (centre - extent / 2)[:, framing].amin(1, keepdim=True)
    high = (centre + extent / 2)[:, framing].amax(1, keepdim=True)
    size = (high - low).clamp_min(0.05)  # of what was not found
    layout = torch.cat([(centre - (low + high) / 2) / size, extent / size], -1).flatten(1).numpy()
    look = grid.detach().float().mean((2, 3)).cpu().numpy()
    return [ImageFeatures(a, b) for a, b in zip(look, layout, strict=True)]


@dataclass(frozen=True, eq=False)
class ImageCheck:
    """What was fitted; float32 throughout.

    Attributes:
        look_mean ``[d]``, look_precision ``[d, d]``, layout_mean ``[4 R]``, layout_precision ``[4 R, 4 R]``: of the
            training images' features.
        mirror_weights: ``[d + 4 R]``, over look and layout, image less mirror image; positive says mirrored.
        thresholds: ``[3]``: the distances of look and layout that make a novelty of 1, and the weighed difference
            above which an image is called mirrored.
    """

    look_mean: Vector
    look_precision: Vector
    layout_mean: Vector
    layout_precision: Vector
    mirror_weights: Vector
    thresholds: Vector

    def distances(self, features: ImageFeatures) -> tuple[float, float]:
        """Mahalanobis distances of look and layout."""
        look = features.look - self.look_mean
        layout = features.layout - self.layout_mean
        squared = np.array([look @ self.look_precision @ look, layout @ self.layout_precision @ layout])
        first, second = np.sqrt(np.maximum(squared, 0)).tolist()
        return first, second

    def novelty(self, features: ImageFeatures) -> float:
        """Over 1: outside of what the model was trained on."""
        look, layout = self.distances(features)
        return max(look / float(self.thresholds[0]), layout / float(self.thresholds[1]))

    def mirror_margin(self, features: ImageFeatures, mirrored: ImageFeatures) -> float:
        """Positive where the mirror image is the likelier anatomy; the mirror image itself gets the negative."""
        look, layout = features.look - mirrored.look, features.layout - mirrored.layout
        return float(np.concatenate([look, layout]) @ self.mirror_weights)

    def seems_mirrored(self, features: ImageFeatures, mirrored: ImageFeatures) -> bool:
        return self.mirror_margin(features, mirrored) > float(self.thresholds[2])

    def save(self, path: Path) -> None:
        tensors = {f.name: np.ascontiguousarray(getattr(self, f.name), np.float32) for f in fields(self)}
        path.write_bytes(save(tensors))


def load_image_check(path: Path, *, look: int) -> ImageCheck | None:
    """What was fitted for a model whose grid has ``look`` channels, from its file; None where there is none.

    Raises:
        ModelError: the file is there and does not fit the model.
    """
    if not path.exists():
        return None
    try:
        check = ImageCheck(**load_file(path))
        layout = check.layout_mean.shape[0]
        shapes = {
            "look_mean": (look,),
            "look_precision": (look, look),
            "layout_precision": (layout, layout),
            "mirror_weights": (look + layout,),
            "thresholds": (3,),
        }
        wrong = [name for name, shape in shapes.items() if getattr(check, name).shape != shape]
        if wrong:
            raise ValueError(f"unexpected shape of {', '.join(wrong)}")
    except (OSError, ValueError, TypeError, SafetensorError) as error:
        raise ModelError(
            f"“{path}” does not fit the model beside it ({error}). Build the model's calibration again, or remove the "
            "file to use the model without."
        ) from error
    return check


def notices(novelty: float | None, *, mirrored: bool) -> tuple[Notice, ...]:
    """What a reader should be told of the image."""
    told = []
    if novelty is not None and novelty > 1:
        told.append(Notice("outside_training", {"score": round(novelty, 3)}))
    if mirrored:
        told.append(Notice("seems_mirrored"))
    return tuple(told)
