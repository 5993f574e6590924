"""Do a few dozen signed readings improve the next drafts, and does reinforcement beat fine-tuning on the same edits?

    python -m benchmarks.loop.closed_loop arms    [--arm NAME …] [--seed N …]  one round, the same readings for all arms
    python -m benchmarks.loop.closed_loop rounds  [--seed N …]  four rounds, each from the version before
    python -m benchmarks.loop.closed_loop spoiled [--kind NAME …]                 readers who must not be learned from
    python -m benchmarks.loop.closed_loop speed                           GRPO steps a second, ours and plain TRL's
    python -m benchmarks.loop.closed_loop table                                   tables and plot from what there is

A simulated reader of the left-out site signs drafts of the default model in a style that no model was trained on:
its order is new, and everything normal is said in words that no training text has (``--style dictated``: everything).
Every arm × seed, round, kind leaves one JSON in ``benchmarks/closed_loop_pieces``; what is there is not run again,
so the whole can be had in pieces. ``--work`` keeps data folders between them. Sizes are arguments: ``--readings``,
``--held-out``, ``--steps`` …, and ``--config`` takes settings as JSON: ``{"grpo": {"studies_per_step": 32}}``. A piece
remembers what it was made with and on which device, and ``table`` prints it.
"""

import argparse
import contextlib
import json
import logging
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks.loop import closed_loop_table
from benchmarks.loop.closed_loop_arms import ARMS, BASE_SET, Bench, SpoiledReader
from feedback_db.training import jobs, versions
from feedback_db.training.configuration import GrpoPhase, TrainingConfig
from train.policy.base import Policy
from train.policy.native import NativePolicy
from train.stages import grpo
from train.stages.cheaper_steps import step_arguments
from train.work import pipeline
from train.work.child import open_job
from train.work.environment import environment
from train.work.job import write_whole
from train.work.results import as_json

PIECES = Path(__file__).with_name("closed_loop_pieces")


def whole_config(given: argparse.Namespace, seed: int) -> TrainingConfig:
    """The defaults of the training page, but for what the command line sets."""
    config = TrainingConfig.model_validate({"evaluate": {"base_set": BASE_SET}, **given.config, "seed": seed})
    if given.steps is None:
        return config
    phases = tuple(phase.model_copy(update={"steps": given.steps}) for phase in config.grpo.phases)
    return config.model_copy(update={"grpo": config.grpo.model_copy(update={"phases": phases})})


def piece(given: argparse.Namespace, name: str, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The piece of this name, made where it is not there yet."""
    path = given.pieces / f"{name}.json"
    if path.exists():
        print(f"{name}: is there", flush=True)
        return dict(json.loads(path.read_text("utf-8")))
    started, processor = time.monotonic(), time.process_time()
    made = make()
    made["made_with"] = {
        "style": given.style,
        "site": given.site,
        "readings": given.readings,
        "held_out": given.held_out,
        "unread": given.unread,
        "model": fingerprint(given.model),
        "device": environment(given.device)["device"],
        "config": given.config,
    }
    made["seconds"] = round(time.monotonic() - started, 1)
    made["processor_seconds"] = round(time.process_time() - processor, 1)
    write_whole(path, _one_line_each(made))
    print(f"{name}: {made['seconds']} s, {made['processor_seconds']} of them processor", flush=True)
    return made


def _one_line_each(made: dict[str, Any]) -> str:
    """A piece as JSON with a line for each of its entries: thousands of scores, and a difference that can be read."""
    return (
        "{\n"
        + ",\n".join(f" {json.dumps(key)}: {json.dumps(value)}" for key, value in made.items())
        + "\n}\n"
    )


def fingerprint(model: str) -> str:
    """The base model's weights in sixteen digits: pieces of different models are never set side by side."""
    from lmrrg.reporters import VersionFolder
    from lmrrg.reporters.registry import folder_of

    return VersionFolder(folder_of(model)).weights_sha256()[:16]


def run_arms(given: argparse.Namespace) -> None:
    for seed in given.seed:
        bench = Bench(given, seed, given.work / f"arms-{seed}")
        for arm in given.arm:
            piece(given, f"arm-{arm}-seed{seed}", partial(bench.arm, arm, whole_config(given, seed)))


def run_rounds(given: argparse.Namespace) -> None:
    """Round 0 is the default model; each round signs drafts of the version that is live, then retrains."""
    for seed in given.seed:
        bench = Bench(given, seed, given.work / f"rounds-{seed}")
        piece(given, f"round-0-seed{seed}", bench.measure_live)
        for number in range(1, given.rounds + 1):
            piece(given, f"round-{number}-seed{seed}", partial(one_round, given, bench, seed, number))


def one_round(given: argparse.Namespace, bench: Bench, seed: int, number: int) -> dict[str, Any]:
    """Sign, retrain through the gate, measure what is live afterwards."""
    bench.sign(given.readings, round_number=number)
    outcome = retrain(bench, whole_config(given, seed))
    return {**bench.measure_live(), **outcome}


def retrain(bench: Bench, config: TrainingConfig) -> dict[str, Any]:
    """A job as the page asks for it, done in this process; its verdict and where the seconds went."""
    with bench.database.session() as session:
        asked = config.model_dump(mode="json")
        row = jobs.enqueue(session, requested_by=None, config=asked, reason="settings that are tried out")
        jobs.claim(session, worker="benchmark:0")
    outcome = pipeline.run(open_job(row.id, bench.settings, bench.database))
    with bench.database.session() as session:
        jobs.finish(
            session,
            job_id=row.id,
            worker="benchmark:0",
            status="succeeded",
            outcome=as_json(outcome),
            candidate_id=outcome.candidate_id,
        )
        live = versions.live(session).number
    return {
        "decision": outcome.decision,
        "reasons": outcome.reasons,
        "live": live,
        "stage_seconds": outcome.seconds,
        "stage_processor_seconds": outcome.processor_seconds,
    }


def run_spoiled(given: argparse.Namespace) -> None:
    """The held-out studies are signed by the honest reader; the training studies by the spoiled one."""
    for kind in given.kind:
        piece(given, f"spoiled-{kind}", partial(spoiled_round, given, kind))


def spoiled_round(given: argparse.Namespace, kind: str) -> dict[str, Any]:
    """Sign as nobody should, retrain; the gate has the word."""
    bench = Bench(given, 0, given.work / f"spoiled-{kind}")
    bench.sign(given.readings, round_number=1, reader=SpoiledReader(bench.reader, kind))
    return retrain(bench, whole_config(given, 0))


def plain_arguments(device: str) -> dict[str, Any]:
    """Trainer arguments with TRL's usual precision: bf16 on a GPU, float32 on a processor."""
    return {**step_arguments(device), "bf16": device.startswith("cuda")}


def run_speed(given: argparse.Namespace) -> None:
    """The same model, batch and steps with what ``cheaper_steps`` and the policy save, and as TRL does it."""

    def make() -> dict[str, Any]:
        bench = Bench(given, 0, given.work / "arms-0")
        rates = {}
        for name in ("ours", "plain TRL"):
            config = whole_config(given, 0)
            phase = GrpoPhase(steps=given.speed_steps, rewards={"radcliq_lite": 1.0, "guards": 0.3})
            # Drawing phantoms is not part of a step, and costs both the same.
            grpo_alone = config.grpo.model_copy(update={"phases": (phase,), "phantoms": 0})
            config = config.model_copy(update={"grpo": grpo_alone})
            with contextlib.ExitStack() as stack:
                if name == "plain TRL":
                    plain = mock.patch.object(NativePolicy, "while_reinforcing", Policy.while_reinforcing)
                    stack.enter_context(plain)
                    stack.enter_context(mock.patch.object(grpo, "step_arguments", plain_arguments))
                    stack.enter_context(mock.patch.object(grpo, "CreditingTrainer", grpo.GRPOTrainer))
                rates[name] = bench.grpo_rate(config, name.replace(" ", "-"))
        ratio = rates["ours"]["steps_per_processor_second"] / rates["plain TRL"]["steps_per_processor_second"]
        return {"rates": rates, "ratio": round(ratio, 2)}

    piece(given, "speed", make)


def main() -> int:
    """Run what is asked for; pieces that are there are passed over."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("part", choices=["arms", "rounds", "spoiled", "speed", "table"])
    parser.add_argument("--arm", nargs="+", choices=list(ARMS), default=list(ARMS))
    parser.add_argument("--kind", nargs="+", choices=SpoiledReader.KINDS, default=list(SpoiledReader.KINDS))
    parser.add_argument("--seed", nargs="+", type=int, default=[0, 1, 2])
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--readings", type=int, help="80 for arms, 40 a round otherwise")
    parser.add_argument("--held-out", type=int, default=300)
    parser.add_argument("--unread", type=int, default=80, help="studies of the site that nobody signs")
    parser.add_argument("--steps", type=int, help="of reinforcement; the page's default otherwise")
    parser.add_argument("--speed-steps", type=int, default=8)
    parser.add_argument("--site", default="C")
    parser.add_argument("--style", default="colleague")
    parser.add_argument("--model", default="default")
    parser.add_argument("--device", default="cpu")
    parser.add_argument(
        "--config", type=json.loads, default={}, help="settings that differ from the defaults"
    )
    parser.add_argument("--work", type=Path, default=Path("closed_loop_work"))
    parser.add_argument("--pieces", type=Path, default=PIECES)
    given = parser.parse_args()
    if given.readings is None:
        given.readings = 80 if given.part in ("arms", "speed") else 40
    logging.basicConfig(level=logging.WARNING)
    if given.part == "table":
        closed_loop_table.write(given.pieces)
        return 0
    {"arms": run_arms, "rounds": run_rounds, "spoiled": run_spoiled, "speed": run_speed}[given.part](given)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
