"""CheXbert (Smit et al., EMNLP 2020) by its published weights: fourteen labels, and the vector that RadCliQ compares.

Weights: the folder ``chexbert`` of ``weights``. Knows no other scorer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import nn
from transformers import AutoConfig, AutoModel, AutoTokenizer

from lmrrg.metrics.categories import Label
from lmrrg.metrics.interface import Direction, Kind, paired
from lmrrg.metrics.published.weights import complete, misfit

PART = "chexbert"
# The order of CheXbert's heads; the last has two classes, the others blank, positive, negative, uncertain.
HEADS: tuple[str, ...] = (
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


class ChexbertModel(nn.Module):
    """A BERT and fourteen linear heads over its first token."""

    def __init__(self, backbone: nn.Module, hidden: int) -> None:
        super().__init__()
        self.bert = backbone
        classes = [4] * (len(HEADS) - 1) + [2]
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
        last = len(HEADS) - 1
        order = (last, *range(last))  # CheXpert's table begins with No Finding
        return [{HEADS[k]: _CLASSES[heads[k][row]] for k in order} for row in range(len(reports))]

    def score(self, candidates: Sequence[str], references: Sequence[str]) -> list[float]:
        paired(candidates, references)
        if not candidates:
            return []
        unique = sorted({*candidates, *references}, key=len)  # alike in length: little padding
        vectors = dict(zip(unique, self.vectors(unique), strict=True))
        cosine = nn.functional.cosine_similarity
        return [
            float(cosine(vectors[said], vectors[meant], dim=0))
            for said, meant in zip(candidates, references, strict=True)
        ]


def load_chexbert(folder: Path, *, device: str = "cpu") -> Chexbert:
    """CheXbert from the user's folder. Raises ScoringError where its files are missing or do not fit."""
    path = complete(folder, PART, "config.json", "model.safetensors")
    try:
        config = AutoConfig.from_pretrained(path, trust_remote_code=False, local_files_only=True)
        tokenizer = AutoTokenizer.from_pretrained(path, trust_remote_code=False, local_files_only=True)
        model = ChexbertModel(AutoModel.from_config(config, trust_remote_code=False), int(config.hidden_size))
        weights = {
            name.removeprefix("module."): value
            for name, value in load_file(path / "model.safetensors").items()
        }
        wanted = model.state_dict()
        missing = [name for name in wanted if name not in weights and not name.startswith("bert.pooler")]
        if missing:
            raise ValueError(f"model.safetensors lacks {missing[0]}")
        model.load_state_dict(
            {name: value for name, value in weights.items() if name in wanted}, strict=False
        )
    except (OSError, ValueError, RuntimeError, SafetensorError) as error:
        raise misfit(folder, PART, error) from error
    return Chexbert(model.to(device).eval(), tokenizer)
