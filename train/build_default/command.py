"""``python -m train build-default``: phantoms → region extractor → decoder → figures → model folder and card.

Every stage resumes where it was interrupted; run the same command again. The defaults suit a processor; the model that
ships was finished on a GPU in eleven minutes:

    python -m train build-default --version 1.2 --start-from lmrrg/weights/default --device cuda --workers 15 --whole \
        --phantoms 40000 --batch-size 128 --extractor-steps 0 --joint-steps 3271 --anneal-steps 1093
"""

import argparse
import json
import logging
import shutil
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import PreTrainedTokenizerFast

from lmrrg.model import LmrrgForConditionalGeneration, LmrrgProcessor
from lmrrg.model.processing import INSTRUCTION
from lmrrg.model.tokenizer import train_tokenizer
from lmrrg.profiles import DEFAULT, Profile, load, names
from lmrrg.report import ModelName
from lmrrg.reporters import DEFAULT_FOLDER, VersionFolder
from lmrrg.reporters.native import NativeReporter
from train.build_default import evaluation
from train.build_default.architecture import Architecture, build
from train.build_default.batches import INDICATIONS
from train.build_default.calibration import fit_and_save
from train.build_default.card import write_card
from train.build_default.phantom_cache import Recipe, fill, site_of
from train.build_default.stages import Stage, run
from train.build_default.warm_start import warm_start

log = logging.getLogger(__name__)

# Seeds of training, the tokenizer's corpus, calibration and evaluation never meet.
TRAINING_SEED, CORPUS_SEED = 1_000_000, 5_000_000


def add_parser(commands: Any) -> None:
    """Add ``build-default`` to argparse's ``commands``."""
    parser = commands.add_parser("build-default", help="train the model that ships with the program")
    parser.add_argument("--work", type=Path, default=Path("build/default"), help="phantoms and checkpoints")
    parser.add_argument("--out", type=Path, default=DEFAULT_FOLDER, help="the finished model's folder")
    parser.add_argument("--version", default="1.0")
    parser.add_argument(
        "--profile",
        choices=names(),
        default=DEFAULT,
        help=f"the kind of examination that it is for (default {DEFAULT})",
    )
    parser.add_argument("--device", default="cpu")
    parser.add_argument("--start-from", type=Path, help="an earlier model's folder to start from")
    parser.add_argument("--phantoms", type=int, default=16_000)
    parser.add_argument("--extractor-steps", type=int, default=1_000)
    parser.add_argument("--joint-steps", type=int, default=1_300)
    parser.add_argument(
        "--anneal-steps", type=int, default=0, help="after the joint stage, at less than half its rate"
    )
    parser.add_argument("--batch-size", type=int, default=32)
    parser.add_argument(
        "--whole",
        action="store_true",
        help="the vision tower learns beside the decoder too: three times the work, and worth it on a GPU",
    )
    parser.add_argument(
        "--workers", type=int, default=0, help="processes that make batches; 0: none beside this one"
    )
    parser.add_argument(
        "--evaluate-on", type=int, default=200, help="held-out phantoms for the card, per table"
    )
    parser.add_argument("--remarks", type=Path, help="a text to put into the card as it is")
    parser.add_argument("--seed", type=int, default=0)
    parser.set_defaults(run=build_default)


def build_default(args: argparse.Namespace) -> int:
    """Run the whole recipe; exit status 0.

    Raises:
        ProfileError: the profile has no phantoms to learn from.
    """
    profile = load(args.profile)
    phantoms = profile.drawn()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s", force=True)
    cache = fill(
        args.work / "phantoms", Recipe(args.phantoms, TRAINING_SEED + args.seed, profile=profile.name)
    )
    log.info("%d phantoms", len(cache))
    tokenizer = learned_tokenizer(args.work / "tokenizer", profile)
    model, processor = build(Architecture(), tokenizer, seed=args.seed, profile=profile)
    if args.start_from is not None:
        warm_start(model, tokenizer, args.start_from)
    writing = partial(
        Stage,
        batch_size=args.batch_size,
        write=True,
        freeze_vision=not args.whole,
        seen_rate=1.0 if args.whole else 0.4,
    )
    stages = [
        Stage("extractor", args.extractor_steps, args.batch_size, 1.5e-3, write=False),
        writing("joint", args.joint_steps, learning_rate=1.2e-3 if args.whole else 1e-3),
        writing("anneal", args.anneal_steps, learning_rate=5e-4),
    ]
    stages = [stage for stage in stages if stage.steps]
    for number, stage in enumerate(stages):
        folder = args.work / stage.name
        run(
            model,
            processor,
            cache,
            stage,
            folder,
            seed=args.seed + number,
            device=args.device,
            workers=args.workers,
        )
    save(model, processor, args.out, args.version)
    said_of_itself = fit_and_save(args.out, device=args.device)
    reporter = NativeReporter(args.out, device=args.device)
    left_out = [site for site in phantoms.SITES if site not in phantoms.TRAINING_SITES]
    tables, examples = {}, []
    for title, sites in (
        ("the training sites", phantoms.TRAINING_SITES),
        ("the site left out of training", left_out),
    ):
        readings = evaluation.read_sites(reporter, sites, args.evaluate_on)
        tables[title] = evaluation.figures(readings, profile)
        examples += readings[:2]
        log.info("%s: %s", title, json.dumps(tables[title], indent=2))
    recipe = {k: str(v) for k, v in vars(args).items() if k not in ("run", "work", "out", "remarks")}
    remarks = args.remarks.read_text("utf-8") if args.remarks else ""
    write_card(
        args.out,
        tables=tables,
        said_of_itself=said_of_itself,
        recipe=recipe,
        stages=stages,
        examples=examples,
        remarks=remarks,
    )
    return 0


def save(model: LmrrgForConditionalGeneration, processor: LmrrgProcessor, folder: Path, version: str) -> None:
    """Write a finished model's folder, in bf16; ``model`` is changed to that."""
    model.to("cpu", memory_format=torch.contiguous_format)
    folder.mkdir(parents=True, exist_ok=True)
    model.to(torch.bfloat16).save_pretrained(folder)
    processor.save_pretrained(folder)
    VersionFolder(folder).finish(ModelName("default", version, demonstration=True))


def learned_tokenizer(folder: Path, profile: Profile) -> PreTrainedTokenizerFast:
    """Learned from reports in every style, so that what readers write costs few tokens too."""
    if not folder.exists():
        tokenizer = train_tokenizer(_corpus(profile))
        tokenizer.save_pretrained(folder.with_suffix(".partial"))
        shutil.move(folder.with_suffix(".partial"), folder)
    return PreTrainedTokenizerFast.from_pretrained(folder, local_files_only=True, trust_remote_code=False)


def _corpus(profile: Profile) -> list[str]:
    phantoms = profile.drawn()
    parts = ("Indication: ", "Prior report: ", "Style: ")
    texts = [
        *(region.description for region in profile.regions),
        INSTRUCTION,
        *parts,
        *INDICATIONS,
    ] * 20
    for seed in range(CORPUS_SEED, CORPUS_SEED + 3000):
        rng = np.random.default_rng(seed)
        truth = phantoms.truth_of(seed, site=site_of(seed, profile))
        drawn = phantoms.random_style(rng)
        texts.append(drawn.description)
        for style in (*(phantoms.STYLES[name] for name in phantoms.TRAINING_STYLES), drawn):
            texts.append(" ".join(sentence.text for sentence in phantoms.write_report(truth, style, rng)))
    return texts
