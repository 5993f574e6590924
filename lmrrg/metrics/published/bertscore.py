"""BERTScore with any encoder of transformers, as bert-score 0.3.13 computes it (Zhang et al., ICLR 2020).

No bert-score package: it doesn't run on transformers 5. Content tokens are weighted by 1, or by an idf; special
tokens weigh nothing but can be matched, as in the original. RadCliQ's setting is distilroberta-base, layer 5,
rescaled, without idf. With idf over references that are all the same every weight is log 1 = 0, the raw score 0
and the rescaled one −5.55: never use a batch's own idf in a reward.

Needs torch. The formula takes any encoder; ``load_bertscore`` gives it RadCliQ's. Weights: the folder ``bertscore`` of
``weights``.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import torch

from lmrrg.metrics.interface import Direction, Kind, paired
from lmrrg.metrics.published.weights import load_encoder, misfit

PART = "bertscore"
# (encoder, layer) → precision, recall and F1 of unrelated text: Tiiiger/bert_score rescale_baseline/en (MIT).
BASELINES: dict[tuple[str, int], tuple[float, float, float]] = {
    ("distilroberta-base", 5): (0.84732, 0.84759504, 0.8473319),
    ("distilbert-base-uncased", 5): (0.6666034, 0.66660464, 0.66620487),
}


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


def inverse_document_frequencies(corpus: Sequence[EncodedText]) -> dict[int, float]:
    """Token id → log((N + 1) ÷ (texts with it + 1)); a token that no text has weighs log(N + 1)."""
    seen: Counter[int] = Counter()
    for text in corpus:
        seen.update(set(text.ids))
    return {token: math.log((len(corpus) + 1) / (count + 1)) for token, count in seen.items()}


def _weights(text: EncodedText, idf: Mapping[int, float] | None, unseen: float) -> torch.Tensor:
    values = [
        0.0 if special else 1.0 if idf is None else idf.get(token, unseen)
        for token, special in zip(text.ids, text.special, strict=True)
    ]
    return torch.tensor(values)


def greedy_f1(
    candidate: EncodedText, reference: EncodedText, idf: Mapping[int, float] | None, unseen: float
) -> float:
    """Raw F1 of greedy matching; 0 where either side has no token of weight."""
    if all(candidate.special) or all(reference.special):
        return 0.0
    likeness = candidate.vectors @ reference.vectors.T
    mine, its = _weights(candidate, idf, unseen), _weights(reference, idf, unseen)
    if not float(mine.sum()) or not float(its.sum()):
        return 0.0
    precision = float((likeness.max(dim=1).values * mine).sum() / mine.sum())
    recall = float((likeness.max(dim=0).values * its).sum() / its.sum())
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


@dataclass
class BertScore:
    """BERTScore's F1, rescaled by ``baseline`` (F1 of unrelated text; 0 leaves it raw).

    Attributes:
        idf_corpus: texts whose token frequencies weigh the tokens; None weighs all alike.
    """

    encoder: TokenEncoder
    baseline: float = 0.0
    idf_corpus: Sequence[str] | None = None
    name: str = "bertscore"
    direction: Direction = "higher"
    kind: Kind = "reference"
    _known: dict[str, EncodedText] = field(default_factory=dict, repr=False)

    def score(self, candidates: Sequence[str], references: Sequence[str]) -> list[float]:
        pairs = paired(candidates, references)
        texts = self._encoded({*candidates, *references})
        idf: dict[int, float] | None = None
        unseen = 1.0
        if self.idf_corpus is not None:
            corpus = self._encoded(set(self.idf_corpus))
            idf = inverse_document_frequencies([corpus[text] for text in self.idf_corpus])
            unseen = math.log(len(self.idf_corpus) + 1)
        raw = [greedy_f1(texts[said], texts[meant], idf, unseen) for said, meant in pairs]
        return [(value - self.baseline) / (1 - self.baseline) for value in raw]

    def _encoded(self, texts: set[str]) -> dict[str, EncodedText]:
        """Encodes what is new; a group's reference is encoded once."""
        if len(self._known) > 4096:
            self._known.clear()
        new = sorted(texts - self._known.keys())
        self._known.update(zip(new, self.encoder.encode(new), strict=True))
        return {text: self._known[text] for text in texts}


def load_bertscore(folder: Path, *, device: str = "cpu") -> BertScore:
    """BERTScore as RadCliQ uses it: distilroberta-base, layer 5, rescaled, no idf. Raises ScoringError."""
    model, tokenizer = load_encoder(folder, PART, device=device)
    layer = 5
    if model.config.num_hidden_layers < layer:
        raise misfit(folder, PART, f"BERTScore reads layer {layer} of an encoder that has fewer")
    return BertScore(
        TransformersEncoder(model, tokenizer, layer), BASELINES[("distilroberta-base", layer)][2]
    )
