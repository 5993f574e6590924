"""``python -m train build-default``: phantoms → region extractor → decoder → figures → model folder and card.

Every stage resumes where it was interrupted; run the same command again.
"""

import argparse
import json
import logging
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import PreTrainedTokenizerFast

from lmrrg.anatomy import DESCRIPTIONS
from lmrrg.model.processing import INSTRUCTION
from lmrrg.model.tokenizer import train_tokenizer
from lmrrg.phantom import SITES, STYLES, write_report
from lmrrg.phantom.case_mix import sample_truth
from lmrrg.reporters import DEFAULT_FOLDER
from lmrrg.reporters.native import VERSION_FILE, NativeReporter
from train.build_default import evaluation
from train.build_default.architecture import Architecture, build
from train.build_default.batches import INDICATIONS
from train.build_default.card import write_card
from train.build_default.phantom_cache import TRAINING_SITES, Recipe, fill
from train.build_default.stages import Stage, run

log = logging.getLogger(__name__)

# Seeds of training, the tokenizer's corpus and evaluation never meet.
TRAINING_SEED, CORPUS_SEED, EVALUATION_SEED = 1_000_000, 5_000_000, 9_000_000


def add_parser(commands: Any) -> None:
    """Add ``build-default`` to argparse's ``commands``."""
    parser = commands.add_parser("build-default", help="train the model that ships with the program")
    parser.add_argument("--work", type=Path, default=Path("build/default"), help="phantoms and checkpoints")
    parser.add_argument("--out", type=Path, default=DEFAULT_FOLDER, help="the finished model's folder")
    parser.add_argument("--version", default="1.0")
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--phantoms", type=int, default=12_000)
    parser.add_argument("--extractor-steps", type=int, default=1_100)
    parser.add_argument("--joint-steps", type=int, default=1_000)
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument("--evaluate-on", type=int, default=200, help="held-out phantoms for the card")
    parser.add_argument("--seed", type=int, default=0)
    parser.set_defaults(run=build_default)


def build_default(args: argparse.Namespace) -> int:
    """Run the whole recipe; exit status 0."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", force=True)
    cache = fill(args.work / "phantoms", Recipe(args.phantoms, TRAINING_SEED + args.seed))
    log.info("%d phantoms", len(cache))
    tokenizer = _tokenizer(args.work / "tokenizer")
    model, processor = build(Architecture(), tokenizer, seed=args.seed)
    stages = [
        Stage("extractor", args.extractor_steps, args.batch_size, 1.5e-3, write=False),
        Stage("joint", args.joint_steps, args.batch_size, 1e-3, write=True, seen_rate=0.4),
    ]
    for number, stage in enumerate(stages):
        folder = args.work / stage.name
        run(model, processor, cache, stage, folder, seed=args.seed + number, device=args.device)
    model.to("cpu", memory_format=torch.contiguous_format)
    args.out.mkdir(parents=True, exist_ok=True)
    model.to(torch.bfloat16).save_pretrained(args.out)
    processor.save_pretrained(args.out)
    name = {"name": "default", "version": args.version, "demonstration": True}
    (args.out / VERSION_FILE).write_text(json.dumps(name, indent=2) + "\n")
    reporter = NativeReporter(args.out, device=args.device)
    readings = [
        reading
        for number, site in enumerate(TRAINING_SITES)
        for reading in evaluation.read(
            reporter,
            site=site,
            count=args.evaluate_on // len(TRAINING_SITES),
            first_seed=EVALUATION_SEED + 10_000 * number,
        )
    ]
    figures = evaluation.figures(readings)
    log.info(json.dumps(figures, indent=2))
    recipe = {k: str(v) for k, v in vars(args).items() if k not in ("run", "work", "out")}
    write_card(args.out, figures=figures, recipe=recipe, stages=stages, examples=readings[:3])
    return 0


def _tokenizer(folder: Path) -> PreTrainedTokenizerFast:
    """Learned from reports in every style, so that what readers write costs few tokens too."""
    if not folder.exists():
        tokenizer = train_tokenizer(_corpus())
        tokenizer.save_pretrained(folder.with_suffix(".partial"))
        shutil.move(folder.with_suffix(".partial"), folder)
    return PreTrainedTokenizerFast.from_pretrained(folder, local_files_only=True)


def _corpus() -> list[str]:
    texts = [*DESCRIPTIONS, INSTRUCTION, *(f"Indication: {words}" for words in INDICATIONS)] * 20
    for seed in range(CORPUS_SEED, CORPUS_SEED + 3000):
        rng = np.random.default_rng(seed)
        truth = sample_truth(rng, SITES[TRAINING_SITES[seed % len(TRAINING_SITES)]].mix)
        for style in STYLES.values():
            texts.append(" ".join(sentence.text for sentence in write_report(truth, style, rng)))
    return texts
