"""The code that loads and runs the published scorers, on tiny random weights made here."""

import json
from pathlib import Path
from typing import ClassVar

import pytest
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from tokenizers.processors import TemplateProcessing
from transformers import BertConfig, BertForTokenClassification, BertModel, PreTrainedTokenizerFast

from lmrrg.errors import ScoringError
from lmrrg.metrics.published.bertscore import BertScore, EncodedText, TransformersEncoder
from lmrrg.metrics.published.ratescore import TYPES
from lmrrg.metrics.published.reference_scorers import (
    ChexbertModel,
    RadCliq,
    RadGraphF1,
    annotations_from_file,
    load_bertscore,
    load_chexbert,
    load_encoder,
    load_ratescore,
)
from lmrrg.metrics.radcliq import RADCLIQ_V1
from lmrrg.profiles.chest.findings import FINDINGS

WORDS = ["no", "small", "left", "right", "pleural", "effusion", "heart", "lungs", "clear", "edema", "."]
REFERENCE, CANDIDATE = "no pleural effusion . lungs clear .", "small left pleural effusion ."
CONFIG = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2, "intermediate_size": 32}


def tokenizer() -> PreTrainedTokenizerFast:
    special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]"]
    table = {word: index for index, word in enumerate(special + WORDS)}
    core = Tokenizer(WordLevel(table, unk_token="[UNK]"))
    core.pre_tokenizer = Whitespace()
    core.post_processor = TemplateProcessing(
        single="[CLS] $A [SEP]", special_tokens=[("[CLS]", 2), ("[SEP]", 3)]
    )
    names = {"pad_token": "[PAD]", "unk_token": "[UNK]", "cls_token": "[CLS]", "sep_token": "[SEP]"}
    return PreTrainedTokenizerFast(tokenizer_object=core, **names)


def config() -> BertConfig:
    return BertConfig(vocab_size=len(WORDS) + 4, **CONFIG)


@pytest.fixture(scope="module")
def encoder_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("encoder")
    BertModel(config()).save_pretrained(folder)
    tokenizer().save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def chexbert_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    torch.manual_seed(1)
    folder = tmp_path_factory.mktemp("chexbert")
    config().save_pretrained(folder)
    tokenizer().save_pretrained(folder)
    weights = ChexbertModel(BertModel(config()), 16).state_dict()
    save_file(
        {f"module.{name}": value.contiguous() for name, value in weights.items()},
        folder / "model.safetensors",
    )
    return folder


class HandMade:
    """Two-dimensional vectors between special tokens, so that a score can be worked out by hand."""

    VECTORS: ClassVar = {"a": (1.0, 0.0), "b": (0.0, 1.0), "c": (0.6, 0.8)}

    def encode(self, texts: list[str]) -> list[EncodedText]:
        found = []
        for text in texts:
            rows = [(0.0, 0.0), *(self.VECTORS[word] for word in text.split()), (0.0, 0.0)]
            ids = (0, *(ord(word) for word in text.split()), 1)
            special = (True, *(False for _ in text.split()), True)
            found.append(EncodedText(ids, special, torch.tensor(rows)))
        return found


def test_bertscore_by_hand() -> None:
    # a b against c: precision (.6 + .8)/2 = .7, recall max(.6, .8) = .8, F1 = .7466…
    assert BertScore(HandMade()).score(["a b"], ["c"])[0] == pytest.approx(2 * 0.7 * 0.8 / 1.5)
    assert BertScore(HandMade(), baseline=0.5).score(["a"], ["a"])[0] == pytest.approx(1.0)
    assert BertScore(HandMade(), baseline=0.5).score(["a"], ["b"])[0] == pytest.approx(-1.0)
    assert BertScore(HandMade()).score(["", "a"], ["a", ""]) == [0.0, 0.0]


def test_idf_weighs_rare_tokens_and_collapses_over_one_reference() -> None:
    # of three texts "a" is in all (weight log 1 = 0), "b" in one (log 4/2)
    weighed = BertScore(HandMade(), idf_corpus=["a b", "a", "a"])
    assert weighed.score(["a c"], ["a b"])[0] == pytest.approx(0.8)
    assert BertScore(HandMade(), baseline=0.8473319, idf_corpus=["a", "a"]).score(["a"], ["a"])[
        0
    ] == pytest.approx(-5.55016, abs=1e-4)


def test_an_encoder_from_a_folder_scores_identity_as_one(encoder_folder: Path) -> None:
    metric = load_bertscore(encoder_folder, layer=1, baseline=0.0)
    same, other, again = metric.score([REFERENCE, CANDIDATE, CANDIDATE], [REFERENCE] * 3)
    assert same == pytest.approx(1.0, abs=1e-5)
    assert other < same
    assert other == pytest.approx(again)


def test_padding_changes_nothing(encoder_folder: Path) -> None:
    model, words = load_encoder(encoder_folder)
    alone = TransformersEncoder(model, words, 2).encode([CANDIDATE])[0]
    padded = TransformersEncoder(model, words, 2).encode([REFERENCE, CANDIDATE])[1]
    assert alone.ids == padded.ids
    assert torch.allclose(alone.vectors, padded.vectors, atol=1e-5)
    assert alone.special == (True, *(False for _ in CANDIDATE.split()), True)


def test_chexbert_labels_and_cosine(chexbert_folder: Path) -> None:
    chexbert = load_chexbert(chexbert_folder)
    labels = chexbert.label_reports([REFERENCE, CANDIDATE])
    assert [list(row) for row in labels] == [list(FINDINGS)] * 2
    same, other = chexbert.score([REFERENCE, CANDIDATE], [REFERENCE] * 2)
    assert same == pytest.approx(1.0, abs=1e-5)
    assert -1.0 <= other < same


def test_the_whole_of_radcliq(encoder_folder: Path, chexbert_folder: Path, tmp_path: Path) -> None:
    entity = {"tokens": "effusion", "label": "Observation::definitely present", "start_ix": 0, "end_ix": 0}
    modifier = entity | {"tokens": "small", "relations": [["modify", "1"]]}
    graph = {"1": entity | {"relations": []}, "2": modifier}
    rows = [
        {"text": REFERENCE, "entities": graph},
        {"text": CANDIDATE, "entities": {"1": entity | {"relations": []}}},
    ]
    (tmp_path / "graphs.json").write_text(json.dumps(rows), "utf-8")
    radgraph = RadGraphF1(annotations_from_file(tmp_path / "graphs.json"), "radcliq")
    assert radgraph.score([CANDIDATE], [REFERENCE]) == [pytest.approx((2 / 3 + 0) / 2)]
    bertscore = load_bertscore(encoder_folder, layer=1, baseline=0.0)
    metric = RadCliq(radgraph, bertscore, load_chexbert(chexbert_folder))
    perfect, other = metric.score([REFERENCE, CANDIDATE], [REFERENCE] * 2)
    assert perfect == pytest.approx(RADCLIQ_V1(1, 1, 1, 1), abs=1e-4)
    assert other > perfect


def test_ratescore_with_tiny_models(encoder_folder: Path, tmp_path: Path) -> None:
    torch.manual_seed(2)
    labels = ["O", *(f"{mark}-{name}" for name in TYPES for mark in "BI")]
    tagger = config()
    tagger.id2label = dict(enumerate(labels))
    tagger.label2id = {name: index for index, name in enumerate(labels)}
    model = BertForTokenClassification(tagger)
    with torch.no_grad():
        model.classifier.bias[labels.index("B-DISEASE")] += 9.0
    model.save_pretrained(tmp_path)
    tokenizer().save_pretrained(tmp_path)
    metric = load_ratescore(tmp_path, encoder_folder)
    same, other = metric.score([REFERENCE, CANDIDATE], [REFERENCE] * 2)
    assert same == pytest.approx(1.0, abs=1e-5)
    assert 0.0 <= other < 1.0


@pytest.mark.parametrize("load", [load_bertscore, load_chexbert])
def test_absent_weights_are_named_with_their_source(load: object, tmp_path: Path) -> None:
    assert callable(load)
    config().save_pretrained(tmp_path)
    with pytest.raises(
        ScoringError, match=r"model\.safetensors is missing\. It comes from .*(CheXbert|distilroberta)"
    ):
        load(tmp_path)


def test_weights_that_lack_a_head_are_refused(encoder_folder: Path) -> None:
    with pytest.raises(ScoringError, match="lacks"):
        load_chexbert(encoder_folder)
