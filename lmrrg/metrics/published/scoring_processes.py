"""Several processes that do one piece of work on slices of a list; answers come in the list's order.

A process is started afresh (nothing is forked), loads what its work needs when the first slice arrives, and ends when
whoever started it does. Knows nothing of reports or scores.
"""

import os
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import connection, get_context, parent_process
from typing import TypeVar

import torch

from lmrrg.errors import ScoringError

T = TypeVar("T")
R = TypeVar("R")
_SLICES_EACH = 4  # more than one, so that a process with short texts takes over from one with long ones


def _begin(threads: int) -> None:
    """What each process does first: share the cores, and end with its parent."""
    torch.set_num_threads(threads)
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        os._exit(1)


class ScoringProcesses:
    """``count`` processes, started when they are first needed. A copy in another process starts its own."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._executor: ProcessPoolExecutor | None = None

    def __getstate__(self) -> dict[str, object]:
        return self.__dict__ | {"_executor": None}

    def __call__(self, work: Callable[[Sequence[T]], list[R]], items: Sequence[T]) -> list[R]:
        """The answers of ``work``, one for each item, in the items' order; it travels to the processes by pickle.

        Raises:
            ScoringError: a process died; the next call starts new ones.
        """
        if not items:
            return []
        size = -(-len(items) // (self.count * _SLICES_EACH))
        slices = [items[start : start + size] for start in range(0, len(items), size)]
        try:
            return [answer for part in self._started().map(work, slices) for answer in part]
        except BrokenProcessPool as error:
            self.close()
            raise ScoringError(
                f"A scoring process ended in the middle of its work, most likely because memory ran out: each of the "
                f"{self.count} holds the weights of every scorer. Ask for fewer processes (--processes, "
                "LMRRG_SCORING_PROCESSES), or give the machine more memory, and score again."
            ) from error

    def close(self) -> None:
        """End the processes."""
        if self._executor:
            self._executor.shutdown(cancel_futures=True)
            self._executor = None

    def _started(self) -> ProcessPoolExecutor:
        if self._executor is None:
            threads = max(1, torch.get_num_threads() // self.count)
            self._executor = ProcessPoolExecutor(
                self.count, mp_context=get_context("spawn"), initializer=_begin, initargs=(threads,)
            )
        return self._executor
