"""The losses that the default model learns from, each a plain function over tensors. Knows nothing about optimisers.

Shapes: B images, R regions, F findings, P grid cells, T tokens.
"""

import torch
from torch import Tensor
from torch.nn import functional as F

from lmrrg.model.region_extractor import RegionFeatures
from train.build_default.batches import MAP_SIDE, Batch

# Most (region, finding) pairs are negative; without a weight the rare ones are learned last.
POSITIVE_WEIGHT = 4.0


def corners(boxes: Tensor) -> Tensor:
    """(x centre, y centre, width, height) → (left, top, right, bottom)."""
    return torch.cat([boxes[..., :2] - boxes[..., 2:] / 2, boxes[..., :2] + boxes[..., 2:] / 2], -1)


def iou(a: Tensor, b: Tensor) -> tuple[Tensor, Tensor]:
    """Intersection over union, and its generalised form (Rezatofighi et al., CVPR 2019), of boxes ``[…, 4]``."""
    a, b = corners(a), corners(b)
    overlap = (torch.minimum(a[..., 2:], b[..., 2:]) - torch.maximum(a[..., :2], b[..., :2])).clamp_min(0)
    inner = overlap.prod(-1)
    union = (a[..., 2:] - a[..., :2]).prod(-1) + (b[..., 2:] - b[..., :2]).prod(-1) - inner
    hull = (torch.maximum(a[..., 2:], b[..., 2:]) - torch.minimum(a[..., :2], b[..., :2])).prod(-1)
    ratio = inner / union.clamp_min(1e-6)
    return ratio, ratio - (hull - union) / hull.clamp_min(1e-6)


def region_losses(regions: RegionFeatures, batch: Batch) -> dict[str, Tensor]:
    """Map, box, visibility, finding and significance losses; only visible regions count for the first two."""
    seen = batch.visible
    count = seen.sum().clamp_min(1)
    target = batch.maps
    if regions.grid != (MAP_SIDE, MAP_SIDE):
        target = F.adaptive_avg_pool2d(target.unflatten(-1, (MAP_SIDE, MAP_SIDE)), regions.grid).flatten(2)
        target = target / target.sum(-1, keepdim=True).clamp_min(1e-6)
    log_maps = regions.map_logits.float().log_softmax(-1)
    # Kullback-Leibler rather than cross entropy, so that 0 is a perfect map.
    divergence = (target * (target.clamp_min(1e-8).log() - log_maps)).sum(-1)
    _, generalised = iou(regions.boxes, batch.boxes)
    distance = (regions.boxes - batch.boxes).abs().sum(-1)
    weight = 1 + (POSITIVE_WEIGHT - 1) * batch.findings
    finding = F.binary_cross_entropy_with_logits(
        regions.finding_logits, batch.findings, weight=weight, reduction="none"
    )
    return {
        "map": (divergence * seen).sum() / count,
        "box": ((5 * distance + 2 * (1 - generalised)) * seen).sum() / count,
        "visible": F.binary_cross_entropy_with_logits(regions.visible_logits, seen),
        "finding": finding.sum(-1).mean(),
        "significance": F.binary_cross_entropy_with_logits(regions.significance_logits, batch.significant),
    }


def evidence_loss(attention: Tensor, batch: Batch, image_token_id: int) -> Tensor:
    """How far the attention to regions is from the regions that a token's sentence is about.

    ``attention [B, T, T]`` is a decoder layer's, averaged over its heads; the row that predicts a token is
    the one before it. Cross entropy to an even share among the sentence's regions, less its least value: 0 is
    perfect. Averaged over the report's tokens.
    """
    places = (batch.input_ids == image_token_id).float().argmax(1)
    columns = places[:, None] + torch.arange(batch.token_regions.shape[-1], device=places.device)
    rows = attention[:, :-1].float()
    to_regions = rows.gather(2, columns[:, None].expand(-1, rows.shape[1], -1))
    log_share = (to_regions / to_regions.sum(-1, keepdim=True).clamp_min(1e-9)).clamp_min(1e-6).log()
    behind = batch.token_regions[:, 1:]
    count = behind.sum(-1)
    # Every region behind a sentence counts alike: "the lungs are clear" must look at both.
    surprise = -(log_share * behind).sum(-1) / count.clamp_min(1)
    excess = surprise - count.clamp_min(1).log()
    return excess[(batch.labels[:, 1:] != -100) & (count > 0)].mean()
