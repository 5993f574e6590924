"""Weights that know nothing, in the layout of each published scorer: what ``--published`` is given in tests.

Their values are a sine of their place, so that they are the same everywhere and on every version of torch. They are
tiny; ``benchmarks.speed.published_scorers`` asks for the published size.
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from tokenizers.models import WordPiece
from tokenizers.normalizers import BertNormalizer
from tokenizers.pre_tokenizers import BertPreTokenizer
from tokenizers.processors import TemplateProcessing
from torch import nn
from transformers import BertConfig, BertForTokenClassification, BertModel, PreTrainedTokenizerFast

from lmrrg.metrics.published.chexbert import ChexbertModel
from lmrrg.metrics.published.ratescore import TYPES

SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
WORDS = "no small left right pleural effusion heart lungs clear edema . , ( ) / car ##dio ##me ##galy is the 1 2 a"
ENTITIES = ("Observation::definitely present", "Anatomy::definitely present", "Observation::uncertain")
RELATIONS = ("modify", "located_at", "suggestive_of")


@dataclass(frozen=True)
class Size:
    """Of the encoders: ``layers`` but for BERTScore's; ``pieces`` that RadGraph's reads at once, ``span`` in words."""

    hidden: int = 16
    layers: int = 2
    bertscore_layers: int = 5
    heads: int = 2
    longest: int = 128
    pieces: int = 16
    span: int = 2
    width_vector: int = 4
    scorer: int = 10


TINY = Size()
PIECES = TINY.pieces


def tokenizer() -> PreTrainedTokenizerFast:
    table = {word: index for index, word in enumerate([*SPECIAL, *WORDS.split()])}
    core = Tokenizer(WordPiece(table, unk_token="[UNK]"))
    core.normalizer, core.pre_tokenizer = BertNormalizer(lowercase=True), BertPreTokenizer()
    core.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]",
        pair="[CLS] $A [SEP] $B:1 [SEP]:1",
        special_tokens=[("[CLS]", 2), ("[SEP]", 3)],
    )
    names = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    return PreTrainedTokenizerFast(tokenizer_object=core, **names)


def config(size: Size = TINY, layers: int | None = None) -> BertConfig:
    return BertConfig(
        vocab_size=len(SPECIAL) + len(WORDS.split()),
        hidden_size=size.hidden,
        num_hidden_layers=size.layers if layers is None else layers,
        num_attention_heads=size.heads,
        intermediate_size=(2 if size == TINY else 4) * size.hidden,
        max_position_embeddings=size.longest,
    )


def wave(shape: torch.Size, number: int) -> torch.Tensor:
    """A sine of each value's place, no two tensors alike."""
    places = torch.arange(math.prod(shape), dtype=torch.float64)
    scale = 1.6 / math.sqrt(shape[-1]) if len(shape) > 1 else 0.3
    return (torch.sin(places * 1.7 + number) * scale).float().reshape(shape)


def filled(model: nn.Module) -> dict[str, torch.Tensor]:
    """The model's weights, each a wave; layer norms stay near one."""
    return {
        name: (1 + wave(value.shape, number) / 3)
        if name.endswith("LayerNorm.weight")
        else wave(value.shape, number)
        for number, (name, value) in enumerate(model.state_dict().items())
        if value.is_floating_point()
    }


def save_encoder(folder: Path, size: Size = TINY, layers: int | None = None) -> None:
    model = BertModel(config(size, layers))
    model.load_state_dict(filled(model), strict=False)
    model.save_pretrained(folder)
    tokenizer().save_pretrained(folder)


def save_chexbert(folder: Path, size: Size = TINY) -> None:
    config(size).save_pretrained(folder)
    tokenizer().save_pretrained(folder)
    weights = filled(ChexbertModel(BertModel(config(size)), size.hidden))
    # As published: trained under nn.DataParallel.
    save_file({f"module.{name}": value for name, value in weights.items()}, folder / "model.safetensors")


def save_ratescore(folder: Path, size: Size = TINY) -> None:
    labels = ["O", *(f"{mark}-{name}" for name in TYPES for mark in "BI")]
    tagger = config(size)
    tagger.id2label = dict(enumerate(labels))
    tagger.label2id = {name: index for index, name in enumerate(labels)}
    model = BertForTokenClassification(tagger)
    model.load_state_dict(filled(model), strict=False)
    with torch.no_grad():
        model.classifier.bias[labels.index("B-DISEASE")] += 0.5
    model.save_pretrained(folder / "recogniser")
    tokenizer().save_pretrained(folder / "recogniser")
    save_encoder(folder / "embedder", size)


def radgraph_weights(model: str, size: Size) -> dict[str, torch.Tensor]:
    """The parts of RadGraph's weights that are read, under their published names."""
    span = 2 * size.hidden + size.width_vector
    ner, pairs = f"_ner._ner_scorers.{model}__ner_labels", f"{model}__relation_labels"
    pruner = f"_relation._mention_pruners.{pairs}._scorer"

    def layer(name: str, given: int, made: int, shift: float = 0.0) -> dict[str, torch.Tensor]:
        number = len(name) + made
        return {
            f"{name}.weight": wave(torch.Size([made, given]), number),
            f"{name}.bias": wave(torch.Size([made]), number + 1) + shift,
        }

    def scorer(hidden: str, last: str, given: int, made: int, shift: float) -> dict[str, torch.Tensor]:
        return {
            **layer(f"{hidden}._linear_layers.0", given, size.scorer),
            **layer(f"{hidden}._linear_layers.1", size.scorer, size.scorer),
            **layer(last, size.scorer, made, shift),
        }

    encoder = "_embedder.token_embedder_bert._matched_embedder.transformer_model."
    return {
        **{encoder + name: value for name, value in filled(BertModel(config(size))).items()},
        "_endpoint_span_extractor._span_width_embedding.weight": wave(
            torch.Size([size.span, size.width_vector]), 7
        ),
        **scorer(f"{ner}.0._module", f"{ner}.1._module", span, len(ENTITIES), -0.4),
        **scorer(f"{pruner}.0._module", f"{pruner}.1._module", span, 1, 0.0),
        **scorer(
            f"_relation._relation_feedforwards.{pairs}",
            f"_relation._relation_scorers.{pairs}",
            3 * span,
            len(RELATIONS),
            -0.4,
        ),
    }


def save_radgraph(folder: Path, model: str = "radgraph", size: Size = TINY) -> None:
    vocabulary = folder / "vocabulary"
    vocabulary.mkdir(parents=True)
    # The first entity label is none, as published.
    (vocabulary / f"{model}__ner_labels.txt").write_text("\n".join(["", *ENTITIES]) + "\n", "utf-8")
    (vocabulary / f"{model}__relation_labels.txt").write_text("\n".join(RELATIONS) + "\n", "utf-8")
    (vocabulary / "non_padded_namespaces.txt").write_text("*labels\n*tags\n", "utf-8")
    bert = {"type": "pretrained_transformer_mismatched", "model_name": "tiny", "max_length": size.pieces}
    described = {
        "dataset_reader": {
            "type": "dygie",
            "max_span_width": size.span,
            "token_indexers": {"bert": bert},
        },
        "model": {
            "embedder": {"token_embedders": {"bert": bert}},
            "feature_size": size.width_vector,
            "feedforward_params": {"num_layers": 2, "hidden_dims": size.scorer, "dropout": 0.4},
            "modules": {"ner": {}, "relation": {"spans_per_word": 0.5}},
        },
    }
    (folder / "config.json").write_text(json.dumps(described), "utf-8")
    save_file(radgraph_weights(model, size), folder / "model.safetensors")
    config(size).save_pretrained(folder / "encoder")
    tokenizer().save_pretrained(folder / "encoder")


def save_all(folder: Path, size: Size = TINY) -> Path:
    """Every scorer's weights in one folder."""
    for name in ("bertscore", "chexbert"):
        (folder / name).mkdir(parents=True)
    save_encoder(folder / "bertscore", size, size.bertscore_layers)
    save_chexbert(folder / "chexbert", size)
    save_radgraph(folder / "radgraph", size=size)
    save_ratescore(folder / "ratescore", size)
    return folder
