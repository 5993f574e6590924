"""BERTScore with any encoder of transformers, as bert-score 0.3.13 computes it (Zhang et al., ICLR 2020).

No bert-score package: it doesn't run on transformers 5. Special tokens count for nothing but can be matched, as in the
original. RadCliQ's setting is distilroberta-base, layer 5, rescaled. Without the original's idf, which RadCliQ does not
use: over references that are all the same, as in a group of drafts, every weight is log 1 = 0 and the score −5.55.

Needs torch. The formula takes any encoder; ``load_bertscore`` gives it RadCliQ's. Weights: the folder ``bertscore`` of
``weights``.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import torch

from lmrrg.metrics.interface import Direction, Kind, paired
from lmrrg.metrics.published.weights import load_encoder, misfit

PART = "bertscore"
# RadCliQ's encoder is distilroberta-base: the layer that is read, and the F1 of unrelated text there
# (Tiiiger/bert_score rescale_baseline/en, MIT).
LAYER = 5
BASELINE = 0.8473319


class EncodedText(NamedTuple):
    """One text's token ids, which of them are special, and unit vectors float ``[tokens, d]``."""

    ids: tuple[int, ...]
    special: tuple[bool, ...]
    vectors: torch.Tensor


class TokenEncoder(Protocol):
    """Gives each text its tokens and their contextual vectors."""

    def encode(self, texts: Sequence[str]) -> list[EncodedText]: ...


@dataclass
class TransformersEncoder:
    """A transformers model and tokenizer; ``layer`` counts from 1, None is the last.

    Truncates at ``max_tokens``, as the original does at the model's length.
    """

    model: Any
    tokenizer: Any
    layer: int | None = None
    batch_size: int = 64
    max_tokens: int = 512

    def encode(self, texts: Sequence[str]) -> list[EncodedText]:
        found: list[EncodedText] = []
        for start in range(0, len(texts), self.batch_size):
            found += self._encode_batch(
                [self._spaced(text) for text in texts[start : start + self.batch_size]]
            )
        return found

    def _spaced(self, text: str) -> str:
        # RoBERTa and GPT-2 know a word by the blank before it; the original adds one to the first word.
        byte_level = (
            "roberta" in type(self.tokenizer).__name__.lower()
            or "gpt2" in type(self.tokenizer).__name__.lower()
        )
        return f" {text.strip()}" if byte_level else text.strip()

    def _encode_batch(self, texts: list[str]) -> list[EncodedText]:
        batch = self.tokenizer(
            texts,
            padding=True,
            truncation=True,
            max_length=self.max_tokens,
            return_tensors="pt",
            return_special_tokens_mask=True,
        )
        special = batch.pop("special_tokens_mask").bool()
        batch.pop("token_type_ids", None)
        device = next(self.model.parameters()).device
        self.model.eval()
        with torch.no_grad():
            states = self.model(
                **{key: value.to(device) for key, value in batch.items()}, output_hidden_states=True
            )
        layer = len(states.hidden_states) - 1 if self.layer is None else self.layer
        vectors = torch.nn.functional.normalize(states.hidden_states[layer].float(), dim=-1).cpu()
        found = []
        for row in range(len(texts)):
            real = batch["attention_mask"][row].bool().cpu()
            found.append(
                EncodedText(
                    tuple(batch["input_ids"][row][real].tolist()),
                    tuple(special[row][real].tolist()),
                    vectors[row][real],
                )
            )
        return found


def greedy_f1(candidate: EncodedText, reference: EncodedText) -> float:
    """Raw F1 of greedy matching; 0 where either side has no token that counts."""
    mine, its = (~torch.tensor(text.special, dtype=torch.bool) for text in (candidate, reference))
    if not mine.any() or not its.any():
        return 0.0
    likeness = candidate.vectors @ reference.vectors.T
    precision = float(likeness.max(dim=1).values[mine].mean())
    recall = float(likeness.max(dim=0).values[its].mean())
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


@dataclass
class BertScore:
    """BERTScore's F1, rescaled by ``baseline`` (F1 of unrelated text; 0 leaves it raw)."""

    encoder: TokenEncoder
    baseline: float = 0.0
    name: str = "bertscore"
    direction: Direction = "higher"
    kind: Kind = "reference"
    _known: dict[str, EncodedText] = field(default_factory=dict, repr=False)

    def score(self, candidates: Sequence[str], references: Sequence[str]) -> list[float]:
        pairs = paired(candidates, references)
        texts = self._encoded({*candidates, *references})
        raw = [greedy_f1(texts[said], texts[meant]) for said, meant in pairs]
        return [(value - self.baseline) / (1 - self.baseline) for value in raw]

    def _encoded(self, texts: set[str]) -> dict[str, EncodedText]:
        """Encodes what is new; a group's reference is encoded once."""
        if len(self._known) > 4096:
            self._known.clear()
        new = sorted(texts - self._known.keys(), key=len)
        self._known.update(zip(new, self.encoder.encode(new), strict=True))
        return {text: self._known[text] for text in texts}


def load_bertscore(folder: Path, *, device: str = "cpu") -> BertScore:
    """BERTScore as RadCliQ uses it: distilroberta-base, layer 5, rescaled, no idf. Raises ScoringError."""
    model, tokenizer = load_encoder(folder, PART, device=device)
    if model.config.num_hidden_layers < LAYER:
        raise misfit(folder, PART, f"BERTScore reads layer {LAYER} of an encoder that has fewer")
    return BertScore(TransformersEncoder(model, tokenizer, LAYER), BASELINE)
