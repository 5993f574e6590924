"""Do the regions earn their place? The model against a plain vision-encoder-decoder of equal size.

    python -m benchmarks.model.regions_ablation [--work build/ablation]

Both arms see the same phantoms for the same number of steps. *Regions* learns its extractor first, then the
decoder with it, as the default model does. *Plain* has neither queries, boxes, findings nor significance: the
cells of the feature grid go through transformer layers of the same number of weights to the decoder, and the
report is all that it learns from, from the first step to the last. After LM-RRG's ablation (arXiv 2403.06728).
Small images and few steps, so that two cores do it in about an hour; both arms resume.
"""

import argparse
import json
import logging
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from transformers import PreTrainedTokenizerFast

from lmrrg.model import LmrrgForConditionalGeneration, LmrrgProcessor
from lmrrg.model.modeling import LmrrgModel
from lmrrg.model.region_extractor import RegionFeatures
from lmrrg.profiles.chest.phantom import TRAINING_SITES, Phantom, draw
from train.build_default import evaluation
from train.build_default.architecture import Architecture, build
from train.build_default.batches import Batch, ReportTokens
from train.build_default.command import TRAINING_SEED, learned_tokenizer
from train.build_default.evaluation import EVALUATION_SEED
from train.build_default.phantom_cache import Recipe, Texts, fill, house_report
from train.build_default.stages import Stage, run

ARCHITECTURE = Architecture(image_size=128)


class PlainModel(LmrrgModel):
    """Grid cells in place of regions; the extractor's place is taken by as many weights of plain layers."""

    def make_plain(self, weights: int) -> None:
        """Put transformer layers of about ``weights`` weights in the place of everything that knows regions."""
        grid = self.region_extractor
        width = self.config.region_dim
        kept = sum(p.numel() for module in (grid.lateral, grid.smooth) for p in module.parameters())
        layers = 3
        # A layer has 4 w² in its attention and 2 w · inner in its feed-forward.
        inner = max((weights - kept) // layers - 4 * width * width, width) // (2 * width)
        layer = nn.TransformerEncoderLayer(
            width, ARCHITECTURE.region_heads, inner, dropout=0.0, batch_first=True, norm_first=True
        )
        self.plain_layers = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.plain_place = nn.Parameter(0.02 * torch.randn(self.config.tokens_per_image, width))
        self.plain_out = nn.Linear(width, self.config.get_text_config().hidden_size)
        for name in [n for n, _ in grid.named_children() if n not in ("lateral", "smooth")]:
            delattr(grid, name)
        self.projector, self.global_projector = nn.Identity(), nn.Identity()

    def plain_tokens(self, pixel_values: Tensor) -> Tensor:
        """``[B, tokens, text width]``: the grid's cells, spread over as many tokens as the other arm has."""
        grid = self.region_extractor.feature_grid(self.feature_maps(pixel_values))
        cells = nn.functional.adaptive_avg_pool1d(grid.flatten(2), self.config.tokens_per_image)
        tokens: Tensor = self.plain_out(self.plain_layers(cells.transpose(1, 2) + self.plain_place))
        return tokens


def plain_losses(model: LmrrgForConditionalGeneration, batch: Batch, *, write: bool) -> dict[str, Tensor]:
    """The report's loss is all there is."""
    out = model(
        input_ids=batch.input_ids,
        attention_mask=batch.attention_mask,
        image_tokens=model.model.plain_tokens(batch.pixel_values),
        labels=batch.labels,
        use_cache=False,
    )
    return {"report": out.loss}


def image_tokens(model: LmrrgForConditionalGeneration, pixel_values: Tensor) -> Tensor:
    if isinstance(model.model, PlainModel):
        return model.model.plain_tokens(pixel_values)
    regions: RegionFeatures
    regions, grid = model.model.extract_regions(pixel_values)
    tokens: Tensor = model.model.image_tokens(regions, grid)
    return tokens


@torch.inference_mode()
def reports(
    model: LmrrgForConditionalGeneration,
    processor: LmrrgProcessor,
    phantoms: list[Phantom],
    priors: list[str],
) -> list[str]:
    """Greedy reports, one study at a time."""
    written = []
    ask = ReportTokens(processor)
    for phantom, prior in zip(phantoms, priors, strict=True):
        pixels = processor.image_processor(phantom.pixels[None], return_tensors="pt")["pixel_values"]
        prompt, length, _ = ask(Texts([], [], "", (prior,) if prior else ()), np.random.default_rng(1))
        ids = torch.tensor([prompt[:length]])
        out = model.generate(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            image_tokens=image_tokens(model, pixels),
            max_new_tokens=160,
            do_sample=False,
        )
        written.append(processor.tokenizer.decode(out[0, length:], skip_special_tokens=True))
    return written


def trained_arm(
    name: str, args: argparse.Namespace, tokenizer: PreTrainedTokenizerFast
) -> tuple[LmrrgForConditionalGeneration, LmrrgProcessor]:
    cache = fill(args.work / "phantoms", Recipe(args.phantoms, TRAINING_SEED, size=ARCHITECTURE.image_size))
    model, processor = build(ARCHITECTURE, tokenizer)
    if name == "regions":
        stages = [
            Stage("extractor", args.extractor_steps, 32, 1.5e-3, write=False),
            Stage("joint", args.joint_steps, 32, 1e-3, write=True, freeze_vision=True, seen_rate=0.4),
        ]
        compute = None
    else:
        removed = sum(
            p.numel()
            for part in (model.model.region_extractor, model.model.projector, model.model.global_projector)
            for p in part.parameters()
        )
        model.model.__class__ = PlainModel
        torch.manual_seed(0)
        model.model.make_plain(removed)
        stages = [Stage("plain", args.extractor_steps + args.joint_steps, 32, 1e-3, write=True)]
        compute = plain_losses
    print(f"{name}: {sum(p.numel() for p in model.parameters()) / 1e6:.2f} million weights")
    for number, stage in enumerate(stages):
        extra = {} if compute is None else {"compute": compute}
        run(model, processor, cache, stage, args.work / name / stage.name, seed=number, device="cpu", **extra)
    return model, processor


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--work", type=Path, default=Path("build/ablation"))
    parser.add_argument("--phantoms", type=int, default=6000)
    parser.add_argument("--extractor-steps", type=int, default=400)
    parser.add_argument("--joint-steps", type=int, default=500)
    parser.add_argument("--count", type=int, default=300, help="held-out phantoms of the training sites")
    args = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(1)
    tokenizer = learned_tokenizer(args.work / "tokenizer")
    seeds = range(EVALUATION_SEED + 500_000, EVALUATION_SEED + 500_000 + args.count)
    phantoms = [
        draw(seed, size=ARCHITECTURE.image_size, site=TRAINING_SITES[seed % len(TRAINING_SITES)])
        for seed in seeds
    ]
    priors = [house_report(p.truth.prior, p.seed) if p.truth.prior else "" for p in phantoms]
    references = [house_report(p.truth, p.seed) for p in phantoms]
    table = {}
    for name in ("regions", "plain"):
        model, processor = trained_arm(name, args, tokenizer)
        table[name] = evaluation.report_figures(
            reports(model, processor, phantoms, priors), phantoms, references
        )
        (args.work / f"{name}.json").write_text(json.dumps(table[name], indent=1))
    print(
        f"\n{args.phantoms} phantoms of {ARCHITECTURE.image_size}², {args.extractor_steps} + {args.joint_steps} steps "
        f"of 32, judged on {args.count} held-out phantoms of the training sites"
    )
    print(f"{'':22}" + "".join(f"{name:>12}" for name in table))
    for measure in table["regions"]:
        print(f"{measure:22}" + "".join(f"{column[measure]:12.3f}" for column in table.values()))


if __name__ == "__main__":
    main()
