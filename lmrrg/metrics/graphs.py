"""RadGraph's schema, and its F1 in every published flavour, exact and without a model.

Schema: Jain et al., NeurIPS Datasets 2021 (entities *Anatomy* or *Observation*, present, absent or uncertain;
relations modify, located_at, suggestive_of). Flavours: ``simple``, ``partial``, ``complete`` as in
Stanford-AIMI/radgraph's rewards.py (from 0.1.19 without regard to case, before with), and the mean of entity and
relation F1 that RadCliQ uses (CXR-Report-Metric: sets, case-sensitive, 0 where either side is empty).
Knows graphs only: the rule-based extractor is ``graph_extraction``.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from typing import Any, Literal

Flavour = Literal["simple", "partial", "complete"]
FLAVOURS: tuple[Flavour, ...] = ("simple", "partial", "complete")


@dataclass(frozen=True, slots=True)
class Entity:
    """A span of words with its label; ``relations`` point to other entities by their index in the graph."""

    tokens: str
    label: str
    relations: tuple[tuple[str, int], ...] = ()
    span: tuple[int, int] = (0, 0)


@dataclass(frozen=True, slots=True)
class ReportGraph:
    """A report's entities in the order of the text."""

    entities: tuple[Entity, ...]

    @classmethod
    def from_radgraph(cls, annotation: Mapping[str, Any]) -> "ReportGraph":
        """The graph of one annotation in RadGraph's JSON (``{"text": …, "entities": {"1": {…}}}``)."""
        table = annotation["entities"]
        index_of = {key: index for index, key in enumerate(table)}
        return cls(
            tuple(
                Entity(
                    entry["tokens"],
                    entry["label"],
                    tuple((kind, index_of[target]) for kind, target in entry["relations"]),
                    (entry["start_ix"], entry["end_ix"]),
                )
                for entry in table.values()
            )
        )


def _facts(graph: ReportGraph, flavour: Flavour, *, fold_case: bool) -> set[tuple[object, ...]]:
    """What a flavour compares, as a set."""
    name = str.lower if fold_case else str
    facts: set[tuple[object, ...]] = set()
    for entity in graph.entities:
        tokens = name(entity.tokens)
        if flavour == "simple":
            facts.add((tokens, entity.label))
        elif flavour == "partial":
            facts.add((tokens, entity.label, bool(entity.relations)))
        elif not entity.relations:
            facts.add((tokens, entity.label))
        else:
            # relations were compared without regard to case in every version
            for kind, target in entity.relations:
                other = graph.entities[target].tokens.lower()
                facts.add((entity.tokens.lower(), entity.label, kind, other))
    return facts


def set_f1(candidate: Set[object], reference: Set[object]) -> float:
    """2·|both| ÷ (|candidate| + |reference|) of two sets; 0 where either is empty."""
    if not candidate or not reference:
        return 0.0
    return 2 * len(candidate & reference) / (len(candidate) + len(reference))


def radgraph_f1(
    candidate: ReportGraph, reference: ReportGraph, flavour: Flavour, *, fold_case: bool = True
) -> float:
    """RadGraph F1, 0 … 1, in one of the three published flavours (``fold_case=False``: up to 0.1.18)."""
    return set_f1(
        _facts(candidate, flavour, fold_case=fold_case), _facts(reference, flavour, fold_case=fold_case)
    )


def _relations(graph: ReportGraph) -> set[tuple[object, ...]]:
    found: set[tuple[object, ...]] = set()
    for entity in graph.entities:
        for kind, target in entity.relations:
            other = graph.entities[target]
            found.add((entity.tokens, entity.label, kind, other.tokens, other.label))
    return found


@dataclass(frozen=True, slots=True)
class RadCliqGraphScore:
    """RadCliQ's RadGraph component and its two halves."""

    entity_f1: float
    relation_f1: float

    @property
    def combined(self) -> float:
        return (self.entity_f1 + self.relation_f1) / 2


def radcliq_graph_f1(candidate: ReportGraph, reference: ReportGraph) -> RadCliqGraphScore:
    """Entity and relation F1 as in CXR-Report-Metric: a report without any relation can reach no more than ½."""
    return RadCliqGraphScore(
        set_f1(_facts(candidate, "simple", fold_case=False), _facts(reference, "simple", fold_case=False)),
        set_f1(_relations(candidate), _relations(reference)),
    )
