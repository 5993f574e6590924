"""Thousands of damaged and lying files through the door that uploads use: does anything but the file suffer?

    python -m benchmarks.imaging.fuzz_intake [--files 20000] [--seed 0] [--at-once 6] [--only NUMBER…]

Each file of ``mutations`` goes through ``receive_untrusted``, a few at once as on a server. Prints outcomes and
reasons, the time that files took, how many ended the child that decoded them, how many ran into the limit of time,
the most memory that this process and any decoding child were seen with, and whether the process that forks the
children is still the first one. Starts from ``sample_files`` and, where it is there, from radiographs of the shared
data up to 300 kB. Names on the error stream the numbers of the files that ended a child. Ended early by Ctrl-C or
SIGTERM it prints what was done until then. ``--only`` takes single files of a series again, each alone, and prints
what becomes of it, with the processor time of its child.
"""

import argparse
import itertools
import json
import resource
import signal
import sys
import threading
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.imaging.bombs import outcome_of
from benchmarks.imaging.mutations import mutated
from benchmarks.imaging.sample_files import samples
from benchmarks.machine import describe_machine
from benchmarks.outside import shared_folder
from lmrrg.errors import IntakeError
from lmrrg.imaging import receive_untrusted
from lmrrg.imaging.door import untrusted

LARGEST_START = 300_000
DIED, LATE = "The file could not be decoded:", "The file takes too long"


class Watch(threading.Thread):
    """Looks every few milliseconds how much memory the decoder's children have taken at their most."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most_kilobytes = 0

    def run(self) -> None:
        while True:
            time.sleep(0.005)
            process = untrusted._decoders._process
            if process is None:
                continue
            try:
                children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
                for child in children:
                    status = Path(f"/proc/{child}/status").read_text()
                    peak = int(status.split("VmHWM:")[1].split()[0])
                    self.most_kilobytes = max(self.most_kilobytes, peak)
            except (OSError, IndexError):
                continue


def starts() -> list[bytes]:
    files = list(samples().values())
    shared = shared_folder()
    for path in sorted((shared / "data/dicom").rglob("*.dcm")) if shared else ():
        if path.stat().st_size <= LARGEST_START:
            try:
                receive_untrusted(path)
            except IntakeError:
                continue
            files.append(path.read_bytes())
    return files


def _through_the_door(data: bytes) -> tuple[str, str]:
    """(outcome, reason) of one file."""
    try:
        receive_untrusted(data)
    except IntakeError as error:
        return type(error).__name__, str(error)
    except Exception as error:
        return f"NOT OURS: {type(error).__name__}", str(error)
    return "opened", ""


class Series(threading.Thread):
    """One of several that share the numbers of the files to make; ``stop`` ends it after the file at hand."""

    def __init__(
        self, beginnings: Sequence[bytes], numbers: "itertools.count[int]", last: int, seed: int
    ) -> None:
        super().__init__(daemon=True)
        self.beginnings, self.numbers, self.last, self.seed = beginnings, numbers, last, seed
        self.stop = threading.Event()
        self.done: list[tuple[str, str, float]] = []

    def run(self) -> None:
        while not self.stop.is_set() and (number := next(self.numbers)) < self.last:
            data = mutated(self.beginnings, number, self.seed)
            start = time.perf_counter()
            outcome, reason = _through_the_door(data)
            self.done.append((outcome, reason, time.perf_counter() - start))
            if outcome.startswith("NOT OURS") or reason.startswith((DIED, LATE)):
                print(f"file {number}: {outcome}: {reason}", file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--at-once", type=int, default=6)
    parser.add_argument("--only", type=int, nargs="+", default=[], metavar="NUMBER")
    args = parser.parse_args()
    beginnings = starts()
    if args.only:
        for number in args.only:
            words, seconds, megabytes = outcome_of(mutated(beginnings, number, args.seed))
            told = (
                json.loads(words)["message"]
                if '"error"' in words
                else "opened"
                if words
                else "its child died"
            )
            print(f"file {number} alone: {seconds:.2f} CPU s, {megabytes:.0f} MB, {told}")
        return
    watch = Watch()
    watch.start()
    receive_untrusted(beginnings[0])
    first = untrusted._decoders._process.pid
    numbers = itertools.count()
    began = time.perf_counter()
    running = [Series(beginnings, numbers, args.files, args.seed) for _ in range(args.at_once)]
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        for one in running:
            one.start()
        while any(one.is_alive() for one in running):
            time.sleep(5)
            print(f"{sum(len(one.done) for one in running)} files", end="\r", file=sys.stderr, flush=True)
    except KeyboardInterrupt:  # ended early: what was done until then counts
        for one in running:
            one.stop.set()
    for one in running:
        one.join()
    same = untrusted._decoders._process.pid == first
    done = [entry for one in running for entry in one.done]
    report(done, time.perf_counter() - began)
    print(f"most memory of a decoding child, as seen every 5 ms: {watch.most_kilobytes / 1024:.0f} MB")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"most memory of this process, which stands for the server: {own / 1024:.0f} MB")
    print(
        f"the process that forks them: {'the first one, all the way' if same else 'HAD TO BE STARTED AGAIN'}"
    )
    print(
        f"from {len(beginnings)} good files, seed {args.seed}, {args.at_once} at once; {describe_machine()}"
    )


def report(done: Sequence[tuple[str, str, float]], took: float) -> None:
    """Print (outcome, reason, seconds) of each file as counts."""
    outcomes = Counter(outcome for outcome, _, _ in done)
    reasons = Counter(reason for _, reason, _ in done if reason)
    seconds = np.array([each for _, _, each in done])
    print(f"{len(done)} files in {took:.0f} s")
    for outcome, count in outcomes.most_common():
        print(f"  {count:6d}  {outcome}")
    strange = sum(count for outcome, count in outcomes.items() if outcome.startswith("NOT OURS"))
    died = sum(count for reason, count in reasons.items() if reason.startswith(DIED))
    late = sum(count for reason, count in reasons.items() if reason.startswith(LATE))
    print(
        f"errors that are not ours: {strange}; children that died of their file: {died}; stopped by time: {late}"
    )
    over = int((seconds > untrusted.WALL_SECONDS + 1).sum())
    p50, p99 = np.percentile(seconds, (50, 99))
    print(
        f"seconds a file: {p50:.3f} (p50), {p99:.3f} (p99), {seconds.max():.2f} (most); "
        f"{over} over the limit of {untrusted.WALL_SECONDS:.0f}"
    )
    print(f"{len(reasons)} reasons, the twenty most frequent:")
    for reason, count in reasons.most_common(20):
        print(f"  {count:6d}  {reason}")


if __name__ == "__main__":
    main()
