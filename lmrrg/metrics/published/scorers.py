"""The published scores that a user's folders allow: which they are, and each of them for every pair.

RadCliQ's parts are shared: a report is read once by each model, whatever is made of it. Several processes may do it
(``scoring_processes``); a pair that was scored is remembered, since reinforcement asks for the same texts again. How a
part's weights lie is known to ``weights``.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import TypeVar

import torch
from transformers.utils import logging

from lmrrg.errors import ScoringError
from lmrrg.metrics.categories import Label
from lmrrg.metrics.graphs import ReportGraph, radcliq_graph_f1, radgraph_f1
from lmrrg.metrics.interface import Direction, Kind, paired
from lmrrg.metrics.published import weights
from lmrrg.metrics.published.bertscore import load_bertscore
from lmrrg.metrics.published.chexbert import load_chexbert
from lmrrg.metrics.published.radgraph_extractor import load_extractor
from lmrrg.metrics.published.rate_models import load_ratescore
from lmrrg.metrics.published.scoring_processes import ScoringProcesses
from lmrrg.metrics.radcliq import RADCLIQ_V0, RADCLIQ_V1
from lmrrg.metrics.words import bleu2_of_words, radcliq_words

_RADCLIQ = ("radgraph", "bertscore", "chexbert")
# Score → the parts that it needs, in the order of the table.
NEEDS: Mapping[str, tuple[str, ...]] = {
    "radcliq_v1": _RADCLIQ,
    "radcliq_v0": _RADCLIQ,
    "radgraph_radcliq": ("radgraph",),
    "radgraph_partial": ("radgraph",),
    "bertscore": ("bertscore",),
    "semb": ("chexbert",),
    "ratescore": ("ratescore/recogniser", "ratescore/embedder"),
}
_LOWER = {"radcliq_v1", "radcliq_v0"}
_MOST_REMEMBERED = 1 << 16

T = TypeVar("T")
R = TypeVar("R")
Pair = tuple[str, str]
Scores = dict[str, float]
Labels = dict[str, Label | None]


@dataclass(frozen=True, slots=True)
class Sources:
    """What a process must know to load the scorers: each part's user folder, and the device."""

    folders: tuple[tuple[str, Path], ...]
    device: str = "cpu"

    @property
    def parts(self) -> frozenset[str]:
        return frozenset(part for part, _ in self.folders)

    @property
    def names(self) -> tuple[str, ...]:
        """The scores that these parts allow."""
        return tuple(name for name, parts in NEEDS.items() if self.parts.issuperset(parts))


class _Loaded:
    """The scorers of the parts that are there, in this process."""

    def __init__(self, sources: Sources) -> None:
        logging.disable_progress_bar()
        at, device = dict(sources.folders), sources.device
        self.names = sources.names
        self.extractor = load_extractor(at["radgraph"], device=device) if "radgraph" in at else None
        self.bertscore = load_bertscore(at["bertscore"], device=device) if "bertscore" in at else None
        self.chexbert = load_chexbert(at["chexbert"], device=device) if "chexbert" in at else None
        rated = "ratescore" in self.names
        models = [at[part] for part in NEEDS["ratescore"]] if rated else []
        self.ratescore = load_ratescore(*models, device=device) if rated else None

    def scores(self, pairs: Sequence[Pair]) -> list[Scores]:
        said, meant = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
        columns: dict[str, list[float]] = {}
        if self.extractor:
            unique = sorted({*said, *meant}, key=len)  # alike in length: little padding
            graphs: dict[str, ReportGraph] = dict(zip(unique, self.extractor(unique), strict=True))
            both = [(graphs[one], graphs[other]) for one, other in pairs]
            columns["radgraph_radcliq"] = [radcliq_graph_f1(*graph).combined for graph in both]
            columns["radgraph_partial"] = [radgraph_f1(*graph, "partial") for graph in both]
        for name, metric in (
            ("bertscore", self.bertscore),
            ("semb", self.chexbert),
            ("ratescore", self.ratescore),
        ):
            if metric:
                columns[name] = metric.score(said, meant)
        if "radcliq_v1" in self.names:
            bleu = [bleu2_of_words(radcliq_words(one), [radcliq_words(other)]) for one, other in pairs]
            rows = list(
                zip(columns["radgraph_radcliq"], columns["bertscore"], columns["semb"], bleu, strict=True)
            )
            columns["radcliq_v1"] = [RADCLIQ_V1(*row) for row in rows]
            columns["radcliq_v0"] = [RADCLIQ_V0(*row) for row in rows]
        return [{name: columns[name][row] for name in self.names} for row in range(len(pairs))]


@lru_cache(maxsize=1)
def _loaded(sources: Sources) -> _Loaded:
    return _Loaded(sources)


def _score(sources: Sources, pairs: Sequence[Pair]) -> list[Scores]:
    return _loaded(sources).scores(pairs)


def _label(sources: Sources, reports: Sequence[str]) -> list[Labels]:
    chexbert = _loaded(sources).chexbert
    return chexbert.label_reports(reports) if chexbert and reports else []


class PublishedScorers:
    """The published scores of a user's folders; the first folder that has a part gives it.

    Attributes:
        names: the scores that can be had: those asked for, or all that the folders allow.

    Raises:
        ScoringError: a score that is asked for lacks weights, or no folder has those of any.
    """

    def __init__(
        self,
        folders: Iterable[Path],
        names: Sequence[str] | None = None,
        *,
        device: str = "cpu",
        processes: int = 1,
    ) -> None:
        folders = tuple(folders)
        wanted = weights.PARTS if names is None else {part for name in names for part in NEEDS[name]}
        found = {
            part: folder
            for part in weights.PARTS
            for folder in reversed(folders)
            if part in wanted and weights.is_there(folder, part)
        }
        self.sources = Sources(tuple(found.items()), device)
        self.names = self.sources.names if names is None else tuple(names)
        lacking = [part for part in weights.PARTS if part in wanted and part not in found]
        if lacking and (names is not None or not self.names):
            said = (
                f"{', '.join(names)} cannot be computed"
                if names
                else "There are no published scorer's weights"
            )
            where = f" in {' or '.join(map(str, folders))}" if folders else ""
            raise ScoringError(f"{said}{where}. {weights.wanted(*lacking)}")
        try:
            torch.empty(0, device=device)
        except (RuntimeError, AssertionError) as error:
            raise ScoringError(f"There is no device “{device}” here: name cpu, cuda or cuda:1.") from error
        self._known: dict[Pair, Scores] = {}
        self._processes = ScoringProcesses(processes) if processes > 1 else None

    def scores(self, candidates: Sequence[str], references: Sequence[str]) -> list[Scores]:
        """For each pair every score by its name. Raises ScoringError where weights cannot be loaded."""
        pairs = paired(candidates, references)
        new = [pair for pair in dict.fromkeys(pairs) if pair not in self._known]
        if len(self._known) + len(new) > _MOST_REMEMBERED:
            self._known.clear()
            new = list(dict.fromkeys(pairs))
        self._known.update(zip(new, self._asked(partial(_score, self.sources), new), strict=True))
        return [self._known[pair] for pair in pairs]

    def metrics(self) -> list["PublishedMetric"]:
        """Every score that can be had, in the order of the table."""
        return [PublishedMetric(self, name, "lower" if name in _LOWER else "higher") for name in self.names]

    def lacking(self) -> dict[str, list[str]]:
        """The parts that no folder has, each with the published scores that cannot be had without it."""
        return {
            part: [name for name, needed in NEEDS.items() if part in needed]
            for part in weights.PARTS
            if part not in self.sources.parts
        }

    def what_is_lacking(self) -> str:
        """A line for each part that no folder has; empty where nothing is lacking."""
        return "".join(
            f"Without {', '.join(names)}: {weights.wanted(part)}\n" for part, names in self.lacking().items()
        )

    def labels(self, reports: Sequence[str]) -> list[Labels]:
        """CheXbert's fourteen labels of each report. Raises ScoringError where its weights are not there."""
        if "chexbert" not in self.sources.parts:
            raise ScoringError(f"Reports cannot be labelled. {weights.wanted('chexbert')}")
        return self._asked(partial(_label, self.sources), reports)

    def _asked(self, work: Callable[[Sequence[T]], list[R]], items: Sequence[T]) -> list[R]:
        return self._processes(work, items) if self._processes else work(items)

    def close(self) -> None:
        """End the processes that score, where there are any."""
        if self._processes:
            self._processes.close()


@dataclass(frozen=True, slots=True)
class PublishedMetric:
    """One published score of ``scorers``, as a metric."""

    scorers: PublishedScorers
    name: str
    direction: Direction
    kind: Kind = "reference"

    def score(self, candidates: Sequence[str], references: Sequence[str]) -> list[float]:
        return [scores[self.name] for scores in self.scorers.scores(candidates, references)]
