"""RadGraph's extractor: a report's entities and relations by the published weights.

A DyGIE++ span model (Wadden et al., EMNLP 2019) as Stanford-AIMI/radgraph 0.1.18 runs it, without the copy of AllenNLP
that comes with it: BERT → words → spans → entity labels; the best half as many spans as words → relations between
them. Checked entity by entity against that package (``test_radgraph_extractor.py``). Coreference and events are
in the published weights too and play no part. Scores nothing: that is ``radgraph``'s.

The package's own copy in RadEval 2.2.1 cannot be imported where names of files have capitals, and brings fifty other
packages.
"""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn
from transformers import AutoConfig, AutoModel, AutoTokenizer

from lmrrg.metrics.graphs import Entity, ReportGraph
from lmrrg.metrics.published.weights import complete, misfit

PART = "radgraph"
_EMBEDDER = "_embedder.token_embedder_bert._matched_embedder.transformer_model."
_SPLIT_LIKE_WORDPUNCT = re.compile(r"\w+|[^\w\s]+")
_FIRST_RADGRAPH_SPLITS = re.compile(r"(?<! )(?=[/,:.!?()])|(?<=[/,:.!?()])(?! )")
_XL_APART = ((").", ") ."), ("%.", "% ."), (".'", ". '"), ("%,", "% ,"), ("%)", "% )"))


def split_words(report: str, model: str) -> list[str]:
    """The report's words as the model of this name was trained on; of an empty one the word "None", as published."""
    if model == "radgraph":
        return _FIRST_RADGRAPH_SPLITS.sub(" ", report).split() or ["None"]
    text = " ".join(_SPLIT_LIKE_WORDPUNCT.findall(report))
    for joined, apart in _XL_APART:
        text = text.replace(joined, apart)
    return text.split() or ["None"]


class _Scorer(nn.Module):
    """Linear layers with ReLU between them, and a last one without."""

    def __init__(self, weights: dict[str, torch.Tensor], hidden: str, last: str) -> None:
        super().__init__()
        count = sum(
            name.startswith(f"{hidden}._linear_layers.") and name.endswith(".weight") for name in weights
        )
        names = [f"{hidden}._linear_layers.{number}" for number in range(count)] + [last]
        self.layers = nn.ModuleList(_linear(weights, name) for name in names)

    def forward(self, values: torch.Tensor) -> torch.Tensor:
        for layer in self.layers[:-1]:
            values = torch.relu(layer(values))
        scores: torch.Tensor = self.layers[-1](values)
        return scores


def _linear(weights: dict[str, torch.Tensor], name: str) -> nn.Linear:
    weight = weights[f"{name}.weight"]
    layer = nn.Linear(weight.shape[1], weight.shape[0])
    layer.load_state_dict({"weight": weight, "bias": weights[f"{name}.bias"]})
    return layer


class _Pieces(NamedTuple):
    """A report's word pieces cut to the encoder's length, and for each word its first and last piece (or None)."""

    segments: list[list[int]]
    of_words: list[tuple[int, int] | None]


@dataclass
class RadGraphExtractor:
    """Entities and relations of reports.

    Attributes:
        model: the name that the weights' vocabulary bears: ``radgraph`` or ``radgraph-xl``.
        entity_labels: by index; the first is none. relation_labels: by index.
        segment_length: pieces that the encoder reads at once, its two special ones among them.
    """

    model: str
    encoder: nn.Module
    tokenizer: Any
    widths: torch.Tensor
    entities: nn.Module
    pruner: nn.Module
    relations: nn.Module
    entity_labels: list[str]
    relation_labels: list[str]
    segment_length: int
    spans_per_word: float
    batch_size: int = 16

    def __call__(self, reports: Sequence[str]) -> list[ReportGraph]:
        """One graph for each report, in order."""
        found: list[ReportGraph] = []
        with torch.no_grad():
            for start in range(0, len(reports), self.batch_size):
                words = [
                    split_words(report, self.model) for report in reports[start : start + self.batch_size]
                ]
                vectors = self._word_vectors(words)
                found += [self._graph(said, row) for said, row in zip(words, vectors, strict=True)]
        return found

    def _cut(self, words: Sequence[str]) -> _Pieces:
        pieces: list[int] = []
        of_words: list[tuple[int, int] | None] = []
        for word in words:
            ids = self.tokenizer(word, add_special_tokens=False)["input_ids"]
            of_words.append((len(pieces), len(pieces) + len(ids)) if ids else None)
            pieces += ids
        room = self.segment_length - 2
        first, last = self.tokenizer.cls_token_id, self.tokenizer.sep_token_id
        cut = [[first, *pieces[at : at + room], last] for at in range(0, max(len(pieces), 1), room)]
        return _Pieces(cut, of_words)

    def _word_vectors(self, reports: Sequence[Sequence[str]]) -> list[torch.Tensor]:
        """float ``[words, hidden]`` for each report: the mean over a word's pieces, 0 for a word without any."""
        cut = [self._cut(words) for words in reports]
        segments = [segment for one in cut for segment in one.segments]
        longest = max(map(len, segments))
        device = self.widths.device
        ids = torch.tensor([one + [0] * (longest - len(one)) for one in segments], device=device)
        mask = torch.tensor([[1] * len(one) + [0] * (longest - len(one)) for one in segments], device=device)
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        rows = iter(states[number, 1 : len(one) - 1] for number, one in enumerate(segments))
        found = []
        for one in cut:
            pieces = torch.cat([next(rows) for _ in one.segments])
            none = pieces.new_zeros(states.shape[-1])
            found.append(torch.stack([pieces[slice(*at)].mean(0) if at else none for at in one.of_words]))
        return found

    def _graph(self, words: list[str], vectors: torch.Tensor) -> ReportGraph:
        widest = len(self.widths)
        spans = [
            (start, end)
            for start in range(len(words))
            for end in range(start, min(start + widest, len(words)))
        ]
        starts, ends = torch.tensor(spans, device=vectors.device).T
        embedded = torch.cat([vectors[starts], vectors[ends], self.widths[ends - starts]], dim=-1)
        labels = _with_none(self.entities(embedded)).argmax(dim=-1).tolist()
        index_of = {
            span: number
            for number, span in enumerate(span for span, label in zip(spans, labels, strict=True) if label)
        }
        relations = self._relations(spans, embedded, len(words))
        return ReportGraph(
            tuple(
                Entity(
                    " ".join(words[start : end + 1]),
                    self.entity_labels[label],
                    tuple(
                        (kind, index_of[target])
                        for source, target, kind in relations
                        if source == (start, end) and target in index_of
                    ),
                    (start, end),
                )
                for (start, end), label in zip(spans, labels, strict=True)
                if label
            )
        )

    def _relations(
        self, spans: list[tuple[int, int]], embedded: torch.Tensor, words: int
    ) -> list[tuple[tuple[int, int], tuple[int, int], str]]:
        """(from, to, kind) between the spans that are likeliest to have one, in their order."""
        mentions = self.pruner(embedded)
        kept = mentions[:, 0].topk(math.ceil(words * self.spans_per_word)).indices.sort().values
        chosen, scores = embedded[kept], mentions[kept]
        count = len(kept)
        one, other = (
            chosen.unsqueeze(1).expand(-1, count, -1),
            chosen.unsqueeze(0).expand(count, -1, -1),
        )
        likely = self.relations(torch.cat([one, other, one * other], dim=-1))
        labels = _with_none(likely + scores.unsqueeze(1) + scores.unsqueeze(0)).argmax(dim=-1)
        named = [spans[index] for index in kept.tolist()]
        return [
            (named[row], named[column], self.relation_labels[int(labels[row, column]) - 1])
            for row, column in labels.nonzero().tolist()
        ]


def _with_none(scores: torch.Tensor) -> torch.Tensor:
    """The scores behind a column of zeros: that of no label."""
    return torch.cat([scores.new_zeros(*scores.shape[:-1], 1), scores], dim=-1)


def load_extractor(folder: Path, *, device: str = "cpu") -> RadGraphExtractor:
    """The extractor from the user's folder. Raises ScoringError where its files are missing or do not fit."""
    path = complete(folder, PART, "config.json", "model.safetensors", "vocabulary", "encoder/config.json")
    try:
        config = json.loads((path / "config.json").read_text("utf-8"))
        model = _only_model(folder, path)
        weights = load_file(path / "model.safetensors")
        encoder = AutoModel.from_config(
            AutoConfig.from_pretrained(path / "encoder", trust_remote_code=False, local_files_only=True),
            trust_remote_code=False,
        )
        own = {
            name.removeprefix(_EMBEDDER): value
            for name, value in weights.items()
            if name.startswith(_EMBEDDER)
        }
        encoder.load_state_dict({name: own[name] for name in encoder.state_dict()})
        tokenizer = AutoTokenizer.from_pretrained(
            path / "encoder", trust_remote_code=False, local_files_only=True
        )
        named, related = f"{model}__ner_labels", f"{model}__relation_labels"
        ner, mention = f"_ner._ner_scorers.{named}", f"_relation._mention_pruners.{related}._scorer"
        extractor = RadGraphExtractor(
            model,
            encoder.to(device).eval(),
            tokenizer,
            weights["_endpoint_span_extractor._span_width_embedding.weight"].to(device),
            _Scorer(weights, f"{ner}.0._module", f"{ner}.1._module").to(device),
            _Scorer(weights, f"{mention}.0._module", f"{mention}.1._module").to(device),
            _Scorer(
                weights,
                f"_relation._relation_feedforwards.{related}",
                f"_relation._relation_scorers.{related}",
            ).to(device),
            _labels(path / "vocabulary" / f"{named}.txt"),
            _labels(path / "vocabulary" / f"{related}.txt"),
            config["dataset_reader"]["token_indexers"]["bert"]["max_length"],
            config["model"]["modules"]["relation"]["spans_per_word"],
        )
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise misfit(folder, PART, error) from error
    return extractor


def _labels(path: Path) -> list[str]:
    return path.read_text("utf-8").removesuffix("\n").split("\n")


def _only_model(folder: Path, path: Path) -> str:
    names = [one.name.removesuffix("__ner_labels.txt") for one in path.glob("vocabulary/*__ner_labels.txt")]
    if len(names) != 1:
        raise misfit(
            folder,
            PART,
            f"its vocabulary should name the labels of one model, and names those of {len(names)}",
        )
    return names[0]
