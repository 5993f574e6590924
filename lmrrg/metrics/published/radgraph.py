"""RadGraph F1 over graphs from an extractor. Knows graphs and their flavours, and nothing of how a graph is found."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from lmrrg.metrics.graphs import Flavour, ReportGraph, radcliq_graph_f1, radgraph_f1
from lmrrg.metrics.interface import Direction, Kind, paired

Annotate = Callable[[Sequence[str]], list[ReportGraph]]


@dataclass
class RadGraphF1:
    """RadGraph F1 in a published flavour, or RadCliQ's (``flavour="radcliq"``)."""

    annotate: Annotate
    flavour: Flavour | Literal["radcliq"] = "radcliq"
    direction: Direction = "higher"
    kind: Kind = "reference"

    @property
    def name(self) -> str:
        return f"radgraph_{self.flavour}"

    def score(self, candidates: Sequence[str], references: Sequence[str]) -> list[float]:
        pairs = paired(candidates, references)
        unique = sorted({*candidates, *references})
        graphs = dict(zip(unique, self.annotate(unique), strict=True))
        if self.flavour == "radcliq":
            return [radcliq_graph_f1(graphs[said], graphs[meant]).combined for said, meant in pairs]
        return [radgraph_f1(graphs[said], graphs[meant], self.flavour) for said, meant in pairs]
