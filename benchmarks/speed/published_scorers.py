"""How fast pairs are scored by weights, in one process and in several.

    python -m benchmarks.speed.published_scorers [--processes 1 2 4] [--published FOLDER…] [--device cuda]

Pairs are as reinforcement makes them: eight drafts for each signed report, all of them Indiana reports (read where they
lie). Without ``--published`` the weights are random ones of the published size, which do the same work for a piece of
text but know each word as one piece; real ones need some more. The machine's cores are shared between the processes, so
one process uses all of them as well as it can. Texts that were scored are not scored again.
"""

import argparse
import random
import tempfile
import time
from pathlib import Path

from benchmarks.machine import describe_machine
from benchmarks.metrics.labeler import read_reports
from lmrrg.metrics.published.scorers import PublishedScorers
from tests.published_weights import Size, save_all

DRAFTS = 8
PUBLISHED_SIZE = Size(
    hidden=768,
    layers=12,
    bertscore_layers=6,
    heads=12,
    longest=512,
    pieces=512,
    span=8,
    width_vector=20,
    scorer=150,
)


def pairs(reports: list[str], count: int) -> tuple[list[str], list[str]]:
    """``count`` drafts and their signed reports, eight drafts each, no draft twice; they are taken off ``reports``."""
    drafts, signed = (
        [reports.pop() for _ in range(count)],
        [reports.pop() for _ in range(-(-count // DRAFTS))],
    )
    return drafts, [signed[number // DRAFTS] for number in range(count)]


def measure(folders: list[Path], names: list[str], given: argparse.Namespace) -> None:
    """A line for each number of processes: the best of the rounds, which take turns on a machine that others use."""
    reports = list(dict.fromkeys(str(row["report"]) for row in read_reports()))
    random.Random(0).shuffle(reports)
    every = {
        count: PublishedScorers(folders, names, device=given.device, processes=count)
        for count in given.processes
    }
    took: dict[int, list[float]] = {count: [] for count in every}
    for number in range(given.rounds + 1):
        for count, scorers in every.items():
            said, signed = pairs(reports, given.pairs if number else DRAFTS * count)
            begun = time.perf_counter()
            scorers.scores(said, signed)
            if number:  # the first only has every process load its weights
                took[count].append((time.perf_counter() - begun) / len(said))
    alone = min(took[given.processes[0]])
    for count, scorers in every.items():
        best = min(took[count])
        print(
            f"{', '.join(names):14}{count:>10}{best:>14.3f}{1 / best:>12.1f}{alone / best:>10.2f}", flush=True
        )
        scorers.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--processes", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--pairs", type=int, default=64, help="in each round")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--published", type=Path, nargs="+")
    parser.add_argument("--device", default="cpu")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        folders = given.published or [save_all(Path(made), PUBLISHED_SIZE)]
        whose = "published weights" if given.published else "random weights of the published size"
        print(
            f"{given.pairs} pairs a round, {DRAFTS} drafts a signed report, the best of {given.rounds} rounds"
        )
        print(f"{whose}, on {given.device}")
        print(f"{'score':14}{'processes':>10}{'s a pair':>14}{'pairs/s':>12}{'times':>10}")
        for names in (["radcliq_v1"], ["ratescore"]):
            measure(folders, names, given)
    print(describe_machine())


if __name__ == "__main__":
    main()
