"""A report's RadGraph-style graph by rules: entities with their labels, and modify, located_at, suggestive_of.

Follows RadGraph's habits of annotation: one entity a word, the first word of a structure is its head ("angles"
modifies "costophrenic"), an observation's modifiers share its label, "pleural" in "pleural effusion" is
anatomy. Rules only; cached per sentence. It is no RadGraph model: scores over it are named ``radgraph_lite``.
"""

from dataclasses import dataclass, field

from lmrrg.metrics.graphs import Entity, ReportGraph
from lmrrg.metrics.lite.parsing import ParsedSentence, parse_sentence
from lmrrg.metrics.lite.remembering import remembered
from lmrrg.metrics.lite.report_sentences import split_sentences
from lmrrg.metrics.lite.scope import Match, label_of
from lmrrg.profiles import Profile
from lmrrg.profiles.lexicon import Lexicon

_LABEL = {
    "positive": "Observation::definitely present",
    "negative": "Observation::definitely absent",
    "uncertain": "Observation::uncertain",
}
_ANATOMY = "Anatomy::definitely present"
_LINKING_WORDS = frozenset(
    {"consistent", "compatible", "suggest", "suggesting", "suggestive", "represent", "reflect", "concerning"}
    | {"representing", "reflecting", "suspicious", "worrisome", "indicative", "related", "due", "secondary"}
)
_SILENT = frozenset({"of", "in", "the", "and", "is", "are", "at", "has", "have", "a", "to", "for", "size"})


@dataclass(slots=True)
class _Node:
    """An entity under construction; ``links`` are (relation, index of the target)."""

    first: int
    label: str
    clause: int
    links: list[tuple[str, int]] = field(default_factory=list)


@remembered(1 << 13)
def extract_graph(report: str, profile: Profile) -> ReportGraph:
    """The graph of a report; spans are characters of the report. Never fails, whatever the text."""
    entities: list[Entity] = []
    for sentence in split_sentences(report, profile):
        base = len(entities)
        for entity in _sentence_graph(sentence.text, profile):
            start, end = entity.span
            entities.append(
                Entity(
                    entity.tokens,
                    entity.label,
                    tuple((kind, base + target) for kind, target in entity.relations),
                    (start + sentence.start, end + sentence.start),
                )
            )
    return ReportGraph(tuple(entities))


@remembered(1 << 16)
def _sentence_graph(text: str, profile: Profile) -> tuple[Entity, ...]:
    parsed = parse_sentence(text, profile)
    builder = _Builder(parsed, profile.lexicon)
    builder.build()
    entities = []
    for node in builder.nodes:
        token = parsed.tokens[node.first]
        links = tuple(dict.fromkeys(node.links))
        entities.append(Entity(text[token.start : token.end], node.label, links, (token.start, token.end)))
    return tuple(entities)


class _Builder:
    """Turns one parsed sentence into nodes: heads first, then modifiers, then places and suggestions."""

    def __init__(self, parsed: ParsedSentence, lexicon: Lexicon) -> None:
        self.parsed = parsed
        self.lexicon = lexicon
        self.nodes: list[_Node] = []
        self.observed: list[int] = []  # heads of observations, as indices of nodes
        self.structures: list[int] = []  # heads of structures
        self.inner: list[int] = []  # structures within an observation's own phrase
        self.modifiers: list[tuple[int, str]] = []  # (node, kind)

    def build(self) -> None:
        taken = {index for match in self.parsed.matches for index in range(match.first, match.last + 1)}
        by_first = {match.first: match for match in self.parsed.matches}
        for index, token in enumerate(self.parsed.tokens):
            match = by_first.get(index)
            if match is not None:
                self._add_match(match)
            elif index not in taken and token.lemma in self.lexicon.descriptors:
                self.modifiers.append((self._node(index, ""), "descriptor"))
        self._attach_modifiers()
        self._place_observations()
        self._link_suggestions()
        for node in self.nodes:
            node.label = node.label or _LABEL["positive"]

    def _node(self, index: int, label: str) -> int:
        self.nodes.append(_Node(index, label, self.parsed.clause_of[index]))
        return len(self.nodes) - 1

    def _label(self, match: Match) -> str:
        parsed = self.parsed
        label = label_of(parsed.tokens, parsed.matches, parsed.clause_of, match.first, match.last)
        return _LABEL[label or "uncertain"]

    def _is_anatomy(self, lemma: str) -> bool:
        node = self.lexicon.trie.next.get(lemma)
        return node is not None and any(sense.kind == "anatomy" for sense in node.senses)

    def _words(self, match: Match) -> list[int]:
        tokens = self.parsed.tokens
        return [index for index in range(match.first, match.last + 1) if tokens[index].lemma not in _SILENT]

    def _add_match(self, match: Match) -> None:
        kinds = match.kinds
        if "observation" in kinds:
            self._add_observation(match)
        elif "anatomy" in kinds and kinds.get("zone") in (None, "angle", "perihilar"):
            self._add_structure(match)
        elif "state" in kinds and "severity" not in kinds:
            self._add_state(match)
        elif "side" in kinds or "zone" in kinds:
            kind = "side" if "side" in kinds else "zone"
            words = self._words(match)
            nodes = [self._node(index, _ANATOMY) for index in words]
            if kind == "zone" and len(nodes) > 1:
                # "lower lobe": the structure is the lobe
                for node in nodes[:-1]:
                    self.nodes[node].links.append(("modify", nodes[-1]))
                self.structures.append(nodes[-1])
            else:
                self.modifiers += [(node, kind) for node in nodes]
        elif "severity" in kinds or "change" in kinds:
            self.modifiers += [(self._node(index, ""), "grade") for index in self._words(match)]

    def _add_observation(self, match: Match) -> None:
        label = self._label(match)
        words = self._words(match)
        tokens = self.parsed.tokens
        seen = [index for index in words if not self._is_anatomy(tokens[index].lemma)] or words[-1:]
        head = -1
        parts: list[tuple[int, bool]] = []
        for index in words:
            anatomy = index not in seen
            node = self._node(index, _ANATOMY if anatomy else label)
            parts.append((node, anatomy))
            if index == seen[-1]:
                head = node
        for node, anatomy in parts:
            if anatomy:
                self.inner.append(node)
                self.nodes[head].links.append(("located_at", node))
            elif node != head:
                self.nodes[node].links.append(("modify", head))
        self.observed.append(head)

    def _add_structure(self, match: Match) -> None:
        words = self._words(match) or [match.first]
        nodes = [self._node(index, _ANATOMY) for index in words]
        for node in nodes[1:]:
            self.nodes[node].links.append(("modify", nodes[0]))
        self.structures.append(nodes[0])

    def _add_state(self, match: Match) -> None:
        label = self._label(match)
        words = self._words(match) or [match.first]
        tokens = self.parsed.tokens
        nodes = [self._node(index, label) for index in words]
        lemmas = [tokens[index].lemma for index in words]
        head = nodes[lemmas.index("normal")] if "normal" in lemmas else nodes[0]
        for node in nodes:
            if node != head:
                self.nodes[node].links.append(("modify", head))
        self.observed.append(head)

    def _nearest(self, node: int, among: list[int]) -> int | None:
        """The nearest of some heads in the node's clause, those that follow first."""
        clause, first = self.nodes[node].clause, self.nodes[node].first
        same = [other for other in among if self.nodes[other].clause == clause and other != node]
        after = [other for other in same if self.nodes[other].first > first]
        if after:
            return min(after, key=lambda other: self.nodes[other].first)
        return max(same, key=lambda other: self.nodes[other].first, default=None)

    def _attach_modifiers(self) -> None:
        for node, kind in self.modifiers:
            if kind in ("side", "zone"):
                target = self._nearest(node, self.structures + self.inner)
                if target is not None:
                    self.nodes[node].links.append(("modify", target))
                else:
                    self.structures.append(node)
                continue
            target = self._nearest(node, self.observed)
            if target is None:
                target = self._nearest(node, self.structures)
            if target is not None:
                label = self.nodes[target].label
                self.nodes[node].label = label if label != _ANATOMY else _LABEL["positive"]
                self.nodes[node].links.append(("modify", target))

    def _place_observations(self) -> None:
        """Every observation lies at the structures of its clause up to the next observation, else at those before."""
        for number, head in enumerate(self.observed):
            node = self.nodes[head]
            before = self.nodes[self.observed[number - 1]].first if number else -1
            same = [other for other in self.structures if self.nodes[other].clause == node.clause]
            preceding = [other for other in same if before < self.nodes[other].first < node.first]
            following = [other for other in same if self.nodes[other].first > node.first]
            if number + 1 < len(self.observed):
                stop = self.nodes[self.observed[number + 1]].first
                following = [other for other in following if self.nodes[other].first < stop]
            for other in preceding or following:
                node.links.append(("located_at", other))

    def _link_suggestions(self) -> None:
        tokens = self.parsed.tokens
        for one, other in zip(self.observed, self.observed[1:], strict=False):
            between = range(self.nodes[one].first + 1, self.nodes[other].first)
            if any(tokens[index].lemma in _LINKING_WORDS for index in between):
                self.nodes[one].links.append(("suggestive_of", other))
