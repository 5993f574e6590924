"""Adapters for the published scorers' own weights: CheXbert, RadGraph, RoBERTa, RaTEScore's models.

Nothing here is imported unless it is asked for by name. Weights come from a local folder or a hub name that the
caller gives; what is absent raises a ScoringError that names the file and where it comes from. Only safetensors
are read: the published ``.pth`` and ``.tar.gz`` files must be converted first, nothing is unpickled. RadGraph's
extractor comes with the RadEval package (``requirements-metrics.txt``).
"""

import importlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import load_file
from torch import nn
from transformers import AutoConfig, AutoModel, AutoModelForTokenClassification, AutoTokenizer

from lmrrg.errors import ScoringError
from lmrrg.metrics.categories import Label
from lmrrg.metrics.graphs import Flavour, ReportGraph, radcliq_graph_f1, radgraph_f1
from lmrrg.metrics.interface import Direction, Kind, Metric, paired
from lmrrg.metrics.lite.tokens import split_sentences
from lmrrg.metrics.published.bertscore import BASELINES, BertScore, TransformersEncoder
from lmrrg.metrics.published.ratescore import TYPES, EntityType, RateScore, TypedEntity
from lmrrg.metrics.radcliq import RADCLIQ_V1, RadCliqFormula
from lmrrg.metrics.words import Bleu2

SOURCES = {
    "chexbert": "CheXbert's weights (chexbert.pth of stanfordmlgroup/CheXbert), converted to model.safetensors "
    "with the backbone's config.json and tokenizer (bert-base-uncased) beside it",
    "bertscore": "distilroberta-base from the Hugging Face hub (config.json, model.safetensors, tokenizer files)",
    "ratescore": "Angelakeke/RaTE-NER-Deberta and FremyCompany/BioLORD-2023-C from the Hugging Face hub",
    "radgraph": "the RadEval package (pip install -r requirements-metrics.txt); it fetches radgraph-xl's weights",
}
# The order of CheXbert's heads; the last has two classes, the others blank, positive, negative, uncertain.
CHEXBERT_HEADS: tuple[str, ...] = (
    "Enlarged Cardiomediastinum",
    "Cardiomegaly",
    "Lung Opacity",
    "Lung Lesion",
    "Edema",
    "Consolidation",
    "Pneumonia",
    "Atelectasis",
    "Pneumothorax",
    "Pleural Effusion",
    "Pleural Other",
    "Fracture",
    "Support Devices",
    "No Finding",
)
_CLASSES: tuple[Label | None, ...] = (None, "positive", "negative", "uncertain")


def _folder_with(folder: str | Path, scorer: str, *names: str) -> Path | None:
    """The local folder where it holds the files; None for a hub name. Raises ScoringError where a file is absent."""
    path = Path(folder)
    looks_local = (
        path.exists() or path.is_absolute() or str(folder).startswith(".") or str(folder).count("/") > 1
    )
    if not looks_local:
        return None
    for name in names:
        if not (path / name).is_file():
            raise ScoringError(f"{path / name} is missing. It comes from {SOURCES[scorer]}.")
    return path


def load_encoder(folder: str | Path, *, device: str = "cpu", scorer: str = "bertscore") -> tuple[Any, Any]:
    """(model, tokenizer) of any encoder, from a folder or a hub name. Raises ScoringError where it is not there."""
    _folder_with(folder, scorer, "config.json", "model.safetensors")
    try:
        tokenizer = AutoTokenizer.from_pretrained(folder, trust_remote_code=False)
        model = (
            AutoModel.from_pretrained(folder, use_safetensors=True, trust_remote_code=False).to(device).eval()
        )
    except (OSError, ValueError) as error:
        raise ScoringError(
            f"{folder} cannot be loaded. It should hold {SOURCES[scorer]}. ({error})"
        ) from error
    return model, tokenizer


def load_bertscore(
    folder: str | Path, *, layer: int = 5, baseline: float | None = None, device: str = "cpu"
) -> BertScore:
    """BERTScore as RadCliQ uses it (distilroberta-base, layer 5, rescaled, no idf), with weights from ``folder``."""
    model, tokenizer = load_encoder(folder, device=device)
    known = BASELINES[("distilroberta-base", 5)][2]
    return BertScore(TransformersEncoder(model, tokenizer, layer), known if baseline is None else baseline)


class ChexbertModel(nn.Module):
    """CheXbert (Smit et al., EMNLP 2020): a BERT and fourteen linear heads over its first token."""

    def __init__(self, backbone: nn.Module, hidden: int) -> None:
        super().__init__()
        self.bert = backbone
        classes = [4] * (len(CHEXBERT_HEADS) - 1) + [2]
        self.linear_heads = nn.ModuleList(nn.Linear(hidden, count) for count in classes)

    def first_token(self, **batch: torch.Tensor) -> torch.Tensor:
        """float ``[reports, hidden]``: the vector that RadCliQ compares."""
        states: torch.Tensor = self.bert(**batch).last_hidden_state[:, 0]
        return states


@dataclass
class Chexbert:
    """Labels and vectors of reports by CheXbert; as a metric, the cosine of the vectors (RadCliQ's ``semb``)."""

    model: ChexbertModel
    tokenizer: Any
    batch_size: int = 32
    name: str = "semb"
    direction: Direction = "higher"
    kind: Kind = "reference"

    def vectors(self, reports: Sequence[str]) -> torch.Tensor:
        """float ``[reports, hidden]``."""
        found = []
        for start in range(0, len(reports), self.batch_size):
            texts = [" ".join(report.split()) for report in reports[start : start + self.batch_size]]
            batch = self.tokenizer(texts, padding=True, truncation=True, max_length=512, return_tensors="pt")
            batch.pop("token_type_ids", None)
            device = next(self.model.parameters()).device
            with torch.no_grad():
                found.append(
                    self.model.first_token(**{key: value.to(device) for key, value in batch.items()}).cpu()
                )
        return torch.cat(found)

    def label_reports(self, reports: Sequence[str]) -> list[dict[str, Label | None]]:
        """The 14 labels of each report."""
        vectors = self.vectors(reports)
        device = next(self.model.parameters()).device
        with torch.no_grad():
            heads = [head(vectors.to(device)).argmax(dim=1).tolist() for head in self.model.linear_heads]
        last = len(CHEXBERT_HEADS) - 1
        order = (last, *range(last))  # CheXpert's table begins with No Finding
        return [{CHEXBERT_HEADS[k]: _CLASSES[heads[k][row]] for k in order} for row in range(len(reports))]

    def score(self, candidates: Sequence[str], references: Sequence[str]) -> list[float]:
        paired(candidates, references)
        if not candidates:
            return []
        unique = sorted({*candidates, *references})
        vectors = dict(zip(unique, self.vectors(unique), strict=True))
        cosine = nn.functional.cosine_similarity
        return [
            float(cosine(vectors[said], vectors[meant], dim=0))
            for said, meant in zip(candidates, references, strict=True)
        ]


def load_chexbert(folder: str | Path, *, device: str = "cpu") -> Chexbert:
    """CheXbert from a folder: config.json, tokenizer, model.safetensors (``bert.*``, ``linear_heads.*``)."""
    path = _folder_with(folder, "chexbert", "config.json", "model.safetensors")
    if path is None:
        raise ScoringError(
            f"{folder} is not a folder. CheXbert is on no hub as safetensors: give a folder with {SOURCES['chexbert']}."
        )
    config = AutoConfig.from_pretrained(path, trust_remote_code=False)
    model = ChexbertModel(AutoModel.from_config(config, trust_remote_code=False), config.hidden_size)
    weights = {
        name.removeprefix("module."): value for name, value in load_file(path / "model.safetensors").items()
    }
    wanted = model.state_dict()
    missing = [name for name in wanted if name not in weights and not name.startswith("bert.pooler")]
    if missing:
        raise ScoringError(
            f"{path / 'model.safetensors'} lacks {missing[0]}. It should hold {SOURCES['chexbert']}."
        )
    try:
        model.load_state_dict(
            {name: value for name, value in weights.items() if name in wanted}, strict=False
        )
    except RuntimeError as error:
        raise ScoringError(
            f"{path / 'model.safetensors'} does not fit {path / 'config.json'}: {error}"
        ) from error
    return Chexbert(model.to(device).eval(), AutoTokenizer.from_pretrained(path, trust_remote_code=False))


Annotate = Callable[[Sequence[str]], list[ReportGraph]]


def radgraph_package(model_type: str = "radgraph-xl") -> Annotate:
    """RadGraph's own extractor. Raises ScoringError where the package is not installed."""
    try:
        package = importlib.import_module("radgraph")
    except ImportError as error:
        raise ScoringError(
            f"RadGraph's extractor is not installed. It comes with {SOURCES['radgraph']}."
        ) from error
    extractor = package.RadGraph(model_type=model_type)

    def annotate(reports: Sequence[str]) -> list[ReportGraph]:
        table = extractor(list(reports))
        return [ReportGraph.from_radgraph(table[str(row)]) for row in range(len(reports))]

    return annotate


def annotations_from_file(path: Path) -> Annotate:
    """Graphs that RadGraph wrote earlier: a JSON list or table of ``{"text": …, "entities": …}``."""
    try:
        table = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise ScoringError(f"{path} cannot be read as RadGraph's annotations: {error}") from error
    rows = table.values() if isinstance(table, dict) else table
    graphs = {" ".join(row["text"].split()): ReportGraph.from_radgraph(row) for row in rows}

    def annotate(reports: Sequence[str]) -> list[ReportGraph]:
        absent = [report for report in reports if " ".join(report.split()) not in graphs]
        if absent:
            raise ScoringError(
                f"{path} has no graph for {len(absent)} report(s), the first: {absent[0][:60]!r}."
            )
        return [graphs[" ".join(report.split())] for report in reports]

    return annotate


@dataclass
class RadGraphF1:
    """RadGraph F1 over graphs from ``annotate``, in a published flavour or RadCliQ's (``flavour="radcliq"``)."""

    annotate: Annotate
    flavour: Flavour | str = "partial"
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
        if self.flavour not in ("simple", "partial", "complete"):
            raise ScoringError(
                f'There is no RadGraph flavour "{self.flavour}": use simple, partial, complete or radcliq.'
            )
        flavour: Any = self.flavour
        return [radgraph_f1(graphs[said], graphs[meant], flavour) for said, meant in pairs]


@dataclass
class RadCliq:
    """The published RadCliQ over its published components. Lower is better."""

    radgraph: Metric
    bertscore: Metric
    semb: Metric
    formula: RadCliqFormula = RADCLIQ_V1
    name: str = "radcliq"
    direction: Direction = "lower"
    kind: Kind = "reference"

    def score(self, candidates: Sequence[str], references: Sequence[str]) -> list[float]:
        parts = [
            part.score(candidates, references) for part in (self.radgraph, self.bertscore, self.semb, Bleu2())
        ]
        return [self.formula(*row) for row in zip(*parts, strict=True)]


def load_ratescore(recogniser: str | Path, embedder: str | Path, *, device: str = "cpu") -> RateScore:
    """RaTEScore with its models. Sentences are split by our splitter (the original uses medspaCy's)."""
    _folder_with(recogniser, "ratescore", "config.json", "model.safetensors")
    try:
        tokenizer = AutoTokenizer.from_pretrained(recogniser, trust_remote_code=False)
        tagger = (
            AutoModelForTokenClassification.from_pretrained(
                recogniser, use_safetensors=True, trust_remote_code=False
            )
            .to(device)
            .eval()
        )
    except (OSError, ValueError) as error:
        raise ScoringError(
            f"{recogniser} cannot be loaded. It should hold {SOURCES['ratescore']}. ({error})"
        ) from error
    encoder, encoder_tokenizer = load_encoder(embedder, device=device, scorer="ratescore")

    def recognise(report: str) -> list[TypedEntity]:
        found: list[TypedEntity] = []
        for sentence in split_sentences(report):
            batch = tokenizer(sentence.text, truncation=True, max_length=512, return_tensors="pt").to(device)
            with torch.no_grad():
                tags = tagger(**batch).logits[0].argmax(dim=-1).tolist()
            names = [str(tagger.config.id2label[tag]) for tag in tags]
            found += decode_entities(batch["input_ids"][0].tolist(), names, tokenizer)
        return found

    def embed(texts: Sequence[str]) -> NDArray[np.float64]:
        batch = encoder_tokenizer(
            list(texts), padding=True, truncation=True, max_length=30, return_tensors="pt"
        ).to(device)
        with torch.no_grad():
            vectors = encoder(**batch).last_hidden_state[:, 0]
        return np.asarray(vectors.cpu().double().numpy())

    return RateScore(recognise, embed)


def decode_entities(ids: Sequence[int], tags: Sequence[str], tokenizer: Any) -> list[TypedEntity]:
    """Entities of a B-/I-/O tagging; an I- without its B- begins nothing, special tokens are skipped."""
    special = set(tokenizer.all_special_ids)
    found: list[TypedEntity] = []
    words: list[int] = []
    kind = ""

    def close() -> None:
        entity: EntityType | None = next((name for name in TYPES if name == kind), None)
        if words and entity:
            found.append(TypedEntity(tokenizer.decode(words).strip(), entity))
        words.clear()

    for token, tag in zip(ids, tags, strict=True):
        if token in special:
            continue
        if tag.startswith("I-") and words:
            words.append(token)
            continue
        close()
        if tag.startswith("B-"):
            kind = tag[2:].upper()
            words.append(token)
    close()
    return found
