"""From a feature grid and R region queries to what the model knows of each region.

Knows neither pixels nor text: it gets features ``F [batch, channels, grid rows, grid columns]`` and queries
``Q [R, text width]`` and answers one embedding, map, box, visibility, finding logits and significance per region.
A region's embedding is pooled *through its map*, so the map is what the rest of the model really looked at.
"""

from dataclasses import dataclass, fields

import torch
from torch import Tensor, nn

from lmrrg.profiles import Profile


@dataclass
class RegionFeatures:
    """What the extractor found; B images, R regions, F findings, P = grid rows × grid columns cells in row-major order.

    Attributes:
        embeddings: ``[B, R, d]``.
        map_logits: ``[B, R, P]``; softmax over P is the region's map.
        boxes: ``[B, R, 4]`` as (x centre, y centre, width, height) in 0 … 1 of the model's square.
        visible_logits: ``[B, R]``.
        finding_logits: ``[B, R, F]``.
        significance_logits: ``[B, R]``.
        grid: (rows, columns) of the feature grid.
    """

    embeddings: Tensor
    map_logits: Tensor
    boxes: Tensor
    visible_logits: Tensor
    finding_logits: Tensor
    significance_logits: Tensor
    grid: tuple[int, int]

    @property
    def maps(self) -> Tensor:
        """``[B, R, P]``, each region's weights over the grid, summing to 1."""
        return self.map_logits.float().softmax(-1)

    @property
    def significance(self) -> Tensor:
        return self.significance_logits.sigmoid()

    def image_findings(self, profile: Profile) -> Tensor:
        """``[B, F]``, each finding's probability by its most suspicious region; the normal finding: no disease.

        ``profile`` is the model's: it names the F findings.
        """
        highest = self.finding_logits.sigmoid().amax(1).float()
        if profile.normal_finding:
            diseases = [profile.finding_index[name] for name in profile.diseases]
            highest[:, profile.finding_index[profile.normal_finding]] = 1 - highest[:, diseases].amax(1)
        return highest

    def detached(self) -> "RegionFeatures":
        """The same without gradients, in float32, on the CPU."""
        tensors = {
            f.name: getattr(self, f.name).detach().float().cpu() for f in fields(self) if f.name != "grid"
        }
        return RegionFeatures(**tensors, grid=self.grid)


def grid_positions(rows: int, columns: int, device: torch.device) -> Tensor:
    """Centres of the grid's cells, ``[rows · columns, 2]`` as (x, y) in 0 … 1."""
    y = (torch.arange(rows, device=device) + 0.5) / rows
    x = (torch.arange(columns, device=device) + 0.5) / columns
    yy, xx = torch.meshgrid(y, x, indexing="ij")
    return torch.stack([xx, yy], -1).reshape(-1, 2)


class RegionLayer(nn.Module):
    """Regions speak among themselves, then look at the grid, then think: one pre-norm transformer layer."""

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.self_norm = nn.LayerNorm(width)
        self.self_attention = nn.MultiheadAttention(width, heads, batch_first=True)
        self.cross_norm = nn.LayerNorm(width)
        self.cross_attention = nn.MultiheadAttention(width, heads, batch_first=True)
        self.feed_norm = nn.LayerNorm(width)
        self.feed_forward = nn.Sequential(nn.Linear(width, 3 * width), nn.GELU(), nn.Linear(3 * width, width))

    def forward(self, regions: Tensor, keys: Tensor, values: Tensor) -> Tensor:
        x = self.self_norm(regions)
        regions = regions + self.self_attention(x, x, x, need_weights=False)[0]
        regions = (
            regions + self.cross_attention(self.cross_norm(regions), keys, values, need_weights=False)[0]
        )
        return regions + self.feed_forward(self.feed_norm(regions))


class RegionExtractor(nn.Module):
    """Cross-attention from region queries to the grid.

    ``channels`` are the widths of the backbone's feature maps, finest first: the coarser ones are enlarged to
    the finest grid and added. ``text_width`` is the width of the queries.
    """

    def __init__(
        self, channels: list[int], text_width: int, width: int, layers: int, heads: int, findings: int
    ) -> None:
        super().__init__()
        self.lateral = nn.ModuleList(nn.Conv2d(c, width, 1) for c in channels)
        self.smooth = nn.Conv2d(width, width, 3, padding=1)
        self.value_norm = nn.LayerNorm(width)
        self.position = nn.Sequential(nn.Linear(2, width), nn.GELU(), nn.Linear(width, width))
        self.query = nn.Sequential(
            nn.LayerNorm(text_width), nn.Linear(text_width, width), nn.GELU(), nn.Linear(width, width)
        )
        self.layers = nn.ModuleList(RegionLayer(width, heads) for _ in range(layers))
        self.map_query = nn.Sequential(nn.LayerNorm(width), nn.Linear(width, width))
        self.map_key = nn.Linear(width, width)
        self.pooled_norm = nn.LayerNorm(width)
        self.box = nn.Sequential(nn.Linear(width + 4, width), nn.GELU(), nn.Linear(width, 4))
        self.visible = nn.Linear(width, 1)
        self.findings = nn.Sequential(nn.Linear(width, width), nn.GELU(), nn.Linear(width, findings))
        self.significance = nn.Linear(width, 1)

    def feature_grid(self, feature_maps: tuple[Tensor, ...]) -> Tensor:
        """One grid ``[B, d, rows, columns]`` out of the backbone's maps, finest first."""
        grid: Tensor = self.lateral[0](feature_maps[0])
        for lateral, features in zip(list(self.lateral)[1:], feature_maps[1:], strict=True):
            grid = grid + nn.functional.interpolate(
                lateral(features), size=grid.shape[-2:], mode="bilinear", align_corners=False
            )
        return nn.functional.gelu(self.smooth(grid))

    def forward(self, grid: Tensor, queries: Tensor) -> RegionFeatures:
        """``grid [B, d, rows, columns]`` from ``feature_grid``; ``queries [R, text width]``."""
        rows, columns = int(grid.shape[-2]), int(grid.shape[-1])
        values = self.value_norm(grid.flatten(2).transpose(1, 2))
        centres = grid_positions(rows, columns, grid.device).to(values.dtype)
        keys = values + self.position(2 * centres - 1)
        regions = self.query(queries).unsqueeze(0).expand(grid.shape[0], -1, -1)
        for layer in self.layers:
            regions = layer(regions, keys, values)
        map_logits = self.map_query(regions) @ self.map_key(keys).transpose(1, 2) * values.shape[-1] ** -0.5
        maps = map_logits.float().softmax(-1).to(values.dtype)
        embeddings = self.pooled_norm(regions + maps @ values)
        # Where the map lies and how far it spreads tell most of the box; the embedding corrects the rest.
        centre = maps @ centres
        spread = (maps @ centres.square() - centre.square()).clamp_min(1e-6).sqrt()
        boxes = self.box(torch.cat([embeddings, 2 * centre - 1, 4 * spread], -1)).float().sigmoid()
        return RegionFeatures(
            embeddings=embeddings,
            map_logits=map_logits,
            boxes=boxes,
            visible_logits=self.visible(embeddings).squeeze(-1).float(),
            finding_logits=self.findings(embeddings).float(),
            significance_logits=self.significance(embeddings).squeeze(-1).float(),
            grid=(rows, columns),
        )
