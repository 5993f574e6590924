"""RaTEScore's two models by their published weights: one finds typed entities, the other turns them into vectors.

Weights: ``ratescore/recogniser`` and ``ratescore/embedder`` of ``weights``. Sentences are split by our splitter (the
original uses medspaCy's). The formula is ``ratescore``'s.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import AutoModelForTokenClassification

from lmrrg.metrics.lite.report_sentences import split_sentences
from lmrrg.metrics.published.ratescore import TYPES, EntityType, RateScore, TypedEntity
from lmrrg.metrics.published.weights import load_encoder

T = TypeVar("T")
_BATCH = 32
RECOGNISER, EMBEDDER = "ratescore/recogniser", "ratescore/embedder"


def load_ratescore(recogniser: Path, embedder: Path, *, device: str = "cpu") -> RateScore:
    """RaTEScore with its models, each from the user's folder that has it. Raises ScoringError where one is broken."""
    tagger, tokenizer = load_encoder(recogniser, RECOGNISER, AutoModelForTokenClassification, device=device)
    encoder, encoder_tokenizer = load_encoder(embedder, EMBEDDER, device=device)

    def recognise(reports: Sequence[str]) -> list[list[TypedEntity]]:
        found: list[list[TypedEntity]] = [[] for _ in reports]
        sentences = [
            (row, sentence.text) for row, report in enumerate(reports) for sentence in split_sentences(report)
        ]
        for part in _batches(sentences):
            texts = [text for _, text in part]
            batch = tokenizer(texts, padding=True, truncation=True, max_length=512, return_tensors="pt").to(
                device
            )
            with torch.no_grad():
                tags = tagger(**batch).logits.argmax(dim=-1).tolist()
            for (row, _), ids, numbers in zip(part, batch["input_ids"].tolist(), tags, strict=True):
                names = [str(tagger.config.id2label[number]) for number in numbers]
                found[row] += decode_entities(ids, names, tokenizer)
        return found

    def embed(texts: Sequence[str]) -> NDArray[np.float64]:
        parts = []
        for part in _batches(texts):
            batch = encoder_tokenizer(
                list(part), padding=True, truncation=True, max_length=30, return_tensors="pt"
            ).to(device)
            with torch.no_grad():
                parts.append(encoder(**batch).last_hidden_state[:, 0].cpu().double().numpy())
        return np.concatenate(parts)

    return RateScore(recognise, embed)


def _batches(items: Sequence[T]) -> list[Sequence[T]]:
    return [items[start : start + _BATCH] for start in range(0, len(items), _BATCH)]


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
